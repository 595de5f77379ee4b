SELECT
  "t0"."building_id",
  "t0"."n"
FROM "case_by_building" AS "t0"
