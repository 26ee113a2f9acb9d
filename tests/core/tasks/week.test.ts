import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { createParquetEncoder } from '../../../adapters/parquet/parquet-encoder.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { sha256Hex } from '../../../core/identity/hash.ts';
import { ModelError } from '../../../core/model-error.ts';
import type { TableEncoder } from '../../../core/ports.ts';
import { createAggregate } from '../../../core/tasks/aggregate.ts';
import { createCheckAlerts } from '../../../core/tasks/check-alerts.ts';
import { createJudgeRun } from '../../../core/tasks/judge-run.ts';
import { createPublishMetrics } from '../../../core/tasks/publish-metrics.ts';
import { createRunDialogue } from '../../../core/tasks/run-dialogue.ts';
import { verifyExecution } from '../../../core/tasks/verify-execution.ts';
import { alertSchema } from '../../../schemas/alert.ts';
import { executionSchema, sealSchema } from '../../../schemas/execution.ts';
import { executionSummarySchema } from '../../../schemas/execution-summary.ts';
import { ledgerRowSchema } from '../../../schemas/ledger-row.ts';
import type { PlannedRun } from '../../../schemas/planned-run.ts';
import { runSummarySchema } from '../../../schemas/run-summary.ts';
import {
  clock,
  createFakeIndex,
  EXECUTION_ID,
  GO_ON,
  planBench,
  portsOf,
  SCHEDULED_AT,
  TURNS,
  type Planned,
  type Script,
} from './bench.ts';
import { copyOf, FakeStore, hashesOf, textsOf, type Lake } from './fake-store.ts';

let planned: Planned;
/** Every run and the canary judged, nothing aggregated. */
let judged: Lake;
/** The same, aggregated. */
let sealed: Lake;
let first: PlannedRun;
let second: PlannedRun;

beforeAll(async () => {
  planned = await planBench();
  [first, second] = planned.rows as [PlannedRun, PlannedRun];
  judged = copyOf(planned.lake);
  await work(judged);
  sealed = copyOf(judged);
  await aggregate(sealed);
});

/** Runs and judges the whole plan. */
async function work(lake: Lake, scripts: Record<string, Script> = {}, rows = planned.rows) {
  const ports = portsOf(planned, new FakeStore(lake), scripts);
  for (const row of rows) {
    await createRunDialogue(ports)(row, GO_ON);
    await createJudgeRun(ports)(row, GO_ON);
  }
  await createJudgeRun(ports)(planned.canary, GO_ON);
}

/** Rows as JSON: what is tested here is what Aggregate hands over, and when. */
const jsonTables: TableEncoder = {
  open: () => {
    const lines: string[] = [];
    return {
      append: (rows) => {
        for (const row of rows) lines.push(JSON.stringify(row));
      },
      finish: () => new TextEncoder().encode(lines.join('\n')),
    };
  },
};

function aggregate(lake: Lake, tables = jsonTables, index = createFakeIndex(), store = new FakeStore(lake)) {
  return createAggregate({ store, index, tables, measure: async () => planned.measure })(planned.pointers);
}
const jsonOf = (lake: Lake, key: string): unknown => JSON.parse(textsOf(lake, key)[key]!);
const linesOf = (lake: Lake, key: string): unknown[] =>
  (textsOf(lake, key)[key] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
const scoreOf = (lake: Lake, row: PlannedRun) =>
  runSummarySchema.parse(jsonOf(lake, lakeKeys.score(row.dt, row.run_id)));
const summaryOf = (lake: Lake) => executionSummarySchema.parse(jsonOf(lake, lakeKeys.summary(EXECUTION_ID)));
const texts = (lake: Lake) => textsOf(lake, '');
const atTurn =
  (at: number, answer: ReturnType<Script>): Script =>
  ({ call }) =>
    call.turn_index === at ? answer : null;

describe('Aggregate', () => {
  it('writes one summary a plan row, the week, and what stands beside it', async () => {
    const index = createFakeIndex();
    const lake = copyOf(judged);
    expect(await aggregate(lake, jsonTables, index)).toEqual({
      planned: 2,
      scored: 2,
      skipped: 0,
      failed: 0,
      coverage_frac: 1,
      spent_usd: 0,
      is_partial: false,
    });
    expect(scoreOf(lake, first)).toMatchObject({
      ended: 'complete',
      n_turns: TURNS,
      is_censored: true,
      censor_reason: 'horizon',
    });
    expect(scoreOf(lake, second)).toMatchObject({ ended: 'complete', n_turns: TURNS, fault: null });
    const summary = summaryOf(lake);
    expect(summary).toMatchObject({
      n_planned: 2,
      n_scored: 2,
      n_turns: 2 * TURNS,
      is_partial: false,
      is_simulated: true,
      previous: null,
      canary: { n_items: 4 },
    });
    expect(new Set(summary.weekly.map(({ model, phase }) => `${model} ${phase}`))).toEqual(
      new Set(['steadfast P0', 'steadfast all', 'drifter-5 P0', 'drifter-5 all']),
    );
    expect(linesOf(lake, lakeKeys.curatedTurns('2026-W47', EXECUTION_ID))).toHaveLength(2 * TURNS);
    const dashboard = Object.keys(textsOf(lake, 'dashboard/data/'));
    expect(dashboard).toEqual(
      [
        `canary/${EXECUTION_ID}`,
        `executions/${EXECUTION_ID}`,
        'index',
        'local',
        `manifests/${summary.manifest_id}`,
        'methods',
        `runs/${EXECUTION_ID}`,
        ...[first.run_id, second.run_id].sort().map((id) => `transcripts/${id}`),
        'trends/bench',
        'models/bench/drifter-5',
        'models/bench/steadfast',
      ]
        .map((path) => `dashboard/data/${path}.json`)
        .sort(),
    );
    expect(index.recorded).toEqual([[[scoreOf(lake, first), scoreOf(lake, second)], summary.weekly]]);
  });

  it('gathers the ledger from the checkpoints: every call of every component', () => {
    const rows = linesOf(sealed, lakeKeys.ledger('2026-W47', EXECUTION_ID)).map((row) =>
      ledgerRowSchema.parse(row),
    );
    // An answer that another one followed stands in a file of its own too, and counts once.
    const inCheckpoints = Object.entries(textsOf(sealed, 'checkpoints/')).flatMap(([key, text]) =>
      /-\d{4}-\d{2}\.json$/.test(key) ? [] : ((JSON.parse(text) as { ledger?: unknown[] }).ledger ?? []),
    );
    const probes = rows.filter(({ component }) => component === 'preflight');
    expect(rows).toHaveLength(inCheckpoints.length + probes.length);
    expect(rows.filter(({ component }) => component === 'dialogue')).toHaveLength(2 * TURNS);
    expect(rows.filter(({ component }) => component === 'canary').length).toBeGreaterThanOrEqual(4);
    expect(
      summaryOf(sealed)
        .spent_by_component.map(({ n_calls }) => n_calls)
        .reduce((a, b) => a + b),
    ).toBe(rows.length);
  });

  it('seals every file of the execution from config/ to curated/, and writes the seal last', async () => {
    const store = new FakeStore(copyOf(judged));
    await aggregate(store.lake, jsonTables, createFakeIndex(), store);
    expect(store.operations.at(-1)).toBe(`put ${lakeKeys.seal(EXECUTION_ID)}`);
    const seal = sealSchema.parse(jsonOf(store.lake, lakeKeys.seal(EXECUTION_ID)));
    const keys = [...store.lake.keys()]
      .filter((key) => /^(config|manifests|raw|judged|scores|curated|calibration)\//.test(key))
      .sort();
    expect(seal.files.map(({ key }) => key)).toEqual(keys);
    for (const { key, size_bytes, sha256 } of seal.files)
      expect([key, size_bytes, sha256]).toEqual([
        key,
        store.lake.get(key)!.length,
        sha256Hex(store.lake.get(key)!),
      ]);
  });

  it('twice writes the same bytes, Parquet too', async () => {
    const lake = copyOf(judged);
    await aggregate(lake, createParquetEncoder());
    const once = copyOf(lake);
    await aggregate(lake, createParquetEncoder());
    expect(hashesOf(lake)).toEqual(hashesOf(once));
    const fresh = copyOf(judged);
    await aggregate(fresh, createParquetEncoder());
    expect(hashesOf(fresh)).toEqual(hashesOf(once));
  });

  it('killed at any operation is finished by another with the same bytes, and until then there is no seal', async () => {
    const store = new FakeStore(copyOf(judged));
    await aggregate(store.lake, jsonTables, createFakeIndex(), store);
    const total = store.operations.length;
    const steps = Array.from({ length: total }, (_, index) => index).filter((index) =>
      store.operations[index]!.startsWith('put'),
    );
    for (const index of steps) {
      const lake = copyOf(judged);
      const dying = new FakeStore(lake, new Map([[index, 'dies before']]));
      await expect(aggregate(lake, jsonTables, createFakeIndex(), dying)).rejects.toMatchObject({
        name: 'Killed',
      });
      expect(lake.has(lakeKeys.seal(EXECUTION_ID))).toBe(false);
      await aggregate(lake);
      expect(hashesOf(lake)).toEqual(hashesOf(sealed));
    }
  });

  it('gives the same week whether a run was killed and resumed or not', async () => {
    const lake = copyOf(planned.lake);
    const dying = portsOf(planned, new FakeStore(lake, new Map([[5, 'dies after']])));
    await expect(createRunDialogue(dying)(second, GO_ON)).rejects.toMatchObject({ name: 'Killed' });
    await work(lake);
    await aggregate(lake);
    expect(texts(lake)).toEqual(texts(sealed));
  });

  it('walks the plan: a run whose files are gone is failed, fault infrastructure, and the rest is published as partial', async () => {
    const lake = copyOf(judged);
    for (const key of [lakeKeys.raw(first), lakeKeys.judged(first)]) lake.delete(key);
    for (const key of Object.keys(textsOf(lake, `checkpoints/${first.run_id}/`))) lake.delete(key);
    expect(await aggregate(lake)).toMatchObject({
      planned: 2,
      scored: 1,
      failed: 1,
      coverage_frac: 0.5,
      is_partial: true,
    });
    expect(scoreOf(lake, first)).toMatchObject({
      ended: 'failed',
      fault: 'infrastructure',
      n_turns: 0,
      mean_score: null,
      half_life_turn: null,
    });
    expect(scoreOf(lake, second)).toMatchObject({ ended: 'complete' });
    expect(summaryOf(lake).weekly.find(({ model }) => model === 'steadfast')).toMatchObject({
      n_runs: 0,
      n_planned: 1,
    });
  });

  it('does not count a run that was never judged as a low score', async () => {
    const lake = copyOf(judged);
    lake.delete(lakeKeys.judged(second));
    expect(await aggregate(lake)).toMatchObject({ scored: 1, failed: 1 });
    expect(scoreOf(lake, second)).toMatchObject({ ended: 'failed', mean_score: null, compliance_rate: null });
  });

  it('is not misled by files that no plan names', async () => {
    const lake = copyOf(judged);
    const stranger = second.run_id.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    lake.set(lakeKeys.judged({ ...second, run_id: stranger }), lake.get(lakeKeys.judged(second))!);
    lake.set(lakeKeys.score(second.dt, stranger), new TextEncoder().encode('{}'));
    await aggregate(lake);
    expect(jsonOf(lake, lakeKeys.seal(EXECUTION_ID))).toEqual(jsonOf(sealed, lakeKeys.seal(EXECUTION_ID)));
  });

  const ends: [string, Script, object][] = [
    [
      'a full context',
      atTurn(5, new ModelError('context_overflow', 'full')),
      { ended: 'censored', censor_reason: 'context_overflow', fault: null, n_turns: 4 },
    ],
    [
      'a provider that failed',
      atTurn(5, new ModelError('invalid', 'no')),
      { ended: 'censored', censor_reason: 'infrastructure', fault: 'infrastructure', n_turns: 4 },
    ],
    [
      'a model closed in the middle',
      atTurn(5, new ModelError('access', 'no')),
      { ended: 'censored', censor_reason: 'infrastructure', n_turns: 4 },
    ],
    [
      'a model closed from the start',
      atTurn(1, new ModelError('access', 'denied')),
      { ended: 'skipped', skip_reason: 'access', skip_detail: 'denied', n_turns: 0, fault: null },
    ],
    [
      'a model that fails at its first turn',
      atTurn(1, new ModelError('invalid', 'no')),
      { ended: 'failed', fault: 'infrastructure', n_turns: 0 },
    ],
    [
      'replies the provider filtered',
      () => ({ text: '', stop_reason: 'filtered' }),
      { ended: 'failed', fault: 'infrastructure', n_turns: TURNS, mean_score: null },
    ],
    ['silence', () => ({ text: '' }), { ended: 'complete', mean_score: 0, half_life_turn: 3, fault: null }],
  ];
  test.each(ends)('says of a run how it ended, and whose fault it was: %s', async (_, script, expected) => {
    const lake = copyOf(planned.lake);
    await work(lake, { steadfast: script });
    await aggregate(lake);
    expect(scoreOf(lake, first)).toMatchObject(expected);
    expect(scoreOf(lake, second)).toEqual(scoreOf(sealed, second));
  });

  it('says how a run ended the last time it was tried', async () => {
    const lake = copyOf(planned.lake);
    await work(lake, { steadfast: atTurn(4, new ModelError('invalid', 'first')) });
    const again = [{ ...first, retry_errors: true }];
    await work(lake, { steadfast: atTurn(6, new ModelError('context_overflow', 'second')) }, again);
    await aggregate(lake);
    expect(scoreOf(lake, first)).toMatchObject({
      ended: 'censored',
      censor_reason: 'context_overflow',
      n_turns: 5,
    });
    await work(lake, {}, again);
    await aggregate(lake);
    expect(scoreOf(lake, first)).toMatchObject({ censor_reason: 'context_overflow', n_turns: 5 });
  });

  it('after a retry that went through counts the run as complete', async () => {
    const lake = copyOf(planned.lake);
    await work(lake, { steadfast: atTurn(4, new ModelError('invalid', 'first')) });
    await work(lake, {}, [{ ...first, retry_errors: true }]);
    await aggregate(lake);
    expect(scoreOf(lake, first)).toEqual(scoreOf(sealed, first));
  });

  it('of nothing scored fails loudly, says why, publishes nothing and keeps what was recorded', async () => {
    const lake = copyOf(planned.lake);
    const closed: Script = () => new ModelError('access', 'no');
    await work(lake, { steadfast: closed, 'drifter-5': closed });
    const index = createFakeIndex();
    await expect(aggregate(lake, jsonTables, index)).rejects.toMatchObject({
      name: 'NothingMeasured',
      message: `${EXECUTION_ID}: none of 2 runs was scored (2 access); nothing is published`,
      hint: expect.stringContaining('--retry-errors'),
    });
    expect(
      Object.keys(texts(lake)).filter((key) => /^(curated|dashboard|executions|ledger|audit)\//.test(key)),
    ).toEqual([]);
    expect(index.recorded).toEqual([]);
    expect(Object.keys(textsOf(lake, 'scores/'))).toHaveLength(2);
  });

  it('without its plan is refused by name', async () => {
    const lake = copyOf(judged);
    lake.delete(planned.pointers.plan_key);
    await expect(aggregate(lake)).rejects.toMatchObject({ name: 'PlanConflict' });
  });
});

describe('CheckAlerts', () => {
  async function check(lake: Lake) {
    const sent: { kind: string; subject: string; body: string; dedup_id: string }[] = [];
    const alerts = { publish: async (message: (typeof sent)[number]) => void sent.push(message) };
    const counts = await createCheckAlerts({
      store: new FakeStore(lake),
      alerts,
      measure: async () => planned.measure,
      site_url: 'https://bench.example.org',
    })(planned.pointers);
    return {
      counts,
      sent,
      records: linesOf(lake, lakeKeys.alerts('2026-W47', EXECUTION_ID)).map((alert) =>
        alertSchema.parse(alert),
      ),
    };
  }

  it('of a quiet week sends the digest alone', async () => {
    const { counts, sent, records } = await check(copyOf(sealed));
    expect(counts).toEqual({ firing: 0, resolved: 0, muted: 0 });
    expect(records).toEqual([]);
    expect(sent.map(({ kind, dedup_id }) => [kind, dedup_id])).toEqual([
      ['digest', `${EXECUTION_ID}+digest`],
    ]);
  });

  it('of a week with half its runs missing records and sends the coverage alert, once under one id', async () => {
    const lake = copyOf(judged);
    lake.delete(lakeKeys.judged(first));
    await aggregate(lake);
    const { counts, sent, records } = await check(lake);
    const again = await check(lake);
    expect(counts.firing).toBe(1);
    expect(records).toMatchObject([{ rule: 'coverage', status: 'firing', value: 0.5, n: 2 }]);
    expect(jsonOf(lake, 'dashboard/data/alerts.json')).toEqual({
      executions: [
        {
          execution_id: EXECUTION_ID,
          series: first.series,
          week: '2026-W47',
          // The page that shows it is where the links of the mail lead.
          digest: sent[1]!.body.replaceAll(/\n[^\n]*https:[^\n]*/g, ''),
          alerts: records,
        },
      ],
    });
    expect(sent.map(({ kind }) => kind)).toEqual(['alert', 'digest']);
    const at = `execution=${EXECUTION_ID}&series=${first.series}`;
    expect(sent[1]!.body).toContain(
      `Overview: https://bench.example.org/#/?${at}\nRuns: https://bench.example.org/#/runs?${at}`,
    );
    expect(sent[1]!.body.split('\n').length).toBeLessThanOrEqual(12);
    expect(again.sent.map(({ dedup_id }) => dedup_id)).toEqual(sent.map(({ dedup_id }) => dedup_id));
    // SNS takes ASCII subjects of 100 characters at most, without line breaks.
    for (const { subject } of sent) expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });

  it('before Aggregate is refused by name', async () => {
    await expect(check(copyOf(judged))).rejects.toMatchObject({
      name: 'PlanConflict',
      message: expect.stringContaining("Aggregate's summary"),
    });
  });
});

describe('PublishMetrics', () => {
  interface Emf {
    _aws: {
      Timestamp: number;
      CloudWatchMetrics: {
        Namespace: string;
        Dimensions: string[][];
        Metrics: { Name: string; Unit: string }[];
      }[];
    };
    [field: string]: unknown;
  }
  async function publish(lake: Lake) {
    const documents: Emf[] = [];
    const metrics = {
      emit: async (document: object) => void documents.push(JSON.parse(JSON.stringify(document)) as Emf),
    };
    const outcome = await createPublishMetrics({
      store: new FakeStore(lake),
      clock,
      metrics,
      versions: { package: '1.2.3' },
    })(planned.pointers);
    return { documents, outcome };
  }
  // Units that CloudWatch knows (API reference, MetricDatum) and that are used here.
  const UNITS = ['None', 'Milliseconds', 'Count', 'Percent'];

  it('emits valid EMF: dimensions {model, phase}, every metric a number at the root', async () => {
    const { documents, outcome } = await publish(copyOf(sealed));
    expect(outcome).toEqual({ metrics: 4, outcome: 'complete' });
    expect(documents).toHaveLength(4);
    for (const document of documents) {
      expect(document._aws.Timestamp).toBe(Date.parse(SCHEDULED_AT));
      expect(document._aws.CloudWatchMetrics).toHaveLength(1);
      const [directive] = document._aws.CloudWatchMetrics;
      expect(directive!.Namespace).toMatch(/^[0-9A-Za-z.\-_/#:]{1,255}$/);
      expect(directive!.Dimensions).toEqual([['model', 'phase']]);
      for (const dimension of ['model', 'phase']) expect(document[dimension]).toMatch(/^.{1,250}$/);
      expect(directive!.Metrics.length).toBeGreaterThan(0);
      for (const { Name, Unit } of directive!.Metrics) {
        expect(UNITS).toContain(Unit);
        expect(Number.isFinite(document[Name])).toBe(true);
      }
      expect(new Set(directive!.Metrics.map(({ Name }) => Name)).size).toBe(directive!.Metrics.length);
      // The format's limit for one document.
      expect(JSON.stringify(document).length).toBeLessThan(1_000_000);
    }
    expect(new Set(documents.map(({ model, phase }) => `${String(model)}|${String(phase)}`)).size).toBe(4);
  });

  it('carries the figures of the week, and none that is unknown', async () => {
    const { documents } = await publish(copyOf(sealed));
    const row = summaryOf(sealed).weekly.find(({ model, phase }) => model === 'drifter-5' && phase === 'P0')!;
    const document = documents.find(({ model, phase }) => model === 'drifter-5' && phase === 'P0')!;
    expect(document).toMatchObject({
      'socratic.half_life_turn': row.rmst_turns,
      'socratic.compliance_rate': row.compliance_rate,
      'socratic.cost_per_run_usd': 0,
      'socratic.coverage_frac': 1,
      is_simulated: true,
    });
    expect(document['socratic.judge_latency_p95']).toBeGreaterThan(0);
    const all = documents.find(({ model, phase }) => model === 'drifter-5' && phase === 'all')!;
    expect(all).not.toHaveProperty(['socratic.judge_latency_p95']);
    expect(all._aws.CloudWatchMetrics[0]!.Metrics.map(({ Name }) => Name)).not.toContain(
      'socratic.judge_latency_p95',
    );
  });

  it('says nothing of a model without a run, and marks the week partial', async () => {
    const lake = copyOf(judged);
    lake.delete(lakeKeys.judged(first));
    await aggregate(lake);
    const { documents, outcome } = await publish(lake);
    expect(outcome).toEqual({ metrics: 2, outcome: 'partial' });
    expect(documents.map(({ model }) => model)).toEqual(['drifter-5', 'drifter-5']);
  });

  it('leaves the final status and keeps what the host knew of the beginning', async () => {
    const lake = copyOf(sealed);
    await publish(lake);
    const status = executionSchema.parse(jsonOf(lake, lakeKeys.status(EXECUTION_ID)));
    expect(status).toMatchObject({
      state: 'finished',
      outcome: 'complete',
      n_planned: 2,
      n_scored: 2,
      started_at: clock.now(),
      versions: { package: '1.2.3' },
    });
    lake.set(
      lakeKeys.status(EXECUTION_ID),
      new TextEncoder().encode(
        JSON.stringify({
          ...status,
          state: 'running',
          started_at: SCHEDULED_AT,
          input: { profile: 'bench' },
          versions: { node: '24', package: '0' },
        }),
      ),
    );
    await publish(lake);
    expect(jsonOf(lake, lakeKeys.status(EXECUTION_ID))).toMatchObject({
      state: 'finished',
      started_at: SCHEDULED_AT,
      input: { profile: 'bench' },
      versions: { node: '24', package: '1.2.3' },
      ended_at: clock.now(),
    });
  });
});

describe('verify', () => {
  const execution = () => ({
    execution_id: EXECUTION_ID,
    manifest_key: planned.pointers.manifest_key,
    plan_key: planned.pointers.plan_key,
  });
  const verify = (lake: Lake) => verifyExecution(new FakeStore(lake), execution());
  /** The lake with other bytes under a key. */
  const changed = (key: string, change: (bytes: Uint8Array) => Uint8Array | null) => {
    const lake = copyOf(sealed);
    const bytes = change(lake.get(key)!.slice());
    if (bytes === null) lake.delete(key);
    else lake.set(key, bytes);
    return lake;
  };
  const flip = (at: number) => (bytes: Uint8Array) => {
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    return bytes;
  };
  const sealOf = (lake: Lake) => sealSchema.parse(jsonOf(lake, lakeKeys.seal(EXECUTION_ID)));
  /** Seals a file's new bytes, as somebody would who wants to hide them. */
  const resealed = (lake: Lake, key: string) => {
    const seal = sealOf(lake);
    const bytes = lake.get(key)!;
    const files = seal.files.map((file) =>
      file.key === key ? { key, size_bytes: bytes.length, sha256: sha256Hex(bytes) } : file,
    );
    lake.set(lakeKeys.seal(EXECUTION_ID), new TextEncoder().encode(JSON.stringify({ ...seal, files })));
    return lake;
  };

  it('finds nothing in what was sealed, and nothing to verify before', async () => {
    expect(await verify(sealed)).toMatchObject({
      files: sealOf(sealed).files.length,
      runs: 2,
      turns: 2 * TURNS,
      brokenFiles: [],
      brokenRecord: null,
      isRootSound: true,
    });
    expect(await verify(judged)).toBeNull();
  });

  it('names the file of a changed byte, wherever it stands in whichever file', async () => {
    for (const { key, size_bytes } of sealOf(sealed).files) {
      for (const at of [0, size_bytes >> 1, -1]) {
        expect((await verify(changed(key, flip(at))))!.brokenFiles[0]).toEqual({
          key,
          problem: 'has other bytes than when it was sealed',
        });
      }
    }
  });

  it('names a file that was cut, drawn out or taken away', async () => {
    for (const { key, size_bytes } of sealOf(sealed).files) {
      expect((await verify(changed(key, (bytes) => bytes.slice(0, -1))))!.brokenFiles[0]).toEqual({
        key,
        problem: `has ${size_bytes - 1} bytes, sealed with ${size_bytes}`,
      });
      expect(
        (await verify(changed(key, (bytes) => new Uint8Array([...bytes, 10]))))!.brokenFiles[0]!.key,
      ).toBe(key);
      expect((await verify(changed(key, () => null)))!.brokenFiles[0]).toEqual({ key, problem: 'is gone' });
    }
  });

  it('reports manifest or plan among several broken files, instead of failing on them', async () => {
    for (const other of [planned.pointers.manifest_key, planned.pointers.plan_key]) {
      const lake = changed(other, flip(40));
      const config = sealOf(sealed).files.find(({ key }) => key.startsWith('config/'))!.key;
      lake.set(config, flip(0)(lake.get(config)!.slice()));
      expect((await verify(lake))!.brokenFiles[0]!.key).not.toBeNull();
    }
  });

  it('names the turn of a changed record, though the seal was made to fit', async () => {
    for (const key of [lakeKeys.raw(second), lakeKeys.judged(second)]) {
      for (let turn = 1; turn <= TURNS; turn += 1) {
        const lake = changed(key, (bytes) => {
          const lines = new TextDecoder().decode(bytes).split('\n');
          lines[turn - 1] = lines[turn - 1]!.replace(/"tutor_text":"(.)/, '"tutor_text":"$1$1');
          return new TextEncoder().encode(lines.join('\n'));
        });
        expect(await verify(resealed(lake, key))).toMatchObject({
          brokenFiles: [],
          brokenRecord: { key, turn_index: turn },
        });
      }
    }
  });

  it('names the first turn that is missing at the end of one file, though the seal was made to fit', async () => {
    for (const key of [lakeKeys.raw(second), lakeKeys.judged(second)]) {
      const lake = changed(key, (bytes) =>
        new TextEncoder().encode(`${new TextDecoder().decode(bytes).split('\n').slice(0, 4).join('\n')}\n`),
      );
      expect((await verify(resealed(lake, key)))!.brokenRecord).toEqual({ key, turn_index: 5 });
    }
  });

  it('notices turns dropped from both files by the root of the week', async () => {
    const lake = copyOf(sealed);
    for (const key of [lakeKeys.raw(second), lakeKeys.judged(second)]) {
      lake.set(
        key,
        new TextEncoder().encode(`${textsOf(lake, key)[key]!.split('\n').slice(0, 4).join('\n')}\n`),
      );
      resealed(lake, key);
    }
    expect(await verify(lake)).toMatchObject({ brokenFiles: [], brokenRecord: null, isRootSound: false });
  });

  it('names a file of turns that is torn, though the seal was made to fit', async () => {
    const key = lakeKeys.judged(first);
    const lake = changed(key, (bytes) => bytes.slice(0, 500));
    expect((await verify(resealed(lake, key)))!.brokenRecord).toEqual({ key, turn_index: 1 });
    const lines = changed(key, () => new TextEncoder().encode('null\n'));
    expect((await verify(resealed(lines, key)))!.brokenRecord).toEqual({ key, turn_index: 1 });
  });

  it('names the seal itself where that is torn or of another form', async () => {
    const key = lakeKeys.seal(EXECUTION_ID);
    for (const change of [
      (bytes: Uint8Array) => bytes.slice(0, bytes.length >> 1),
      () => new Uint8Array(),
      () => new TextEncoder().encode('{"files":[]}'),
      () => new Uint8Array([0xff, 0xfe]),
    ])
      expect((await verify(changed(key, change)))!.brokenFiles[0]).toEqual({ key, problem: 'is no seal' });
  });
});
