SELECT
  "t2"."grid_id" AS "area_id",
  SUM("t2"."n") AS "recent"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."grid_id",
      "t0"."reported_day",
      "t0"."stage",
      1 AS "n",
      "t0"."reported_at" AS "last_reported_at"
    FROM "cases" AS "t0"
  ) AS "t1"
  WHERE
    "t1"."reported_day" BETWEEN $first_day AND $today
) AS "t2"
GROUP BY
  1
