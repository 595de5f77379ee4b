SELECT
  "t9"."reported",
  "t9"."closed",
  "t9"."open",
  "t13"."overdue",
  "t13"."due_soon",
  CAST("t9"."closed" AS DOUBLE) / NULLIF("t9"."reported", 0) AS "closing_rate",
  $today AS "day",
  "t14"."day_reported",
  "t15"."day_closed"
FROM (
  SELECT
    COALESCE(SUM("t2"."n"), 0) AS "reported",
    COALESCE(SUM("t2"."n") FILTER(WHERE
      "t2"."stage" = 70), 0) AS "closed",
    COALESCE(SUM("t2"."n") FILTER(WHERE
      "t2"."stage" < 70), 0) AS "open"
  FROM (
    SELECT
      "t0"."class_id",
      "t0"."lat",
      "t0"."lon",
      "t0"."reported_at",
      "t0"."stage",
      1 AS "n",
      "t0"."reported_at" AS "last_reported_at"
    FROM "cases" AS "t0"
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
        COALESCE(
          "t0"."lon" BETWEEN CAST('116.25' AS DOUBLE) AND CAST('116.5' AS DOUBLE)
          AND "t0"."lat" BETWEEN CAST('39.75' AS DOUBLE) AND CAST('40.0' AS DOUBLE)
          AND (
            (
              (
                CAST((
                  "t0"."lat" >= CAST('39.75' AS DOUBLE)
                )
                AND (
                  "t0"."lat" < CAST('40.0' AS DOUBLE)
                )
                AND (
                  "t0"."lon" < (
                    (
                      "t0"."lat" * CAST('0.0' AS DOUBLE)
                    ) + CAST('116.5' AS DOUBLE)
                  )
                ) AS INT) + CAST((
                  "t0"."lat" >= CAST('39.75' AS DOUBLE)
                )
                AND (
                  "t0"."lat" < CAST('40.0' AS DOUBLE)
                )
                AND (
                  "t0"."lon" < (
                    (
                      "t0"."lat" * CAST('1.0' AS DOUBLE)
                    ) + CAST('76.5' AS DOUBLE)
                  )
                ) AS INT)
              ) % 2
            ) = 1
          ),
          FALSE
        )
      )
  ) AS "t2"
) AS "t9"
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
        COALESCE(
          "t1"."lon" BETWEEN CAST('116.25' AS DOUBLE) AND CAST('116.5' AS DOUBLE)
          AND "t1"."lat" BETWEEN CAST('39.75' AS DOUBLE) AND CAST('40.0' AS DOUBLE)
          AND (
            (
              (
                CAST((
                  "t1"."lat" >= CAST('39.75' AS DOUBLE)
                )
                AND (
                  "t1"."lat" < CAST('40.0' AS DOUBLE)
                )
                AND (
                  "t1"."lon" < (
                    (
                      "t1"."lat" * CAST('0.0' AS DOUBLE)
                    ) + CAST('116.5' AS DOUBLE)
                  )
                ) AS INT) + CAST((
                  "t1"."lat" >= CAST('39.75' AS DOUBLE)
                )
                AND (
                  "t1"."lat" < CAST('40.0' AS DOUBLE)
                )
                AND (
                  "t1"."lon" < (
                    (
                      "t1"."lat" * CAST('1.0' AS DOUBLE)
                    ) + CAST('76.5' AS DOUBLE)
                  )
                ) AS INT)
              ) % 2
            ) = 1
          ),
          FALSE
        )
      )
  ) AS "t5"
) AS "t13"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t6"."n"), 0) AS "day_reported"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t0"."class_id",
        "t0"."lat",
        "t0"."lon",
        "t0"."reported_at",
        "t0"."reported_day",
        "t0"."stage",
        1 AS "n",
        "t0"."reported_at" AS "last_reported_at"
      FROM "cases" AS "t0"
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
          COALESCE(
            "t0"."lon" BETWEEN CAST('116.25' AS DOUBLE) AND CAST('116.5' AS DOUBLE)
            AND "t0"."lat" BETWEEN CAST('39.75' AS DOUBLE) AND CAST('40.0' AS DOUBLE)
            AND (
              (
                (
                  CAST((
                    "t0"."lat" >= CAST('39.75' AS DOUBLE)
                  )
                  AND (
                    "t0"."lat" < CAST('40.0' AS DOUBLE)
                  )
                  AND (
                    "t0"."lon" < (
                      (
                        "t0"."lat" * CAST('0.0' AS DOUBLE)
                      ) + CAST('116.5' AS DOUBLE)
                    )
                  ) AS INT) + CAST((
                    "t0"."lat" >= CAST('39.75' AS DOUBLE)
                  )
                  AND (
                    "t0"."lat" < CAST('40.0' AS DOUBLE)
                  )
                  AND (
                    "t0"."lon" < (
                      (
                        "t0"."lat" * CAST('1.0' AS DOUBLE)
                      ) + CAST('76.5' AS DOUBLE)
                    )
                  ) AS INT)
                ) % 2
              ) = 1
            ),
            FALSE
          )
        )
    ) AS "t3"
    WHERE
      "t3"."reported_day" = $today
  ) AS "t6"
) AS "t14"
CROSS JOIN (
  SELECT
    COALESCE(SUM("t7"."n"), 0) AS "day_closed"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t0"."class_id",
        "t0"."closed_day",
        "t0"."lat",
        "t0"."lon",
        "t0"."reported_at",
        1 AS "n"
      FROM "cases" AS "t0"
      WHERE
        "t0"."stage" = 70
        AND "t0"."closed_day" IS NOT NULL
        AND (
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
            COALESCE(
              "t0"."lon" BETWEEN CAST('116.25' AS DOUBLE) AND CAST('116.5' AS DOUBLE)
              AND "t0"."lat" BETWEEN CAST('39.75' AS DOUBLE) AND CAST('40.0' AS DOUBLE)
              AND (
                (
                  (
                    CAST((
                      "t0"."lat" >= CAST('39.75' AS DOUBLE)
                    )
                    AND (
                      "t0"."lat" < CAST('40.0' AS DOUBLE)
                    )
                    AND (
                      "t0"."lon" < (
                        (
                          "t0"."lat" * CAST('0.0' AS DOUBLE)
                        ) + CAST('116.5' AS DOUBLE)
                      )
                    ) AS INT) + CAST((
                      "t0"."lat" >= CAST('39.75' AS DOUBLE)
                    )
                    AND (
                      "t0"."lat" < CAST('40.0' AS DOUBLE)
                    )
                    AND (
                      "t0"."lon" < (
                        (
                          "t0"."lat" * CAST('1.0' AS DOUBLE)
                        ) + CAST('76.5' AS DOUBLE)
                      )
                    ) AS INT)
                  ) % 2
                ) = 1
              ),
              FALSE
            )
          )
        )
    ) AS "t4"
    WHERE
      "t4"."closed_day" = $today
  ) AS "t7"
) AS "t15"
