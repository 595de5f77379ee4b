SELECT
  "t1"."community_id" AS "area_id",
  COALESCE(SUM("t1"."n"), 0) AS "reported",
  COALESCE(SUM("t1"."n") FILTER(WHERE
    "t1"."stage" = 70), 0) AS "closed",
  COALESCE(SUM("t1"."n") FILTER(WHERE
    "t1"."stage" < 70), 0) AS "open"
FROM (
  SELECT
    *
  FROM "case_by_community" AS "t0"
  WHERE
    "t0"."street_id" IN (11)
) AS "t1"
GROUP BY
  1
