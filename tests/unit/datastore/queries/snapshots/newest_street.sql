SELECT
  "t2"."case_no",
  "t2"."stage",
  "t2"."reported_at",
  "t2"."deadline_at",
  "t2"."lon",
  "t2"."lat",
  CASE
    WHEN "t2"."stage" >= 70
    THEN 'closed'
    WHEN "t2"."deadline_at" < $as_of
    THEN 'overdue'
    WHEN "t2"."deadline_at" < $due_soon_until
    THEN 'due_soon'
    ELSE 'open'
  END AS "state",
  "t2"."class_id",
  "t2"."source_id",
  "t2"."unit_id",
  "t2"."street_id",
  "t2"."community_id",
  "t2"."building_id"
FROM (
  SELECT
    "t0"."case_id",
    "t0"."case_no",
    "t0"."stage",
    "t0"."reported_at",
    "t0"."deadline_at",
    "t0"."lon",
    "t0"."lat",
    "t0"."class_id",
    "t0"."source_id",
    "t0"."unit_id",
    "t0"."street_id",
    "t0"."community_id",
    "t0"."building_id"
  FROM "cases" AS "t0"
  WHERE
    "t0"."street_id" IN (11)
  ORDER BY
    "t0"."reported_at" DESC,
    "t0"."case_id" DESC
  LIMIT 40
) AS "t2"
