-- Question: What changed between the last two weeks of each series that were measured alike?
-- Grain: series x model x variant x phase of the last week, beside the week before it under the same measure.
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
paired AS (
  SELECT
    w.series,
    w.model,
    w.variant,
    w.phase,
    w.week,
    max(w.week) OVER (PARTITION BY w.series) AS last_week,
    lag(w.week) OVER same AS week_before,
    w.n_runs,
    w.rmst_turns,
    w.rmst_turns - lag(w.rmst_turns) OVER same AS rmst_change_turns,
    w.wow_rmst_delta,
    w.wow_rmst_ci_low,
    w.wow_rmst_ci_high,
    w.compliance_rate,
    w.compliance_rate - lag(w.compliance_rate) OVER same AS compliance_change,
    w.wow_compliance_delta,
    w.wow_compliance_ci_low,
    w.wow_compliance_ci_high,
    w.mean_score,
    w.mean_score - lag(w.mean_score) OVER same AS score_change_pts,
    w.cost_per_run_usd,
    w.cost_per_run_usd - lag(w.cost_per_run_usd) OVER same AS cost_change_usd
  FROM weekly_summary AS w
  JOIN official AS o ON o.execution_id = w.execution_id
  WINDOW same AS (PARTITION BY w.series, w.measure_sha256, w.model, w.variant, w.phase ORDER BY w.week)
)
SELECT *
FROM paired
WHERE week = last_week
ORDER BY series, rmst_change_turns, model, variant, phase
