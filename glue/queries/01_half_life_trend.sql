-- Question: How has the half-life of each model moved over the last twelve weeks of its series?
-- Grain: series x model x variant x phase x week; official executions. A new measure (see measure) is a seam, not a change.
-- Cost: weekly_summary (Parquet), all weeks of a few columns, and executions: well under 1 MB a year.
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
)
SELECT
  series,
  model,
  variant,
  phase,
  week,
  substr(measure_sha256, 1, 8) AS measure,
  n_runs,
  coverage_frac,
  rmst_turns,
  rmst_ci_low,
  rmst_ci_high,
  km_median_turn,
  survived_frac,
  wow_rmst_delta
FROM numbered
WHERE weeks_ago <= 12
ORDER BY series, model, variant, phase, week
