-- Question: Which share of runs still tutors at each turn, in the last week of each series?
-- Grain: series x model x variant x phase x turn; official executions. Survival before the first point is 1.
-- Cost: weekly_summary (Parquet), one list column, and executions: well under 1 MB a year.
WITH official AS (
  SELECT execution_id
  FROM (
    SELECT
      execution_id,
      row_number() OVER (
        PARTITION BY series, week
        ORDER BY from_iso8601_timestamp(ended_at) DESC, execution_id DESC
      ) AS place
    FROM executions
    WHERE state = 'finished'
  ) AS finished
  WHERE place = 1
),
latest AS (
  SELECT w.*, max(w.week) OVER (PARTITION BY w.series) AS last_week
  FROM weekly_summary AS w
  JOIN official AS o ON o.execution_id = w.execution_id
),
points AS (
  SELECT
    l.series,
    l.week,
    l.model,
    l.variant,
    l.phase,
    element_at(l.survival_curve, p.i) AS point
  FROM latest AS l
  CROSS JOIN UNNEST(sequence(1, greatest(cardinality(l.survival_curve), 1))) AS p (i)
  WHERE l.week = l.last_week
)
SELECT
  series,
  week,
  model,
  variant,
  phase,
  point.turn AS turn,
  point.survival AS survival,
  point.at_risk AS at_risk,
  point.events AS events
FROM points
WHERE point.turn IS NOT NULL
ORDER BY series, model, variant, phase, turn
