SELECT
  *
FROM (
  SELECT
    "t13"."day",
    COALESCE("t13"."reported", 0) AS "reported",
    COALESCE("t7"."closed", 0) AS "closed"
  FROM (
    SELECT
      "t11"."day",
      "t11"."reported"
    FROM (
      SELECT
        "t10"."day",
        "t8"."day" AS "day_right",
        "t8"."reported"
      FROM (
        SELECT
          $first_day + TO_DAYS("t4"."place") AS "day"
        FROM (
          SELECT
            UNNEST(RANGE(0, 90, 1)) AS "place"
        ) AS "t4"
      ) AS "t10"
      LEFT OUTER JOIN (
        SELECT
          "t3"."reported_day" AS "day",
          SUM("t3"."n") AS "reported"
        FROM (
          SELECT
            *
          FROM "case_by_day" AS "t1"
          WHERE
            "t1"."reported_day" BETWEEN $first_day AND $today
        ) AS "t3"
        GROUP BY
          1
      ) AS "t8"
        ON "t10"."day" = "t8"."day"
    ) AS "t11"
  ) AS "t13"
  LEFT OUTER JOIN (
    SELECT
      "t2"."closed_day" AS "day",
      SUM("t2"."n") AS "closed"
    FROM (
      SELECT
        *
      FROM "case_by_closed_day" AS "t0"
      WHERE
        "t0"."closed_day" BETWEEN $first_day AND $today
    ) AS "t2"
    GROUP BY
      1
  ) AS "t7"
    ON "t13"."day" = "t7"."day"
) AS "t14"
ORDER BY
  "t14"."day" ASC
