SELECT
  *
FROM (
  SELECT
    "t10"."source_id",
    "t10"."code",
    "t10"."name_zh",
    "t10"."name_en",
    "t10"."proactive",
    COALESCE("t10"."reported", 0) AS "reported",
    COALESCE("t10"."closed", 0) AS "closed",
    "t10"."last_reported_at",
    COALESCE("t5"."feed_records", 0) AS "feed_records"
  FROM (
    SELECT
      "t8".*
      EXCLUDE ("source_id_right")
    FROM (
      SELECT
        "t3"."source_id",
        "t3"."code",
        "t3"."name_zh",
        "t3"."name_en",
        "t3"."proactive",
        "t7"."source_id" AS "source_id_right",
        "t7"."reported",
        "t7"."closed",
        "t7"."last_reported_at"
      FROM "case_source" AS "t3"
      LEFT OUTER JOIN (
        SELECT
          "t2"."source_id",
          COALESCE(SUM("t2"."n"), 0) AS "reported",
          COALESCE(SUM("t2"."n") FILTER(WHERE
            "t2"."stage" = 70), 0) AS "closed",
          MAX("t2"."last_reported_at") AS "last_reported_at"
        FROM "case_by_community" AS "t2"
        GROUP BY
          1
      ) AS "t7"
        ON "t3"."source_id" = "t7"."source_id"
    ) AS "t8"
  ) AS "t10"
  LEFT OUTER JOIN (
    SELECT
      "t0"."source_id",
      COUNT(*) AS "feed_records"
    FROM "feed_record" AS "t0"
    GROUP BY
      1
  ) AS "t5"
    ON "t10"."source_id" = "t5"."source_id"
) AS "t11"
ORDER BY
  "t11"."source_id" ASC
