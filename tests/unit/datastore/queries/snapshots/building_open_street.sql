SELECT
  "t1"."building_id",
  CAST(COALESCE("t1"."deadline_at" < $as_of, FALSE) AS UTINYINT) AS "overdue"
FROM (
  SELECT
    *
  FROM "open_case" AS "t0"
  WHERE
    "t0"."street_id" IN (11) AND "t0"."building_id" IS NOT NULL
) AS "t1"
