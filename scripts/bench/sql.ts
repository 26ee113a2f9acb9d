import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { measureCommand, measureProcess } from './measure-process.ts';
import { shortTurns, writeOverlay } from './overlay.ts';
import { processPath } from './processes.ts';
import type { SqlReport, SqlRequest } from './processes/sql.ts';

const WEEKS = 12;
const LAST_WEEK = 47;

/** Half-life by model and week, from the turns themselves. */
const TREND = `
  SELECT series, model, phase, week, count(DISTINCT run_id) AS n_runs,
    avg(coalesce(half_life_turn, n_turns)) FILTER (WHERE turn_index = 1) AS half_life_turn, avg(score) AS score
  FROM turns_curated GROUP BY series, model, phase, week ORDER BY series, model, phase, week`;

/** The 12-week half-life trend over 86,400 turns, through the lake's views and typed into DuckDB. */
export const sqlBench: Bench = {
  name: 'sql',
  async run({ folder, log }) {
    const config = writeOverlay(join(folder, 'config'), {
      profiles: (shipped) => ({ short: shortTurns(shipped, 4) }),
    });
    const lake = join(folder, 'lake');
    for (let week = LAST_WEEK - WEEKS + 1; week <= LAST_WEEK; week += 1) {
      log(`making week ${week}`);
      const selectors = ['--profile', 'short', '--week', `2026-W${week}`];
      await measureCommand(['run', ...selectors, '--config', config, '--lake', lake]);
    }
    const request: SqlRequest = {
      lake,
      sql: TREND,
      table: 'turns_curated',
      typed: `read_parquet('${join(lake, 'curated', 'turns')}/*/*.parquet', hive_partitioning = true)`,
    };
    const { stdout } = await measureProcess([await processPath('sql'), JSON.stringify(request)]);
    const { product_ms, typed_ms, first_ms } = JSON.parse(stdout) as SqlReport;
    return [
      { what: '12-week trend over 86,400 turns', measured: product_ms, unit: 'ms', at_most: 300 },
      {
        what: 'the same against typed into DuckDB',
        measured: product_ms / typed_ms,
        unit: '×',
        at_most: 1.3,
      },
      { what: 'the same with opening DuckDB and the lake', measured: first_ms, unit: 'ms', at_most: null },
    ];
  },
};
