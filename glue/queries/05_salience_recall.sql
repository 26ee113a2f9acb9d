-- Question: Do models keep the points that matter in play, and does that fade as the context grows?
-- Grain: series x model x variant x phase x week; official executions, scored runs.
-- Cost: runs (JSON), all summaries of the lake, about 5 KB each: 180 runs a week make 50 MB a year.
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
)
SELECT
  r.series,
  r.model,
  r.variant,
  r.phase,
  r.week,
  count(*) AS n_runs,
  count(r.salience_recall_at_3) AS n_runs_with_recall,
  avg(r.salience_recall_at_3) AS mean_recall_at_3,
  approx_percentile(r.salience_recall_at_3, 0.5) AS median_recall_at_3,
  avg(r.csd_subscores.st) AS mean_salience_tracking
FROM runs AS r
JOIN official AS o ON o.execution_id = r.execution_id
WHERE r.n_scored_turns > 0
GROUP BY r.series, r.model, r.variant, r.phase, r.week
ORDER BY r.series, r.model, r.variant, r.phase, r.week
