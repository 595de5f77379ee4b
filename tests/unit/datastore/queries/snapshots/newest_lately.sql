SELECT
  "t3"."case_no",
  "t3"."stage",
  "t3"."reported_at",
  "t3"."deadline_at",
  "t3"."lon",
  "t3"."lat",
  CASE
    WHEN "t3"."stage" >= 70
    THEN 'closed'
    WHEN "t3"."deadline_at" < $as_of
    THEN 'overdue'
    WHEN "t3"."deadline_at" < $due_soon_until
    THEN 'due_soon'
    ELSE 'open'
  END AS "state",
  "t3"."class_id",
  "t3"."source_id",
  "t3"."unit_id",
  "t3"."street_id",
  "t3"."community_id",
  "t3"."building_id"
FROM (
  SELECT
    "t1"."case_id",
    "t1"."case_no",
    "t1"."stage",
    "t1"."reported_at",
    "t1"."deadline_at",
    "t1"."lon",
    "t1"."lat",
    "t1"."class_id",
    "t1"."source_id",
    "t1"."unit_id",
    "t1"."street_id",
    "t1"."community_id",
    "t1"."building_id"
  FROM (
    SELECT
      *
    FROM "cases" AS "t0"
    WHERE
      "t0"."reported_day" >= $first_day
  ) AS "t1"
  ORDER BY
    "t1"."reported_at" DESC,
    "t1"."case_id" DESC
  LIMIT 40
) AS "t3"
