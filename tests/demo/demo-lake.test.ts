import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { createFileStore } from '../../adapters/local/file-store.ts';
import { listExecutions } from '../../cli/host/local-lake.ts';
import { reindexDashboard } from '../../core/tasks/reindex-dashboard.ts';
import * as data from '../../schemas/dashboard-data.ts';
import { DASHBOARD_FILES, trendRows } from '../../schemas/dashboard-files.ts';
import * as runs from '../../schemas/dashboard-runs.ts';
import { executionSummarySchema } from '../../schemas/execution-summary.ts';
import { buildDemo, type DemoWeek } from '../../scripts/demo/build-demo.ts';

const SERIES = 'weekly-demo';
const lake = mkdtempSync(join(tmpdir(), 'socratic-demo-'));
const root = join(lake, 'dashboard', 'data');
let weeks: DemoWeek[];

beforeAll(async () => {
  weeks = await buildDemo({ lake, size: 'small' });
}, 300_000);
afterAll(() => rmSync(lake, { recursive: true, force: true }));

/** Which schema a file of the site has, by its path. */
const CONTRACT: readonly (readonly [RegExp, z.ZodType])[] = [
  [/^index\.json$/, data.indexFileSchema],
  [/^alerts\.json$/, data.alertsFileSchema],
  [/^methods\.json$/, data.methodsFileSchema],
  [/^local\.json$/, data.localFileSchema],
  [/^executions\/[^/]+\.json$/, executionSummarySchema],
  [/^trends\/[^/]+\.json$/, data.trendsFileSchema],
  [/^models\/[^/]+\/[^/]+\.json$/, data.modelTrendFileSchema],
  [/^runs\/[^/]+\.json$/, runs.runsFileSchema],
  [/^transcripts\/[^/]+\.json$/, runs.transcriptFileSchema],
  [/^canary\/[^/]+\.json$/, runs.canaryFileSchema],
  [/^manifests\/[^/]+\.json$/, data.manifestFileSchema],
];

function files(): Map<string, string> {
  const entries = readdirSync(root, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.sort().map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')] as const),
  );
}
function read<T extends z.ZodType>(path: string, schema: T): z.output<T> {
  return schema.parse(JSON.parse(readFileSync(join(root, path), 'utf8')));
}
/** Paths of what a parse dropped or changed. */
function unnamed(value: unknown, parsed: unknown): string[] {
  if (value === null || typeof value !== 'object') return Object.is(value, parsed) ? [] : [''];
  const other = parsed as Readonly<Record<string, unknown>>;
  return Object.entries(value).flatMap(([key, inner]) =>
    unnamed(inner, other[key]).map((path) => `${key}.${path}`),
  );
}
const alertsOf = (week: string) =>
  read(DASHBOARD_FILES.alerts, data.alertsFileSchema).executions.find((one) => one.week === week)!.alerts;
const last = () => weeks.at(-1)!;
const runsOf = ({ execution_id }: DemoWeek) => read(DASHBOARD_FILES.runs(execution_id), runs.runsFileSchema);

describe('what the static site reads', () => {
  it('is what its schema says and nothing besides, every kind of file', () => {
    let transcripts = 0;
    for (const [path, text] of files()) {
      // They are many and alike.
      if (path.startsWith('transcripts/') && (transcripts += 1) % 6 !== 1) continue;
      const schema = CONTRACT.find(([form]) => form.test(path))?.[1];
      expect([path, schema === undefined]).toEqual([path, false]);
      const value: unknown = JSON.parse(text);
      // A field that no schema names is dropped by the parse.
      expect([path, unnamed(value, schema!.parse(value))]).toEqual([path, []]);
    }
  });

  it('holds every file that the index leads to', () => {
    const index = read(DASHBOARD_FILES.index, data.indexFileSchema);
    expect(index.default_series).toBe(SERIES);
    expect(index.series.map(({ series, is_simulated }) => [series, is_simulated])).toEqual([[SERIES, true]]);
    const there = files();
    for (const { execution_id, manifest_id, has_canary } of index.executions) {
      const { runs: rows } = read(DASHBOARD_FILES.runs(execution_id), runs.runsFileSchema);
      const named = [
        DASHBOARD_FILES.execution(execution_id),
        DASHBOARD_FILES.manifest(manifest_id),
        DASHBOARD_FILES.trends(SERIES),
        ...(has_canary ? [DASHBOARD_FILES.canary(execution_id)] : []),
        ...rows.map(({ model }) => DASHBOARD_FILES.modelTrend(SERIES, model)),
        ...rows.filter(({ n_turns }) => n_turns > 0).map(({ run_id }) => DASHBOARD_FILES.transcript(run_id)),
      ];
      expect(named.filter((path) => !there.has(path))).toEqual([]);
    }
  });

  it('shows in the trend what the weeks say, rounded for display', () => {
    const trend = read(DASHBOARD_FILES.trends(SERIES), data.trendsFileSchema);
    const rows = trendRows(trend);
    expect(trend.weeks.map(({ week }) => week)).toEqual(weeks.map(({ week }) => week));
    for (const { execution_id, week } of weeks) {
      const { weekly } = read(DASHBOARD_FILES.execution(execution_id), executionSummarySchema);
      const own = rows.filter((row) => row.week === week && row.phase === 'all');
      const whole = weekly.filter(({ phase }) => phase === 'all');
      expect(own.map(({ model }) => model)).toEqual(whole.map(({ model }) => model));
      whole.forEach((row, at) => {
        expect(own[at]!.rank).toBe(row.rank);
        expect(own[at]!.rmst_turns!).toBeCloseTo(row.rmst_turns!, 1);
        expect(own[at]!.compliance_rate!).toBeCloseTo(row.compliance_rate!, 2);
        expect(own[at]!.cr!).toBeCloseTo(row.csd_subscores.cr!, 1);
      });
    }
  });

  it('leads from a run that broke to the words that broke it', () => {
    const broken = runsOf(last()).runs.filter(
      ({ model, half_life_turn }) => model === 'cedar-chat' && half_life_turn !== null,
    );
    expect(broken.length).toBeGreaterThan(0);
    for (const { run_id, half_life_turn, breaking_turn, worst_turn } of broken) {
      const { turns, scale } = read(DASHBOARD_FILES.transcript(run_id), runs.transcriptFileSchema);
      const below = turns.find(({ ma3_pts }) => ma3_pts !== null && ma3_pts < scale.half_life_threshold_pts);
      expect(below!.turn_index).toBe(half_life_turn);
      expect(half_life_turn! - breaking_turn!.turn_index).toBeLessThan(scale.half_life_window_turns);
      expect(turns[breaking_turn!.turn_index - 1]!.tutor_text).toContain(
        breaking_turn!.text.replace(/…$/, ''),
      );
      expect(worst_turn!.score).toBe(
        Math.min(...turns.flatMap(({ score }) => (score === null ? [] : [score]))),
      );
    }
  });

  it('leaves pasted material out of transcripts, counts its words, and stays small', () => {
    const { runs: rows } = runsOf(last());
    const long = rows.filter(({ phase, n_turns }) => phase === 'P1' && n_turns > 0);
    for (const { run_id, context_tokens, n_turns } of long) {
      const path = DASHBOARD_FILES.transcript(run_id);
      const { turns, raw_key } = read(path, runs.transcriptFileSchema);
      const raw = readFileSync(join(lake, raw_key), 'utf8');
      const sent = raw
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { student: { text: string } }).student.text);
      turns.forEach(({ student }, at) => {
        expect(sent[at]!.startsWith(student.said)).toBe(true);
        expect(sent[at]!.split(/\s+/).filter(Boolean).length).toBe(
          student.said.split(/\s+/).filter(Boolean).length + student.pasted_words,
        );
        expect(student.pasted_note.replace(/\D/g, '')).toBe(String(student.pasted_words || ''));
      });
      expect(context_tokens).toBeGreaterThanOrEqual(8000);
      expect(readFileSync(join(root, path)).length / n_turns).toBeLessThan(5000);
    }
  });

  it('is rebuilt from the lake by reindex, byte by byte', async () => {
    const before = files();
    rmSync(join(lake, 'dashboard'), { recursive: true });
    const store = createFileStore(lake);
    expect(await reindexDashboard(store, await listExecutions(store))).toBe(weeks.length);
    expect([...files().keys()]).toEqual([...before.keys()]);
    for (const [path, text] of files()) expect([path, text === before.get(path)]).toEqual([path, true]);
  });
});

describe('docs/notebooks.md', () => {
  it('shows SQL that runs as it stands', async () => {
    const text = readFileSync(new URL('../../docs/notebooks.md', import.meta.url), 'utf8');
    const sql = /```sql\n([\s\S]*?)```/.exec(text)![1]!.replaceAll('demo-lake', lake);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const answers = [];
    for (const statement of sql.split(/;\s*\n/))
      answers.push((await connection.runAndReadAll(statement)).getRowsJson());
    const [, weekly, worst] = answers;
    expect(weekly!.length).toBe(
      trendRows(read(DASHBOARD_FILES.trends(SERIES), data.trendsFileSchema)).filter(
        ({ phase }) => phase === 'all',
      ).length,
    );
    expect(worst).toHaveLength(10);
    connection.closeSync();
  });
});

describe('the demo history', () => {
  it('has a seam where the rubric changes: weeks on both sides do not compare', () => {
    const [first, second, third] = read(DASHBOARD_FILES.trends(SERIES), data.trendsFileSchema).weeks;
    expect(first!.measure_sha256).not.toBe(second!.measure_sha256);
    expect(second!.measure_sha256).toBe(third!.measure_sha256);
    const { weekly } = read(DASHBOARD_FILES.execution(second!.execution_id), executionSummarySchema);
    expect(weekly.every(({ wow_n_pairs }) => wow_n_pairs === 0)).toBe(true);
    expect([second!.baseline_execution_id, third!.baseline_execution_id]).toEqual([
      null,
      second!.execution_id,
    ]);
    const digests = read(DASHBOARD_FILES.alerts, data.alertsFileSchema).executions.map(
      ({ digest }) => digest,
    );
    expect(digests[1]).toContain('a new measure begins');
  });

  it('alerts for the model whose provider changed it, and for no other model’s half-life', () => {
    const drops = weeks.flatMap(({ week }) =>
      alertsOf(week).filter(({ rule, status }) => rule === 'half_life_drop' && status === 'firing'),
    );
    expect(drops.map(({ week, model }) => [week, model])).toEqual([[last().week, 'cedar-chat']]);
    expect(drops[0]!.p_adjusted!).toBeLessThan(0.05);
    expect(drops[0]!.change!).toBeLessThan(-0.2);
  });

  it('alerts once for the judge that changed behind its name', () => {
    const canary = weeks.flatMap(({ week }) =>
      alertsOf(week).filter(({ rule, status }) => rule === 'canary_deviation' && status === 'firing'),
    );
    expect(canary.map(({ week, model }) => [week, model])).toEqual([[last().week, 'metered-judge-haiku']]);
    expect(canary[0]!.change!).toBeGreaterThan(0.05);
  });

  it('keeps the retired model’s rows and says why it has no runs', () => {
    const gone = runsOf(last()).runs.filter(({ model }) => model === 'fir-classic');
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.every(({ ended, skip_reason }) => ended === 'skipped' && skip_reason === 'eol')).toBe(true);
  });

  it('built again changes nothing: weeks that are there are kept', async () => {
    expect((await buildDemo({ lake, size: 'small' })).map(({ isKept }) => isKept)).toEqual(
      weeks.map(() => true),
    );
  });
});
