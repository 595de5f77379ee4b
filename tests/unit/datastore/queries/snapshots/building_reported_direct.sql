SELECT
  "t4"."building_id",
  1 AS "n"
FROM (
  SELECT
    *
  FROM (
    SELECT
      *
    FROM "cases" AS "t0"
    WHERE
      "t0"."building_id" IS NOT NULL
  ) AS "t3"
  WHERE
    (
      "t3"."class_id" IN (85, 86)
      AND (
        (
          "t3"."reported_at" >= MAKE_TIMESTAMP(2026, 1, 1, 1, 0, 0.0)
        )
        AND (
          "t3"."reported_at" < MAKE_TIMESTAMP(2026, 1, 1, 2, 0, 0.0)
        )
      )
    )
    OR NOT (
      COALESCE(
        "t3"."case_id" IN (
          SELECT
            *
          FROM "inside_6ae991a78fc177af7858a294" AS "t1"
        ),
        FALSE
      )
    )
) AS "t4"
