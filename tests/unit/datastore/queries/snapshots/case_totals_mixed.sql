WITH "t3" AS (
  SELECT
    *
  FROM "case_by_day" AS "t0"
  WHERE
    NOT (
      COALESCE("t0"."street_id" IN (11), FALSE)
    )
    AND NOT (
      COALESCE("t0"."source_id" IN (2), FALSE)
    )
    AND "t0"."stage" IN (10, 15, 20, 30, 35, 40, 50, 60)
    AND "t0"."reported_day" >= MAKE_DATE(2026, 1, 2)
    AND "t0"."reported_day" < MAKE_DATE(2026, 2, 2)
)
SELECT
  "t11"."reported",
  "t11"."closed",
  "t11"."open",
  "t12"."overdue",
  "t12"."due_soon",
  CAST("t11"."closed" AS DOUBLE) / NULLIF("t11"."reported", 0) AS "closing_rate",
  $today AS "day",
  "t16"."day_reported",
  "t15"."day_closed"
FROM (
  SELECT
    COALESCE(SUM("t6"."n"), 0) AS "reported",
    COALESCE(SUM("t6"."n") FILTER(WHERE
      "t6"."stage" = 70), 0) AS "closed",
    COALESCE(SUM("t6"."n") FILTER(WHERE
      "t6"."stage" < 70), 0) AS "open"
  FROM "t3" AS "t6"
) AS "t11"
CROSS JOIN (
  SELECT
    COUNT(*) FILTER(WHERE
      "t4"."deadline_at" < $as_of) AS "overdue",
    COUNT(*) FILTER(WHERE
      NOT (
        "t4"."deadline_at" < $as_of
      )
      AND (
        "t4"."deadline_at" < $due_soon_until
      )) AS "due_soon"
  FROM (
    SELECT
      *
    FROM "open_case" AS "t1"
    WHERE
      NOT (
        COALESCE("t1"."street_id" IN (11), FALSE)
      )
      AND NOT (
        COALESCE("t1"."source_id" IN (2), FALSE)
      )
      AND "t1"."stage" IN (10, 15, 20, 30, 35, 40, 50, 60)
      AND "t1"."reported_day" >= MAKE_DATE(2026, 1, 2)
      AND "t1"."reported_day" < MAKE_DATE(2026, 2, 2)
  ) AS "t4"
) AS "t12"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t8"."n"), 0) AS "day_reported"
  FROM (
    SELECT
      *
    FROM "t3" AS "t6"
    WHERE
      "t6"."reported_day" = $today
  ) AS "t8"
) AS "t16"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t7"."n"), 0) AS "day_closed"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t2"."closed_day",
        "t2"."reported_day",
        "t2"."source_id",
        "t2"."stage",
        "t2"."street_id",
        1 AS "n"
      FROM "cases" AS "t2"
      WHERE
        "t2"."stage" = 70
        AND "t2"."closed_day" IS NOT NULL
        AND NOT (
          COALESCE("t2"."street_id" IN (11), FALSE)
        )
        AND NOT (
          COALESCE("t2"."source_id" IN (2), FALSE)
        )
        AND "t2"."stage" IN (10, 15, 20, 30, 35, 40, 50, 60)
        AND "t2"."reported_day" >= MAKE_DATE(2026, 1, 2)
        AND "t2"."reported_day" < MAKE_DATE(2026, 2, 2)
    ) AS "t5"
    WHERE
      "t5"."closed_day" = $today
  ) AS "t7"
) AS "t15"
