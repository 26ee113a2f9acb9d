-- Question: What does each model cost, by what for, and how much of it is retries and re-paid calls?
-- Grain: series x week x model x component; every execution, because money was spent whether it became official or not.
-- Cost: ledger (JSON), one row a call of about 350 bytes: 15,000 calls a week make 270 MB a year. Add WHERE l.week = '...'.
SELECT
  e.series,
  l.week,
  l.model,
  l.component,
  count(*) AS n_calls,
  count_if(l.attempt > 1) AS n_retries,
  count_if(l.is_estimated) AS n_estimated,
  sum(l.input_tokens) AS input_tokens,
  sum(l.cache_read_tokens) AS cache_read_tokens,
  sum(l.cache_write_tokens) AS cache_write_tokens,
  sum(l.output_tokens) AS output_tokens,
  sum(l.cost_usd) AS cost_usd,
  sum(CASE WHEN l.is_estimated THEN l.cost_usd ELSE 0 END) AS estimated_cost_usd
FROM ledger AS l
JOIN executions AS e ON e.execution_id = l.execution_id
WHERE e.state IS NOT NULL
GROUP BY e.series, l.week, l.model, l.component
ORDER BY e.series, l.week, cost_usd DESC, l.model, l.component
