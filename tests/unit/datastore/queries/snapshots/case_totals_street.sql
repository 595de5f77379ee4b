SELECT
  "t11"."reported",
  "t11"."closed",
  "t11"."open",
  "t13"."overdue",
  "t13"."due_soon",
  CAST("t11"."closed" AS DOUBLE) / NULLIF("t11"."reported", 0) AS "closing_rate",
  $today AS "day",
  "t16"."day_reported",
  "t17"."day_closed"
FROM (
  SELECT
    COALESCE(SUM("t4"."n"), 0) AS "reported",
    COALESCE(SUM("t4"."n") FILTER(WHERE
      "t4"."stage" = 70), 0) AS "closed",
    COALESCE(SUM("t4"."n") FILTER(WHERE
      "t4"."stage" < 70), 0) AS "open"
  FROM (
    SELECT
      *
    FROM "case_by_community" AS "t0"
    WHERE
      "t0"."street_id" IN (11)
  ) AS "t4"
) AS "t11"
CROSS JOIN (
  SELECT
    COUNT(*) FILTER(WHERE
      "t5"."deadline_at" < $as_of) AS "overdue",
    COUNT(*) FILTER(WHERE
      NOT (
        "t5"."deadline_at" < $as_of
      )
      AND (
        "t5"."deadline_at" < $due_soon_until
      )) AS "due_soon"
  FROM (
    SELECT
      *
    FROM "open_case" AS "t1"
    WHERE
      "t1"."street_id" IN (11)
  ) AS "t5"
) AS "t13"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t8"."n"), 0) AS "day_reported"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        *
      FROM "case_by_day" AS "t2"
      WHERE
        "t2"."street_id" IN (11)
    ) AS "t6"
    WHERE
      "t6"."reported_day" = $today
  ) AS "t8"
) AS "t16"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t9"."n"), 0) AS "day_closed"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        *
      FROM "case_by_closed_day" AS "t3"
      WHERE
        "t3"."street_id" IN (11)
    ) AS "t7"
    WHERE
      "t7"."closed_day" = $today
  ) AS "t9"
) AS "t17"
