import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { ModelError } from '../../../core/model-error.ts';
import { readCheckpoints } from '../../../core/tasks/read-run.ts';
import { createRunDialogue } from '../../../core/tasks/run-dialogue.ts';
import type { Ended } from '../../../schemas/checkpoint.ts';
import type { LedgerRow } from '../../../schemas/ledger-row.ts';
import type { PlannedRun } from '../../../schemas/planned-run.ts';
import type { RawTurn } from '../../../schemas/turn.ts';
import {
  createCalls,
  createFakeBudget,
  GO_ON,
  planBench,
  portsOf,
  TURNS,
  type Planned,
  type Script,
} from './bench.ts';
import { copyOf, FakeStore, textsOf, type Fate, type Lake } from './fake-store.ts';

const PLAYER = 'metered-haiku-4-5';
let planned: Planned;
let row: PlannedRun;
let clean: Lake;
let operations: readonly string[];

const speak: Script = ({ call }) =>
  call.component === 'student'
    ? { text: `I still think number ${call.turn_index} is right, since the scale says so.` }
    : null;

beforeAll(async () => {
  planned = await planBench((profile) => {
    profile.models = ['steadfast'];
    profile.variants = { played: { student: 'model', student_model: PLAYER } };
  });
  row = planned.rows[0]!;
  clean = copyOf(planned.lake);
  const store = new FakeStore(clean);
  await createRunDialogue(portsOf(planned, store, { [PLAYER]: speak }))(row, GO_ON);
  operations = store.operations;
});

const traces = (lake: Lake) => ({ ...textsOf(lake, 'checkpoints/'), ...textsOf(lake, 'raw/') });
const turnsOf = (lake: Lake) =>
  (textsOf(lake, 'raw/')[lakeKeys.raw(row)] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RawTurn);
const endedOf = (lake: Lake) =>
  JSON.parse(textsOf(lake, lakeKeys.ended(row.run_id))[lakeKeys.ended(row.run_id)]!) as Ended;

async function runWith(script: Script, lake = copyOf(planned.lake), changes: Partial<PlannedRun> = {}) {
  const calls = createCalls();
  const ports = portsOf(planned, new FakeStore(lake), { [PLAYER]: script }, calls);
  return { outcome: await createRunDialogue(ports)({ ...row, ...changes }, GO_ON), lake, calls, ports };
}

describe('a student that a model plays', () => {
  it('speaks in every turn after its first statement, and its words are kept before the tutor is called', () => {
    const students = operations.filter((operation) => /^putIfAbsent .*student-/.test(operation));
    expect(students.length).toBeGreaterThanOrEqual(TURNS - 1);
    const turns = turnsOf(clean);
    expect(turns).toHaveLength(TURNS);
    for (const turn of turns.slice(1))
      expect(turn.student.text).toContain(`number ${turn.turn_index} is right`);
    for (const [at, operation] of operations.entries()) {
      if (!students.includes(operation)) continue;
      expect(operations[at + 1]).toBe(operation.replace('student-', 'turn-'));
    }
  });

  it('is billed in rows of its own, and nothing stays reserved', async () => {
    const { lake, ports, calls } = await runWith(speak);
    expect(ports.budget.outstanding.size).toBe(0);
    const rows = Object.values(textsOf(lake, 'checkpoints/')).flatMap(
      (text) => (JSON.parse(text) as { ledger: LedgerRow[] }).ledger,
    );
    expect(rows).toHaveLength(calls.log.length);
    const own = rows.filter(({ component }) => component === 'student');
    expect(own).toHaveLength(calls.count('student'));
    expect(own.every(({ model, cost_usd }) => model === PLAYER && cost_usd > 0)).toBe(true);
  });

  test.each(['dies before', 'dies after', 'unavailable'] as Fate[])(
    'is asked again once at most by a runner whose forerunner %s an operation, whichever',
    async (fate) => {
      const cleanCalls = (await runWith(speak)).calls.log.length;
      for (let index = 0; index < operations.length; index += 1) {
        const lake = copyOf(planned.lake);
        const calls = createCalls();
        const dying = portsOf(
          planned,
          new FakeStore(lake, new Map([[index, fate]])),
          { [PLAYER]: speak },
          calls,
        );
        await expect(createRunDialogue(dying)(row, GO_ON)).rejects.toMatchObject({
          name: fate === 'unavailable' ? 'StoreUnavailable' : 'Killed',
        });
        await createRunDialogue(portsOf(planned, new FakeStore(lake), { [PLAYER]: speak }, calls))(
          row,
          GO_ON,
        );
        expect({ index, traces: traces(lake) }).toEqual({ index, traces: traces(clean) });
        expect(calls.log.length).toBeLessThanOrEqual(cleanCalls + 1);
      }
    },
  );

  it('that answered before the kill is not asked again, though it would now say something else', async () => {
    const lake = copyOf(planned.lake);
    const at = operations.findIndex(
      (operation) => operation.includes('student-0003') && operation.startsWith('put'),
    );
    const dying = portsOf(planned, new FakeStore(lake, new Map([[at, 'dies after']])), { [PLAYER]: speak });
    await expect(createRunDialogue(dying)(row, GO_ON)).rejects.toMatchObject({ name: 'Killed' });
    await runWith(
      ({ call }) => ({ text: `Something else entirely, number ${call.turn_index} perhaps.` }),
      lake,
    );
    expect(turnsOf(lake)[2]!.student.text).toContain('number 3 is right');
    expect(turnsOf(lake)[3]!.student.text).toContain('Something else');
  });

  it("is asked again after an answer that is no student's, and the third such answer ends the run, fault student", async () => {
    const mended = await runWith((request, count) =>
      request.call.turn_index === 3 && request.call.ask < 3 ? { text: ' ' } : speak(request, count),
    );
    expect(mended.outcome.status).toBe('done');
    expect(
      mended.calls.log
        .filter((line) => line.includes(' student ') && line.split(' ')[3] === '3')
        .map((line) => line.split(' ')[4]),
    ).toEqual(['1', '2', '3']);
    const failed = await runWith((request, count) =>
      request.call.turn_index === 3 ? { text: ' ' } : speak(request, count),
    );
    expect(failed.outcome).toEqual({ status: 'ended_early', turns: 2 });
    expect(endedOf(failed.lake)).toMatchObject({ last_turn: 2, reason: 'student', fault: 'student' });
    expect(failed.ports.budget.outstanding.size).toBe(0);
    const { ledger } = await readCheckpoints(new FakeStore(failed.lake), row.run_id);
    expect(ledger.filter(({ component }) => component === 'student')).toHaveLength(
      failed.calls.count('student'),
    );
    const again = await runWith(speak, failed.lake, { retry_errors: true });
    expect(again.outcome.status).toBe('done');
    expect(turnsOf(failed.lake)).toEqual(turnsOf(clean));
    expect(
      again.calls.log.filter((line) => line.split(' ')[3] === '3' && line.includes(' student ')),
    ).toEqual([`${PLAYER} student ${row.run_id} 3 4`]);
  });

  test.each(['access', 'context_overflow', 'invalid'] as const)(
    'that cannot go on (%s) is the fault of the student, never of the tutor; nothing stays reserved',
    async (kind) => {
      const { lake, ports, calls } = await runWith((request, count) =>
        request.call.turn_index === 4 ? new ModelError(kind, 'no') : speak(request, count),
      );
      expect(endedOf(lake)).toMatchObject({ last_turn: 3, reason: 'student', fault: 'student', error: 'no' });
      expect(calls.count('dialogue')).toBe(3);
      expect(ports.budget.outstanding.size).toBe(0);
    },
  );

  it('that is throttled fails the task to be tried again, and nothing stays reserved', async () => {
    const ports = portsOf(planned, new FakeStore(copyOf(planned.lake)), {
      [PLAYER]: (request, count) =>
        request.call.turn_index === 4 ? new ModelError('throttled', 'later') : speak(request, count),
    });
    await expect(createRunDialogue(ports)(row, GO_ON)).rejects.toMatchObject({ name: 'RetryableError' });
    expect(ports.budget.outstanding.size).toBe(0);
  });

  it('that the budget cannot pay ends the run with nobody at fault', async () => {
    const lake = copyOf(planned.lake);
    const ports = {
      ...portsOf(planned, new FakeStore(lake), { [PLAYER]: speak }),
      budget: createFakeBudget(4),
    };
    await createRunDialogue(ports)(row, GO_ON);
    expect(endedOf(lake)).toMatchObject({ reason: 'budget', fault: null });
  });
});
