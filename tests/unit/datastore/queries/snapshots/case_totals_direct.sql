WITH "t3" AS (
  SELECT
    *
  FROM "inside_6ae991a78fc177af7858a294" AS "t2"
), "t7" AS (
  SELECT
    *
  FROM "cases" AS "t1"
  WHERE
    (
      "t1"."class_id" IN (85, 86)
      AND (
        (
          "t1"."reported_at" >= MAKE_TIMESTAMP(2026, 1, 1, 1, 0, 0.0)
        )
        AND (
          "t1"."reported_at" < MAKE_TIMESTAMP(2026, 1, 1, 2, 0, 0.0)
        )
      )
    )
    OR NOT (
      COALESCE("t1"."case_id" IN (
        SELECT
          *
        FROM "t3"
      ), FALSE)
    )
)
SELECT
  "t18"."reported",
  "t18"."closed",
  "t18"."open",
  "t16"."overdue",
  "t16"."due_soon",
  CAST("t18"."closed" AS DOUBLE) / NULLIF("t18"."reported", 0) AS "closing_rate",
  $today AS "day",
  "t22"."day_reported",
  "t21"."day_closed"
FROM (
  SELECT
    COALESCE(SUM("t11"."n"), 0) AS "reported",
    COALESCE(SUM("t11"."n") FILTER(WHERE
      "t11"."stage" = 70), 0) AS "closed",
    COALESCE(SUM("t11"."n") FILTER(WHERE
      "t11"."stage" < 70), 0) AS "open"
  FROM (
    SELECT
      "t9"."case_id",
      "t9"."class_id",
      "t9"."reported_at",
      "t9"."stage",
      1 AS "n",
      "t9"."reported_at" AS "last_reported_at"
    FROM "t7" AS "t9"
  ) AS "t11"
) AS "t18"
CROSS JOIN (
  SELECT
    COUNT(*) FILTER(WHERE
      "t6"."deadline_at" < $as_of) AS "overdue",
    COUNT(*) FILTER(WHERE
      NOT (
        "t6"."deadline_at" < $as_of
      )
      AND (
        "t6"."deadline_at" < $due_soon_until
      )) AS "due_soon"
  FROM (
    SELECT
      *
    FROM "open_case" AS "t0"
    WHERE
      (
        "t0"."class_id" IN (85, 86)
        AND (
          (
            "t0"."reported_at" >= MAKE_TIMESTAMP(2026, 1, 1, 1, 0, 0.0)
          )
          AND (
            "t0"."reported_at" < MAKE_TIMESTAMP(2026, 1, 1, 2, 0, 0.0)
          )
        )
      )
      OR NOT (
        COALESCE("t0"."case_id" IN (
          SELECT
            *
          FROM "t3"
        ), FALSE)
      )
  ) AS "t6"
) AS "t16"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t15"."n"), 0) AS "day_reported"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t9"."case_id",
        "t9"."class_id",
        "t9"."reported_at",
        "t9"."reported_day",
        "t9"."stage",
        1 AS "n",
        "t9"."reported_at" AS "last_reported_at"
      FROM "t7" AS "t9"
    ) AS "t12"
    WHERE
      "t12"."reported_day" = $today
  ) AS "t15"
) AS "t22"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t13"."n"), 0) AS "day_closed"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t8"."case_id",
        "t8"."class_id",
        "t8"."closed_day",
        "t8"."reported_at",
        1 AS "n"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            *
          FROM "cases" AS "t1"
          WHERE
            "t1"."stage" = 70 AND "t1"."closed_day" IS NOT NULL
        ) AS "t4"
        WHERE
          (
            "t4"."class_id" IN (85, 86)
            AND (
              (
                "t4"."reported_at" >= MAKE_TIMESTAMP(2026, 1, 1, 1, 0, 0.0)
              )
              AND (
                "t4"."reported_at" < MAKE_TIMESTAMP(2026, 1, 1, 2, 0, 0.0)
              )
            )
          )
          OR NOT (
            COALESCE("t4"."case_id" IN (
              SELECT
                *
              FROM "t3"
            ), FALSE)
          )
      ) AS "t8"
    ) AS "t10"
    WHERE
      "t10"."closed_day" = $today
  ) AS "t13"
) AS "t21"
