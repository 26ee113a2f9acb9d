-- Question: Does the judge still mark the golden set as the experts do, and has it moved since the week before?
-- Grain: series x golden set x judge x week; official executions.
-- Cost: canary_items (JSON), some 300 rows of 1 KB a week: 16 MB a year.
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
weeks AS (
  SELECT
    c.series,
    c.golden_set,
    c.judge_model,
    c.week,
    substr(c.measure_sha256, 1, 8) AS measure,
    count(*) AS n_items,
    count(c.judge_score) AS n_judged,
    avg(abs(c.deviation_pts)) AS mae_pts,
    avg(c.deviation_pts) AS bias_pts,
    stddev_samp(c.deviation_pts) AS deviation_sd_pts
  FROM canary_items AS c
  JOIN official AS o ON o.execution_id = c.execution_id
  WHERE c.item_id IS NOT NULL
  GROUP BY c.series, c.golden_set, c.judge_model, c.week, c.measure_sha256
)
SELECT
  weeks.*,
  mae_pts - lag(mae_pts) OVER (PARTITION BY series, golden_set, judge_model, measure ORDER BY week) AS mae_change_pts,
  bias_pts - lag(bias_pts) OVER (PARTITION BY series, golden_set, judge_model, measure ORDER BY week) AS bias_change_pts
FROM weeks
ORDER BY series, golden_set, judge_model, week
