-- Question: How dynamic is the dialogue of each model, dimension by dimension, in the last week of each series?
-- Grain: series x model x variant x phase; official executions. CSD is compared within a phase, so "all" is left out.
-- Cost: weekly_summary (Parquet), ten columns, and executions: well under 1 MB a year.
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
)
SELECT
  series,
  week,
  model,
  variant,
  phase,
  n_runs,
  csd,
  csd_subscores.cr AS context_responsiveness,
  csd_subscores.st AS salience_tracking,
  csd_subscores.rhd AS red_herring_discipline,
  csd_subscores.ap AS adaptive_probing,
  csd_subscores.nvt AS novelty_versus_template,
  csd_subscores.tc AS thread_continuity,
  csd_subscores.ch AS contradiction_handling,
  csd_subscores.ma AS meta_adaptation
FROM latest
WHERE week = last_week AND phase <> 'all'
ORDER BY series, phase, csd DESC, model, variant
