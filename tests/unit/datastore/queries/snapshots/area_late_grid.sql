SELECT
  "t0"."grid_id" AS "area_id",
  COUNT(*) FILTER(WHERE
    "t0"."deadline_at" < $as_of) AS "overdue",
  COUNT(*) FILTER(WHERE
    NOT (
      "t0"."deadline_at" < $as_of
    )
    AND (
      "t0"."deadline_at" < $due_soon_until
    )) AS "due_soon"
FROM "open_case" AS "t0"
GROUP BY
  1
