-- Question: Which dialogues of the last week fell apart first, and where in the lake is the turn at which they did?
-- Grain: one run; the 20 with the shortest half-life of each series; official executions.
-- Cost: runs (JSON), all summaries of the lake, about 5 KB each. Add AND r.dt = '2026-11-16' to read one week.
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
  SELECT r.*, max(r.week) OVER (PARTITION BY r.series) AS last_week
  FROM runs AS r
  JOIN official AS o ON o.execution_id = r.execution_id
),
placed AS (
  SELECT
    latest.*,
    row_number() OVER (PARTITION BY series ORDER BY half_life_turn, mean_score, run_id) AS place
  FROM latest
  WHERE week = last_week AND half_life_turn IS NOT NULL
)
SELECT
  series,
  week,
  place,
  model,
  variant,
  phase,
  temperature,
  seed_id,
  repeat,
  half_life_turn,
  first_violation_turn,
  mean_score,
  compliance_rate,
  run_id,
  concat('judged/dt=', dt, '/model=', model, '/phase=', phase, '/', run_id, '.jsonl') AS turns_key,
  half_life_turn AS turns_line
FROM placed
WHERE place <= 20
ORDER BY series, place
