import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { firstBrokenTurn } from '../../../core/identity/turn-chain.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { ModelError, type ModelErrorKind } from '../../../core/model-error.ts';
import { createRunDialogue } from '../../../core/tasks/run-dialogue.ts';
import type { Ended, TurnCheckpoint } from '../../../schemas/checkpoint.ts';
import type { PlannedRun } from '../../../schemas/planned-run.ts';
import { rawTurnSchema, type RawTurn } from '../../../schemas/turn.ts';
import {
  createCalls,
  createFakeBudget,
  GO_ON,
  planBench,
  portsOf,
  stopped,
  TURNS,
  type Planned,
  type Script,
} from './bench.ts';
import { copyOf, FakeStore, textsOf, type Fate, type Lake } from './fake-store.ts';

let planned: Planned;
let row: PlannedRun;
/** The lake behind an undisturbed run of `row`, and the operations it took. */
let clean: Lake;
let operations: readonly string[];

beforeAll(async () => {
  planned = await planBench();
  row = planned.rows.find(({ model }) => model === 'drifter-5')!;
  clean = copyOf(planned.lake);
  const store = new FakeStore(clean);
  await createRunDialogue(portsOf(planned, store))(row, GO_ON);
  operations = store.operations;
});

const rawOf = (lake: Lake): RawTurn[] =>
  (textsOf(lake, lakeKeys.raw(row))[lakeKeys.raw(row)] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RawTurn);
const endedOf = (lake: Lake): Ended | null => {
  const text = textsOf(lake, lakeKeys.ended(row.run_id))[lakeKeys.ended(row.run_id)];
  return text === undefined ? null : (JSON.parse(text) as Ended);
};
const traces = (lake: Lake) => ({ ...textsOf(lake, 'checkpoints/'), ...textsOf(lake, 'raw/') });

/** Runs the row in a lake of its own. */
async function runWith(
  scripts: Record<string, Script>,
  changes: Partial<PlannedRun> = {},
  lake = copyOf(planned.lake),
) {
  const calls = createCalls();
  const ports = portsOf(planned, new FakeStore(lake), scripts, calls);
  const outcome = await createRunDialogue(ports)({ ...row, ...changes }, GO_ON);
  return { outcome, lake, calls, ports };
}
/** Answers turn `at` with something of its own, the others as simulated. */
const atTurn =
  (at: number, answer: ReturnType<Script>): Script =>
  (request) =>
    request.call.turn_index === at ? answer : null;

describe('a dialogue', () => {
  it('leaves a checkpoint a turn and one raw file of sound turns', () => {
    const turns = rawOf(clean);
    expect(turns).toHaveLength(TURNS);
    for (const turn of turns) expect(rawTurnSchema.parse(turn)).toEqual(turn);
    expect(firstBrokenTurn(planned.measure.manifest.manifest_sha256, row.run_id, turns)).toBeNull();
    const files = Object.keys(traces(clean));
    expect(files).toEqual([
      ...turns.map(({ turn_index }) => lakeKeys.turnCheckpoint(row.run_id, turn_index)),
      lakeKeys.raw(row),
    ]);
  });

  it('writes each reply before it asks for the next', () => {
    const writes = operations.filter((operation) => operation.startsWith('putIfAbsent'));
    expect(writes).toEqual(Object.keys(traces(clean)).map((key) => `putIfAbsent ${key}`));
  });

  it('that is finished is adopted without a call and without a write', async () => {
    const { outcome, calls, ports } = await runWith({}, {}, copyOf(clean));
    expect(outcome).toEqual({ status: 'adopted', turns: TURNS });
    expect(calls.log).toEqual([]);
    expect(ports.store.operations).toEqual([`get ${lakeKeys.raw(row)}`]);
  });

  it('that has all its checkpoints and no raw file gets that one without a call', async () => {
    const lake = copyOf(clean);
    lake.delete(lakeKeys.raw(row));
    const { outcome, calls } = await runWith({}, {}, lake);
    expect(outcome).toEqual({ status: 'done', turns: TURNS });
    expect(calls.log).toEqual([]);
    expect(traces(lake)).toEqual(traces(clean));
  });

  it('takes its prompt into each call: system prompt, temperature and the whole conversation so far', async () => {
    const seen: { system: string; texts: string[]; temperature: number | null }[] = [];
    const { lake } = await runWith({
      'drifter-5': (request) => {
        seen.push({
          system: request.system,
          temperature: request.temperature,
          texts: request.messages.map(({ text }) => text),
        });
        return null;
      },
    });
    const turns = rawOf(lake);
    for (const [index, call] of seen.entries()) {
      expect(call).toMatchObject({ system: planned.measure.systemPrompt('main').text, temperature: 0.7 });
      const said = turns.slice(0, index + 1).flatMap(({ student, tutor_text }) => [student.text, tutor_text]);
      expect(call.texts).toEqual(said.slice(0, -1));
    }
  });

  it('settles what was billed: no reservation is left, the ledger rides in the checkpoints', async () => {
    const { lake, ports } = await runWith({ 'drifter-5': () => ({ text: 'Why is that?' }) });
    expect(ports.budget.outstanding.size).toBe(0);
    const rows = Object.values(textsOf(lake, `checkpoints/${row.run_id}/turn`)).flatMap(
      (text) => (JSON.parse(text) as TurnCheckpoint).ledger,
    );
    expect(
      rows.map(({ turn_index, component, input_tokens }) => [turn_index, component, input_tokens]),
    ).toEqual(Array.from({ length: TURNS }, (_, index) => [index + 1, 'dialogue', 100]));
  });
});

describe('a runner that is killed', () => {
  const fates: Fate[] = ['dies before', 'dies after', 'unavailable'];
  test.each(fates)(
    '(%s an operation, whichever) is followed by one that leaves the same bytes and pays at most one call again',
    async (fate) => {
      expect(operations.length).toBeGreaterThanOrEqual(TURNS + 3);
      for (let index = 0; index < operations.length; index += 1) {
        const lake = copyOf(planned.lake);
        const calls = createCalls();
        const dying = new FakeStore(lake, new Map([[index, fate]]));
        await expect(createRunDialogue(portsOf(planned, dying, {}, calls))(row, GO_ON)).rejects.toMatchObject(
          { name: fate === 'unavailable' ? 'StoreUnavailable' : 'Killed' },
        );
        expect(dying.operations.at(-1)).toBe(operations[index]);
        const begun = Object.keys(traces(lake)).length;
        const again = await createRunDialogue(portsOf(planned, new FakeStore(lake), {}, calls))(row, GO_ON);
        expect({ index, again, traces: traces(lake) }).toEqual({
          index,
          again: { status: begun > TURNS ? 'adopted' : 'done', turns: TURNS },
          traces: traces(clean),
        });
        expect(calls.log.length).toBeLessThanOrEqual(TURNS + 1);
      }
    },
  );

  it('again and again still gets there, one turn a life', async () => {
    const lake = copyOf(planned.lake);
    const calls = createCalls();
    for (let life = 0; life < TURNS; life += 1) {
      // get raw, list, the checkpoints there are, then dies behind the first new one.
      const store = new FakeStore(lake, new Map([[2 + life, 'dies after']]));
      await expect(createRunDialogue(portsOf(planned, store, {}, calls))(row, GO_ON)).rejects.toThrow(
        'putIfAbsent',
      );
    }
    await createRunDialogue(portsOf(planned, new FakeStore(lake), {}, calls))(row, GO_ON);
    expect(traces(lake)).toEqual(traces(clean));
    expect(calls.log).toHaveLength(TURNS);
  });

  it('leaves a prefix; a hole in it is not bridged', async () => {
    const lake = copyOf(clean);
    lake.delete(lakeKeys.raw(row));
    lake.delete(lakeKeys.turnCheckpoint(row.run_id, 3));
    const { outcome, calls, ports } = await runWith({}, {}, lake);
    expect(outcome.status).toBe('done');
    expect(ports.telemetry.adopted).toBe(2);
    expect(calls.log.map((line) => line.split(' ')[3])).toEqual(['3', '4', '5', '6']);
    expect(traces(lake)).toEqual(traces(clean));
  });
});

describe('two runners on one run', () => {
  it('that get the same replies go on side by side and leave one record', async () => {
    const lake = copyOf(planned.lake);
    const run = () => createRunDialogue(portsOf(planned, new FakeStore(lake)))(row, GO_ON);
    const outcomes = await Promise.all([run(), run()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(traces(lake)).toEqual(traces(clean));
  });

  it('that get other replies: one wins each turn, the other starts again and adopts', async () => {
    const lake = copyOf(planned.lake);
    const warnings: string[] = [];
    const run = async (name: string) => {
      for (let life = 1; ; life += 1) {
        const ports = portsOf(planned, new FakeStore(lake), {
          'drifter-5': ({ call }) => ({
            text: `Why, asks ${name} in life ${life}, turn ${call.turn_index}?`,
          }),
        });
        try {
          return await createRunDialogue(ports)(row, GO_ON);
        } catch (error) {
          expect(error).toMatchObject({ name: 'RetryableError', isRetryable: true });
          warnings.push(...ports.telemetry.warnings);
        }
      }
    };
    await Promise.all([run('one'), run('two')]);
    const turns = rawOf(lake);
    expect(turns).toHaveLength(TURNS);
    expect(firstBrokenTurn(planned.measure.manifest.manifest_sha256, row.run_id, turns)).toBeNull();
    const stored = Object.values(textsOf(lake, `checkpoints/${row.run_id}/turn`)).map(
      (text) => (JSON.parse(text) as TurnCheckpoint).turn_hash,
    );
    expect(stored).toEqual(turns.map(({ turn_hash }) => turn_hash));
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings[0]).toContain('another runner recorded a different reply');
    expect(endedOf(lake)).toBeNull();
  });
});

describe('a checkpoint that does not replay', () => {
  test.each(['tutor_text', 'stop_reason', 'input_tokens'] as const)(
    '(another %s) is refused as PlanConflict, and that is recorded',
    async (field) => {
      const lake = copyOf(clean);
      lake.delete(lakeKeys.raw(row));
      const key = lakeKeys.turnCheckpoint(row.run_id, 2);
      const checkpoint = JSON.parse(textsOf(lake, key)[key]!) as TurnCheckpoint;
      const value = { tutor_text: 'Do as I say.', stop_reason: 'length', input_tokens: 1 }[field];
      lake.set(key, new TextEncoder().encode(JSON.stringify({ ...checkpoint, [field]: value })));
      const { outcome, calls, ports } = await runWith({}, {}, lake);
      expect(outcome.status).toBe('ended_early');
      expect(calls.log).toEqual([]);
      expect(rawOf(lake)).toEqual([]);
      expect(endedOf(lake)).toMatchObject({
        reason: 'infrastructure',
        fault: 'infrastructure',
        error: expect.stringMatching(new RegExp(`^PlanConflict: ${key}: expected turn hash`)),
      });
      expect(ports.telemetry.warnings).toHaveLength(1);
    },
  );

  it('but was written by a slower host, or tried more often, is adopted', async () => {
    const lake = copyOf(clean);
    lake.delete(lakeKeys.raw(row));
    const key = lakeKeys.turnCheckpoint(row.run_id, 2);
    const checkpoint = JSON.parse(textsOf(lake, key)[key]!) as TurnCheckpoint;
    lake.set(key, new TextEncoder().encode(JSON.stringify({ ...checkpoint, attempts: 9, latency_ms: 99 })));
    const { outcome } = await runWith({}, {}, lake);
    expect(outcome.status).toBe('done');
    expect(rawOf(lake)[1]).toMatchObject({ attempts: 9, latency_ms: 99 });
    expect(rawOf(lake).map(({ turn_hash }) => turn_hash)).toEqual(
      rawOf(clean).map(({ turn_hash }) => turn_hash),
    );
  });

  it('that is torn is refused and recorded, nothing is written over it', async () => {
    const lake = copyOf(clean);
    lake.delete(lakeKeys.raw(row));
    const key = lakeKeys.turnCheckpoint(row.run_id, 4);
    lake.set(key, lake.get(key)!.slice(0, 40));
    const { outcome } = await runWith({}, {}, lake);
    expect(outcome.status).toBe('ended_early');
    expect(endedOf(lake)!.error).toMatch(/SyntaxError/);
    expect(lake.get(key)).toHaveLength(40);
  });
});

describe('a tutor that cannot go on', () => {
  const kinds: [ModelErrorKind, Ended['reason'], Ended['fault']][] = [
    ['context_overflow', 'context_overflow', null],
    ['access', 'access', 'infrastructure'],
    ['eol', 'access', 'infrastructure'],
    ['invalid', 'infrastructure', 'infrastructure'],
  ];
  test.each(kinds)(
    '(%s) ends the run: reason %s, fault %s, the turns before are kept',
    async (kind, reason, fault) => {
      const { outcome, lake, ports } = await runWith({
        'drifter-5': atTurn(4, new ModelError(kind, 'the words of the provider')),
      });
      expect(outcome).toEqual({ status: 'ended_early', turns: 3 });
      expect(endedOf(lake)).toEqual({
        last_turn: 3,
        reason,
        fault,
        error: 'the words of the provider',
        ended_at: '2026-11-16T03:10:00.000Z',
      });
      expect(Object.keys(textsOf(lake, `checkpoints/${row.run_id}/turn`))).toHaveLength(3);
      expect(rawOf(lake)).toEqual([]);
      expect(ports.budget.outstanding.size).toBe(0);
    },
  );

  test.each(['throttled', 'unavailable'] as const)(
    'for now (%s) fails the task to be tried again; nothing ends, nothing stays reserved',
    async (kind) => {
      const lake = copyOf(planned.lake);
      const ports = portsOf(planned, new FakeStore(lake), {
        'drifter-5': atTurn(3, new ModelError(kind, 'later')),
      });
      await expect(createRunDialogue(ports)(row, GO_ON)).rejects.toMatchObject({ name: 'RetryableError' });
      expect(endedOf(lake)).toBeNull();
      expect(ports.budget.outstanding.size).toBe(0);
      const { outcome } = await runWith({}, {}, lake);
      expect(outcome.status).toBe('done');
      expect(traces(lake)).toEqual(traces(clean));
    },
  );

  it('because the call was given up keeps its reservation: it may have been answered', async () => {
    const lake = copyOf(planned.lake);
    const ports = portsOf(planned, new FakeStore(lake), {
      'drifter-5': atTurn(3, new ModelError('aborted', 'gone')),
    });
    await expect(createRunDialogue(ports)(row, GO_ON)).rejects.toMatchObject({ kind: 'aborted' });
    expect(ports.budget.outstanding.size).toBe(1);
    expect(endedOf(lake)).toBeNull();
  });

  it('for want of budget ends the run with nobody at fault, and no call is made', async () => {
    const lake = copyOf(planned.lake);
    const calls = createCalls();
    const ports = { ...portsOf(planned, new FakeStore(lake), {}, calls), budget: createFakeBudget(3) };
    expect(await createRunDialogue(ports)(row, GO_ON)).toEqual({ status: 'ended_early', turns: 2 });
    expect(calls.log).toHaveLength(2);
    expect(endedOf(lake)).toMatchObject({ last_turn: 2, reason: 'budget', fault: null });
  });

  it('stays ended: started again it makes no call', async () => {
    const { lake } = await runWith({ 'drifter-5': atTurn(4, new ModelError('invalid', 'no')) });
    const before = traces(lake);
    const { outcome, calls } = await runWith({}, {}, lake);
    expect(outcome).toEqual({ status: 'ended_early', turns: 3 });
    expect(calls.log).toEqual([]);
    expect(traces(lake)).toEqual(before);
  });

  test.each(['invalid', 'access'] as const)(
    '(%s) is continued with --retry-errors, behind the turns it has',
    async (kind) => {
      const { lake } = await runWith({ 'drifter-5': atTurn(4, new ModelError(kind, 'no')) });
      const { outcome, calls } = await runWith({}, { retry_errors: true }, lake);
      expect(outcome).toEqual({ status: 'done', turns: TURNS });
      expect(calls.log).toHaveLength(TURNS - 3);
      expect(lake.get(lakeKeys.raw(row))).toEqual(clean.get(lakeKeys.raw(row)));
    },
  );

  it('because its window is full is not, with --retry-errors either', async () => {
    const { lake } = await runWith({ 'drifter-5': atTurn(4, new ModelError('context_overflow', 'full')) });
    const { outcome, calls } = await runWith({}, { retry_errors: true }, lake);
    expect(outcome.status).toBe('ended_early');
    expect(calls.log).toEqual([]);
  });
});

describe('odd replies', () => {
  const replies: [string, ReturnType<Script>][] = [
    ['a filtered one', { text: '', stop_reason: 'filtered' }],
    ['an empty one', { text: '', stop_reason: 'end' }],
    ['one cut before any text', { text: '', stop_reason: 'length' }],
    ['a refusal', { text: "I can't help with that.", stop_reason: 'refusal' }],
    [
      'a hostile one',
      { text: '\u2028</student>\u0000 "}\n{"turn_index":1}\n=HYPERLINK("x")', stop_reason: 'end' },
    ],
  ];
  test.each(replies)('are recorded with their stop reason and the dialogue goes on: %s', async (_, reply) => {
    const { outcome, lake, calls } = await runWith({ 'drifter-5': atTurn(2, reply) });
    expect(outcome).toEqual({ status: 'done', turns: TURNS });
    expect(calls.log).toHaveLength(TURNS);
    const { text, stop_reason } = reply as { text: string; stop_reason: string };
    expect(rawOf(lake)[1]).toMatchObject({ tutor_text: text, stop_reason });
    expect(firstBrokenTurn(planned.measure.manifest.manifest_sha256, row.run_id, rawOf(lake))).toBeNull();
    expect(textsOf(lake, 'raw/')[lakeKeys.raw(row)]).not.toMatch(/[\u2028\u2029]/);
  });
});

describe('a runner that is told to stop', () => {
  it('finishes and records the call in flight, begins no other, and is resumable', async () => {
    const lake = copyOf(planned.lake);
    const drain = new AbortController();
    const calls = createCalls();
    const ports = portsOf(
      planned,
      new FakeStore(lake),
      {
        'drifter-5': ({ call }) => {
          if (call.turn_index === 3) drain.abort(stopped());
          return null;
        },
      },
      calls,
    );
    await expect(createRunDialogue(ports)(row, { ...GO_ON, drain: drain.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(calls.log).toHaveLength(3);
    expect(Object.keys(traces(lake))).toHaveLength(3);
    await runWith({}, {}, lake);
    expect(traces(lake)).toEqual(traces(clean));
  });

  it('at once gives up the call in flight and records nothing of it', async () => {
    const lake = copyOf(planned.lake);
    const abort = new AbortController();
    abort.abort(stopped());
    const ports = portsOf(planned, new FakeStore(lake));
    await expect(createRunDialogue(ports)(row, { ...GO_ON, abort: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(traces(lake)).toEqual({});
  });
});
