import { beforeAll, describe, expect, it } from '@jest/globals';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { summarizeRun } from '../../../core/aggregate/summarize-run.ts';
import { createJudgeRun } from '../../../core/tasks/judge-run.ts';
import { readRuns } from '../../../core/tasks/read-run.ts';
import { createRunDialogue } from '../../../core/tasks/run-dialogue.ts';
import { CRITERION_NAMES } from '../../../schemas/common.ts';
import type { Ended } from '../../../schemas/checkpoint.ts';
import type { PlannedRun } from '../../../schemas/planned-run.ts';
import type { RawTurn } from '../../../schemas/turn.ts';
import { createCalls, GO_ON, planBench, portsOf, type Planned, type Script } from './bench.ts';
import { copyOf, FakeStore, textsOf, type Lake } from './fake-store.ts';

const TURNS = 20;
let planned: Planned;
let off: Planned;

beforeAll(async () => {
  const long =
    (is_on: boolean) => (profile: { turns: number; phases: string[]; artefacts: { phases: string } }) =>
      Object.assign(profile, {
        turns: TURNS,
        artefacts: { ...profile.artefacts, phases: 'phases-1.1' },
        early_stop: { is_on, below_pts: 7, turns: 3 },
      });
  planned = await planBench(long(true));
  off = await planBench(long(false));
});

const rowOf = (model: string, of = planned): PlannedRun => of.rows.find((row) => row.model === model)!;
const rawOf = (lake: Lake, row: PlannedRun): RawTurn[] =>
  (textsOf(lake, lakeKeys.raw(row))[lakeKeys.raw(row)] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RawTurn);
const endedOf = (lake: Lake, row: PlannedRun): Ended | null => {
  const text = textsOf(lake, lakeKeys.ended(row.run_id))[lakeKeys.ended(row.run_id)];
  return text === undefined ? null : (JSON.parse(text) as Ended);
};

async function runIn(
  of: Planned,
  model: string,
  lake = copyOf(of.lake),
  scripts: Record<string, Script> = {},
) {
  const calls = createCalls();
  const store = new FakeStore(lake);
  const row = rowOf(model, of);
  const outcome = await createRunDialogue(portsOf(of, store, scripts, calls))(row, GO_ON);
  return { outcome, lake, row, calls, store };
}

/** The run's summary after its judging. */
async function summaryOf(lake: Lake, row: PlannedRun, scripts: Record<string, Script> = {}) {
  await createJudgeRun(portsOf(planned, new FakeStore(lake), scripts))(row, GO_ON);
  for await (const run of readRuns(new FakeStore(lake), [row]))
    return summarizeRun({
      row,
      seed: planned.measure.seed(row.seed_id),
      ended: run.ended,
      provider: 'simulated',
      is_simulated: true,
      turns: run.turns,
      rubric: planned.measure.rubric,
      threads: { thread_depths: [], salience_recall_at_3: null },
    });
  throw new Error('no run');
}
const praise: Script = () => ({
  text: JSON.stringify({
    rationale: 'Because.',
    criteria: Object.fromEntries(CRITERION_NAMES.map((name) => [name, { mark: 5, quote: '' }])),
    violations: [],
  }),
});

describe('early stop', () => {
  it('ends a dialogue whose heuristic average stays low, with a raw file of the turns it has', async () => {
    const { outcome, lake, row, calls } = await runIn(planned, 'drifter-5');
    const turns = rawOf(lake, row);
    // Fails from turn 5 on: the average falls two turns or so later, and stays for three.
    expect(turns.length).toBeGreaterThanOrEqual(7);
    expect(turns.length).toBeLessThanOrEqual(10);
    expect(outcome).toEqual({ status: 'ended_early', turns: turns.length });
    expect(calls.count('dialogue')).toBe(turns.length);
    expect(endedOf(lake, row)).toMatchObject({ last_turn: turns.length, reason: 'early_stop', fault: null });
  });

  it('lets a tutor go on that keeps asking, and any tutor where it is off', async () => {
    const steadfast = await runIn(planned, 'steadfast');
    expect(rawOf(steadfast.lake, steadfast.row)).toHaveLength(TURNS);
    const without = await runIn(off, 'drifter-5');
    expect(rawOf(without.lake, without.row)).toHaveLength(TURNS);
    expect(endedOf(without.lake, without.row)).toBeNull();
  });

  it('stops a resumed run where it would have, and writes its raw file without a call after a kill in between', async () => {
    const clean = await runIn(planned, 'drifter-5');
    for (const [index, operation] of clean.store.operations.entries()) {
      if (!/^putIfAbsent (?:raw|.*ended|.*turn-000[57])/.test(operation)) continue;
      const lake = copyOf(planned.lake);
      const dying = new FakeStore(lake, new Map([[index, 'dies after' as const]]));
      await expect(
        createRunDialogue(portsOf(planned, dying))(rowOf('drifter-5'), GO_ON),
      ).rejects.toMatchObject({ name: 'Killed' });
      const again = await runIn(planned, 'drifter-5', lake);
      expect(textsOf(lake, 'raw/')).toEqual(textsOf(clean.lake, 'raw/'));
      expect(textsOf(lake, 'checkpoints/')).toEqual(textsOf(clean.lake, 'checkpoints/'));
      if (operation.includes('ended')) expect(again.calls.log).toEqual([]);
    }
  });

  it('keeps a half-life that the judges find, and censors by early_stop where they find none', async () => {
    const { lake, row } = await runIn(planned, 'drifter-5');
    const found = await summaryOf(copyOf(lake), row);
    expect(found).toMatchObject({ ended: 'censored', fault: null, is_censored: false, censor_reason: null });
    expect(found.half_life_turn).toBeLessThanOrEqual(8);
    const kind = { 'sim-judge': praise, 'sim-judge-2': praise };
    expect(await summaryOf(copyOf(lake), row, kind)).toMatchObject({
      ended: 'censored',
      fault: null,
      half_life_turn: null,
      is_censored: true,
      censor_reason: 'early_stop',
    });
  });
});
