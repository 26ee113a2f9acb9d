-- Question: Where do the judge, the second judge and the heuristics disagree?
-- Grain: series x week x model x phase; judged turns of official executions. Differences in points of 0-10.
-- Cost: turns_curated (Parquet), the columns judge, secondary_judge and heuristic: about 2 MB a week of 7,200 turns.
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
  t.series,
  t.week,
  t.model,
  t.phase,
  count(*) AS n_judged_turns,
  avg(t.judge.score - t.heuristic.score) AS mean_difference_pts,
  avg(abs(t.judge.score - t.heuristic.score)) AS mean_distance_pts,
  avg(CASE WHEN abs(t.judge.score - t.heuristic.score) > 2 THEN 1e0 ELSE 0e0 END) AS split_frac,
  avg(abs(t.judge.form_pts - t.heuristic.form_pts)) AS form_distance_pts,
  avg(abs(t.judge.substance_pts - t.heuristic.substance_pts)) AS substance_distance_pts,
  avg(abs(t.judge.purity_pts - t.heuristic.purity_pts)) AS purity_distance_pts,
  count(t.secondary_judge.score) AS n_twice_judged_turns,
  avg(abs(t.judge.score - t.secondary_judge.score)) AS second_judge_distance_pts
FROM turns_curated AS t
JOIN official AS o ON o.execution_id = t.execution_id
WHERE t.judge IS NOT NULL
GROUP BY t.series, t.week, t.model, t.phase
ORDER BY t.series, t.week, t.model, t.phase
