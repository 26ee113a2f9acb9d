import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { createResilientModels, NETWORK_POLICY } from '../../../adapters/models/resilient-models.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import { ModelError, type ModelErrorKind } from '../../../core/model-error.ts';
import type { ModelsFor } from '../../../core/ports.ts';
import { createJudgeRun } from '../../../core/tasks/judge-run.ts';
import { readCheckpoints } from '../../../core/tasks/read-run.ts';
import { createRunDialogue } from '../../../core/tasks/run-dialogue.ts';
import type { LedgerRow } from '../../../schemas/ledger-row.ts';
import type { PlannedRun } from '../../../schemas/planned-run.ts';
import {
  clock,
  createCalls,
  createFakeBudget,
  createTelemetry,
  GO_ON,
  planBench,
  portsOf,
  simulated,
  type FakeBudget,
  type Planned,
  type Script,
} from './bench.ts';
import { copyOf, FakeStore, textsOf, type Lake } from './fake-store.ts';

const TUTOR = 'metered-sonnet-4-6';
const JUDGE = 'metered-judge-haiku';
const PLAYER = 'metered-haiku-4-5';
let planned: Planned;
let row: PlannedRun;

beforeAll(async () => {
  planned = await planBench((profile) => {
    Object.assign(profile, { models: [TUTOR], turns: 3, budget_usd: 1000 });
    profile.variants = { played: { student: 'model', student_model: PLAYER } };
    profile.judges.primary = JUDGE;
    profile.canary.is_on = false;
  });
  row = planned.rows[0]!;
});

/** The scripted models below the layer that retries, as in production. */
const retried =
  (scripts: Readonly<Record<string, Script>>, maxAttempts: number, calls = createCalls()): ModelsFor =>
  (measure) =>
    createResilientModels(
      simulated(scripts, calls)(measure),
      { clock, random: randomFrom('unanswered'), telemetry: createTelemetry() },
      () => ({ ...NETWORK_POLICY, maxAttempts }),
    );

const failing = (kind: ModelErrorKind, isUnanswered: boolean) =>
  new ModelError(kind, 'no answer within 180 s', { isUnanswered });
/** The first `n` tries of the component in turn 2 end as they are told. */
function firstTries(component: string, n: number, error: ModelError): Script {
  let tries = 0;
  return ({ call }) =>
    call.turn_index === 2 && call.component === component && (tries += 1) <= n ? error : speak(call);
}
const speak = (call: { component: string; turn_index: number }) =>
  call.component === 'student'
    ? { text: `I still think number ${call.turn_index} is right, since the scale says so.` }
    : null;

async function play(
  scripts: Readonly<Record<string, Script>>,
  { maxAttempts = 8, budget = createFakeBudget(), lake = copyOf(planned.lake) } = {},
) {
  const all = { [PLAYER]: (({ call }) => speak(call)) as Script, ...scripts };
  const calls = createCalls();
  const ports = {
    ...portsOf(planned, new FakeStore(lake)),
    budget,
    models: retried(all, maxAttempts, calls),
  };
  const work = async () => {
    await createRunDialogue(ports)(row, GO_ON);
    await createJudgeRun(ports)(row, GO_ON);
  };
  const failure = await work().then(
    () => null,
    (error: unknown) => error,
  );
  const { ledger } = await readCheckpoints(new FakeStore(lake), row.run_id);
  return { failure, lake, ledger, budget, calls };
}
const usd = (ledger: readonly LedgerRow[]) => ledger.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
const estimated = (ledger: readonly LedgerRow[]) => ledger.filter(({ is_estimated }) => is_estimated);
const spent = (budget: FakeBudget) => budget.committed('any');
const recorded = (lake: Lake) =>
  Object.keys(textsOf(lake, 'checkpoints/')).filter((key) => key.includes('unanswered'));

const PAYERS = [
  ['dialogue', TUTOR],
  ['student', PLAYER],
  ['judge', JUDGE],
] as const;

describe('tries that no answer came to', () => {
  test.each(PAYERS)(
    'of a %s are spent at their worst, though a later try is answered',
    async (component, model) => {
      const { failure, ledger, budget, lake } = await play({
        [model]: firstTries(component, 2, failing('unavailable', true)),
      });
      expect(failure).toBeNull();
      const rows = estimated(ledger);
      expect(rows).toHaveLength(2);
      expect(rows[0]).toMatchObject({ component, model, turn_index: 2, run_id: row.run_id });
      const answered = ledger.find(
        (one) => one.component === component && one.turn_index === 2 && !one.is_estimated,
      )!;
      expect(rows[0]!.cost_usd).toBeGreaterThan(answered.cost_usd);
      expect(recorded(lake)).toHaveLength(2);
      expect(await spent(budget)).toBeCloseTo(usd(ledger), 9);
      expect(budget.outstanding.size).toBe(0);
    },
  );

  test.each(PAYERS)(
    'of a %s are spent where the call is given up, and again in the next life',
    async (component, model) => {
      const never = () => ({ [model]: firstTries(component, 99, failing('unavailable', true)) });
      const first = await play(never(), { maxAttempts: 3 });
      expect(first.failure).toMatchObject({ name: 'RetryableError' });
      expect(estimated(first.ledger)).toHaveLength(3);
      expect(await spent(first.budget)).toBeCloseTo(usd(first.ledger), 9);
      const second = await play(never(), { maxAttempts: 3, lake: first.lake, budget: first.budget });
      expect(estimated(second.ledger)).toHaveLength(6);
      expect(await spent(second.budget)).toBeCloseTo(usd(second.ledger), 9);
    },
  );

  test.each(PAYERS)('of a %s are followed by none that the cap has no room for', async (component, model) => {
    const asked = (await play({})).calls.log;
    const at = asked.findIndex((line) => line.startsWith(`${model} ${component} ${row.run_id} 2`));
    const { calls, ledger, budget } = await play(
      { [model]: firstTries(component, 99, failing('unavailable', true)) },
      { budget: createFakeBudget(at + 2) },
    );
    expect(calls.log.filter((line) => line.startsWith(`${model} ${component} ${row.run_id} 2`))).toHaveLength(
      1,
    );
    expect(estimated(ledger)).toHaveLength(1);
    expect(await spent(budget)).toBeCloseTo(usd(ledger), 9);
  });
});

it('tries that were refused cost nothing', async () => {
  const { failure, ledger, budget } = await play({
    [TUTOR]: firstTries('dialogue', 2, failing('unavailable', false)),
  });
  expect(failure).toBeNull();
  expect(estimated(ledger)).toEqual([]);
  expect(await spent(budget)).toBeCloseTo(usd(ledger), 9);
});

describe('a call near the cap', () => {
  test.each(PAYERS)(
    'of a %s waits for the room that calls in flight make when they settle',
    async (component, model) => {
      const asked = (await play({})).calls.log;
      const at = asked.findIndex((line) => line.startsWith(`${model} ${component}`));
      const inner = createFakeBudget();
      let calls = 0;
      const reserve: FakeBudget['reserve'] = (...call) =>
        [at + 1, at + 2].includes((calls += 1)) ? Promise.resolve(null) : inner.reserve(...call);
      const { ledger } = await play({}, { budget: { ...inner, reserve } });
      expect(ledger).toHaveLength(asked.length);
    },
  );
});
