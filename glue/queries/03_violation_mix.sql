-- Question: What do models do wrong, and how often per 100 turns, over the last twelve weeks?
-- Grain: series x model x variant x phase x week x violation that occurred; official executions.
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
numbered AS (
  SELECT w.*, dense_rank() OVER (PARTITION BY w.series ORDER BY w.week DESC) AS weeks_ago
  FROM weekly_summary AS w
  JOIN official AS o ON o.execution_id = w.execution_id
),
mix AS (
  SELECT
    n.series,
    n.model,
    n.variant,
    n.phase,
    n.week,
    n.n_scored_turns,
    element_at(n.violations_per_100_turns, p.i) AS entry
  FROM numbered AS n
  CROSS JOIN UNNEST(sequence(1, greatest(cardinality(n.violations_per_100_turns), 1))) AS p (i)
  WHERE n.weeks_ago <= 12
)
SELECT
  series,
  model,
  variant,
  phase,
  week,
  n_scored_turns,
  entry.violation AS violation,
  entry.per_100 AS per_100_turns
FROM mix
WHERE entry.per_100 > 0
ORDER BY series, model, variant, phase, week, per_100_turns DESC, violation
