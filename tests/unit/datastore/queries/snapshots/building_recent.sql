SELECT
  "t2"."building_id",
  "t2"."n"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."building_id",
      "t0"."reported_day",
      1 AS "n"
    FROM "cases" AS "t0"
    WHERE
      "t0"."building_id" IS NOT NULL
  ) AS "t1"
  WHERE
    "t1"."reported_day" BETWEEN $first_day AND $today
) AS "t2"
