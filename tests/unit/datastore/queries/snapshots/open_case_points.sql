SELECT
  "t2"."lon",
  "t2"."lat",
  CAST(CASE
    WHEN "t2"."deadline_at" < $as_of
    THEN 2
    WHEN "t2"."deadline_at" < $due_soon_until
    THEN 1
    ELSE 0
  END AS UTINYINT) AS "state",
  "t2"."case_no",
  "t2"."class_id"
FROM (
  SELECT
    *
  FROM "open_case" AS "t0"
  WHERE
    "t0"."lon" IS NOT NULL AND "t0"."lat" IS NOT NULL
  ORDER BY
    "t0"."deadline_at" ASC,
    "t0"."case_id" ASC
  LIMIT 5000
) AS "t2"
