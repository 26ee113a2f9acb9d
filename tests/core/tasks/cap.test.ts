import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFileBudget } from '../../../adapters/local/file-budget.ts';
import { createParquetEncoder } from '../../../adapters/parquet/parquet-encoder.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import type { Budget } from '../../../core/ports.ts';
import { createAggregate } from '../../../core/tasks/aggregate.ts';
import { createGenerateRuns } from '../../../core/tasks/generate-runs.ts';
import { createJudgeRun } from '../../../core/tasks/judge-run.ts';
import { readCheckpoints } from '../../../core/tasks/read-run.ts';
import { createRunDialogue } from '../../../core/tasks/run-dialogue.ts';
import { worstCaseUsd } from '../../../core/tasks/worst-case.ts';
import { verifyExecution } from '../../../core/tasks/verify-execution.ts';
import { plannedRunSchema, type PlannedRun } from '../../../schemas/planned-run.ts';
import { runSummarySchema, type RunSummary } from '../../../schemas/run-summary.ts';
import type { PlanPointers } from '../../../schemas/task-io.ts';
import {
  createFakeBudget,
  createFakeIndex,
  GO_ON,
  planBench,
  portsOf,
  simulated,
  type Planned,
} from './bench.ts';
import { copyOf, FakeStore, textsOf, type Lake } from './fake-store.ts';

const MODELS = ['metered-sonnet-4-6', 'metered-nova-lite'];
let planned: Planned;
/** Likely cost of each block, dialogue and judge. */
let blockUsd: number[];
/** The dearest call at its worst. */
let reserveUsd: number;

beforeAll(async () => {
  planned = await planBench((profile) => {
    Object.assign(profile, {
      models: MODELS,
      seeds: ['complexity-algebra-01', 'consistency-leadership-01'],
      temperatures: [0.2, 0.7],
      turns: 3,
      budget_usd: 1000,
    });
    profile.judges.primary = 'metered-judge-haiku';
    profile.canary.is_on = false;
  });
  reserveUsd = Math.max(
    ...planned.rows.map((row) =>
      worstCaseUsd(
        Math.max(row.target_tokens, (2 * row.estimated_input_tokens) / row.turns),
        planned.measure.model(row.model),
      ),
    ),
  );
  blockUsd = [];
  for (const row of planned.rows)
    blockUsd[row.block] = (blockUsd[row.block] ?? 0) + row.estimated_usd + row.judging_estimated_usd;
});

const folder = mkdtempSync(join(tmpdir(), 'socratic-cap-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Works off a list with so many workers. */
async function workOff<T>(items: readonly T[], workers: number, work: (item: T) => Promise<unknown>) {
  const left = [...items];
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}

async function paidCalls(lake: Lake, rows: readonly PlannedRun[]): Promise<number[]> {
  const ledgers = await Promise.all(rows.map((row) => readCheckpoints(new FakeStore(lake), row.run_id)));
  return ledgers.flatMap(({ ledger }) => ledger.map(({ cost_usd }) => cost_usd));
}
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('a hard cap', () => {
  it('is overshot by no more than one call a worker, over 100 random runs of dialogues and judges', async () => {
    const random = randomFrom('caps');
    const rows = planned.rows.filter(({ block }) => block < 2);
    const total = blockUsd[0]! + blockUsd[1]!;
    let met = 0;
    for (let run = 0; run < 100; run += 1) {
      const cap = random() * total * 1.3;
      const workers = 1 + Math.floor(random() * 5);
      const lake = copyOf(planned.lake);
      const budget = createFileBudget(join(folder, String(run)));
      await budget.open(planned.pointers.execution_id, cap);
      const ports = { ...portsOf(planned, new FakeStore(lake)), budget };
      await workOff(rows, workers, (row) => createRunDialogue(ports)(row, GO_ON));
      await workOff(rows, workers, (row) => createJudgeRun(ports)(row, GO_ON));
      const calls = await paidCalls(lake, rows);
      expect({ run, over: sum(calls) > cap + workers * Math.max(0, ...calls) }).toEqual({ run, over: false });
      expect(await budget.committed(planned.pointers.execution_id)).toBeCloseTo(sum(calls), 9);
      if (calls.length < rows.length * 3 * 2) met += 1;
    }
    // Not for want of caps that were met.
    expect(met).toBeGreaterThan(30);
  }, 60_000);
});

/** Plans under a cap, works the lists off one by one, and aggregates. */
async function weekUnder(
  max_cost_usd: number,
  lake = copyOf(planned.lake),
  budget: Budget = createFakeBudget(),
) {
  const store = new FakeStore(lake);
  const ports = { ...portsOf(planned, store), budget };
  const pointers: PlanPointers = await createGenerateRuns({
    store,
    models: simulated(),
    index: createFakeIndex(),
    measure: ports.measure,
  })({ ...planned.pointers, max_cost_usd });
  const listed = (textsOf(lake, pointers.runs_key)[pointers.runs_key] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => plannedRunSchema.parse(JSON.parse(line)));
  await workOff(listed, 2, (row) => createRunDialogue(ports)(row, GO_ON));
  await workOff(listed, 2, (row) => createJudgeRun(ports)(row, GO_ON));
  const outcome = await createAggregate({
    store,
    index: createFakeIndex(),
    tables: createParquetEncoder(),
    measure: ports.measure,
  })(pointers);
  const summaries = planned.rows.map((row): RunSummary =>
    runSummarySchema.parse(JSON.parse(Object.values(textsOf(lake, lakeKeys.score(row.dt, row.run_id)))[0]!)),
  );
  return { lake, listed, outcome, summaries, pointers };
}
const dropped = (summaries: readonly RunSummary[]) =>
  summaries.filter(({ ended, skip_reason }) => ended === 'skipped' && skip_reason === 'budget');

describe('a week under a cap that does not hold its plan', () => {
  it('drops whole blocks: every model keeps the same cells, the rest are skipped: budget, the plan stays', async () => {
    const cap = blockUsd[0]! + blockUsd[1]! + reserveUsd * 1.001;
    const { lake, listed, outcome, summaries } = await weekUnder(cap);
    expect(new Set(listed.map(({ block }) => block))).toEqual(new Set([0, 1]));
    expect(outcome).toMatchObject({ planned: planned.rows.length, scored: 4, is_partial: true });
    expect(new Set(dropped(summaries).map(({ block }) => block))).toEqual(new Set([2, 3]));
    expect(dropped(summaries)).toHaveLength(4);
    expect(dropped(summaries)[0]).toMatchObject({ fault: null, n_turns: 0, mean_score: null });
    expect(lake.get(planned.pointers.plan_key)).toEqual(planned.lake.get(planned.pointers.plan_key));
    expect(
      await paidCalls(
        lake,
        planned.rows.filter(({ block }) => block > 1),
      ),
    ).toEqual([]);
  });

  it('is finished by a retry under a higher one, which pays for the rest alone and leaves the bytes of an uncapped week', async () => {
    const lake = (await weekUnder(blockUsd[0]! + reserveUsd * 1.001)).lake;
    const before = (await paidCalls(lake, planned.rows)).length;
    const again = await weekUnder(1000, lake);
    expect(dropped(again.summaries)).toEqual([]);
    expect(again.outcome.is_partial).toBe(false);
    expect((await paidCalls(lake, planned.rows)).length).toBeGreaterThan(before);
    const clean = await weekUnder(1000);
    expect(textsOf(lake, 'scores/')).toEqual(textsOf(clean.lake, 'scores/'));
    expect(textsOf(lake, 'judged/')).toEqual(textsOf(clean.lake, 'judged/'));
  });

  it('begins nothing where it holds no block', async () => {
    await expect(weekUnder(blockUsd[0]! * 0.9)).rejects.toMatchObject({
      name: 'BudgetExhausted',
      message: expect.stringContaining('holds no block'),
    });
  });

  /** One call is refused: the last of the second block's dialogues, when its other run is done. */
  const metInSecondBlock = (): Budget => {
    const inner = createFakeBudget();
    let calls = 0;
    return {
      ...inner,
      reserve: (...call) =>
        [12, 13, 14, 15].includes((calls += 1)) ? Promise.resolve(null) : inner.reserve(...call),
    };
  };

  it('that is met sooner than expected drops the block in which it was met, finished runs of it too', async () => {
    const { lake, summaries, pointers, outcome } = await weekUnder(
      1000,
      copyOf(planned.lake),
      metInSecondBlock(),
    );
    const blocks = new Set(dropped(summaries).map(({ block }) => block));
    expect(blocks.size).toBe(1);
    expect(dropped(summaries)).toHaveLength(MODELS.length);
    expect(dropped(summaries)[0]!.skip_detail).toContain('met the cap');
    expect(outcome.scored).toBe(planned.rows.length - MODELS.length);
    // What it cost is in the ledger, and no judge was paid for it.
    const own = planned.rows.filter(({ block }) => blocks.has(block));
    expect((await paidCalls(lake, own)).length).toBeGreaterThan(0);
    expect((await paidCalls(lake, own)).length).toBeLessThan(MODELS.length * 3);
    expect(await verifyExecution(new FakeStore(lake), pointers)).toMatchObject({
      brokenFiles: [],
      brokenRecord: null,
      isRootSound: true,
    });
  });

  it('that dropped a block is no end under a higher one: the block is played to its end, no turn paid twice', async () => {
    const { lake } = await weekUnder(1000, copyOf(planned.lake), metInSecondBlock());
    const ended = () => Object.keys(textsOf(lake, 'checkpoints/')).filter((key) => key.includes('/ended'));
    expect(ended()).not.toEqual([]);
    const before = ended();
    // The same cap once more: nothing goes on, and nothing new is said of it.
    await weekUnder(1000, lake);
    expect(ended()).toEqual(before);
    const again = await weekUnder(1001, lake);
    expect(dropped(again.summaries)).toEqual([]);
    const clean = await weekUnder(1001);
    expect(textsOf(lake, 'raw/')).toEqual(textsOf(clean.lake, 'raw/'));
    expect(textsOf(lake, 'scores/')).toEqual(textsOf(clean.lake, 'scores/'));
    expect((await paidCalls(lake, planned.rows)).length).toBe(
      (await paidCalls(clean.lake, planned.rows)).length,
    );
  });
});
