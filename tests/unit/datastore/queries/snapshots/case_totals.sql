SELECT
  "t7"."reported",
  "t7"."closed",
  "t7"."open",
  "t9"."overdue",
  "t9"."due_soon",
  CAST("t7"."closed" AS DOUBLE) / NULLIF("t7"."reported", 0) AS "closing_rate",
  $today AS "day",
  "t12"."day_reported",
  "t13"."day_closed"
FROM (
  SELECT
    COALESCE(SUM("t0"."n"), 0) AS "reported",
    COALESCE(SUM("t0"."n") FILTER(WHERE
      "t0"."stage" = 70), 0) AS "closed",
    COALESCE(SUM("t0"."n") FILTER(WHERE
      "t0"."stage" < 70), 0) AS "open"
  FROM "case_by_community" AS "t0"
) AS "t7"
CROSS JOIN (
  SELECT
    COUNT(*) FILTER(WHERE
      "t1"."deadline_at" < $as_of) AS "overdue",
    COUNT(*) FILTER(WHERE
      NOT (
        "t1"."deadline_at" < $as_of
      )
      AND (
        "t1"."deadline_at" < $due_soon_until
      )) AS "due_soon"
  FROM "open_case" AS "t1"
) AS "t9"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t4"."n"), 0) AS "day_reported"
  FROM (
    SELECT
      *
    FROM "case_by_day" AS "t2"
    WHERE
      "t2"."reported_day" = $today
  ) AS "t4"
) AS "t12"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t5"."n"), 0) AS "day_closed"
  FROM (
    SELECT
      *
    FROM "case_by_closed_day" AS "t3"
    WHERE
      "t3"."closed_day" = $today
  ) AS "t5"
) AS "t13"
