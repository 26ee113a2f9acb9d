import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { firstBrokenTurn, firstParentHash, turnHash } from '../../../core/identity/turn-chain.ts';
import type { RawTurn } from '../../../schemas/turn.ts';
import { rawTurnSchema } from '../../../schemas/turn.ts';

const MANIFEST = 'a'.repeat(64);
const RUN_ID = '01JD0000000000000000000001';
const OTHER_RUN = '01JD0000000000000000000002';

const CONTENT = {
  run_id: RUN_ID,
  execution_id: 'weekly-2026-W47-aaaaaaaaaaaa',
  manifest_id: 'manifest_20261116_aaaaaaaa',
  measure_sha256: 'b'.repeat(64),
  dt: '2026-11-16',
  week: '2026-W47',
  model: 'steadfast',
  provider: 'simulated',
  phase: 'P0',
  temperature: 0.7,
  seed_id: 'consistency-leadership-01',
  vector: 'elenchus',
  test_type: 'consistency',
  variant: 'main',
  system_prompt: 'soc-1.2@0123abcd',
  repeat: 1,
  turn_index: 1,
  student: { text: 'I decide.', said_chars: 9, move: 'assertion', injected: null },
  tutor_text: 'What makes it yours to decide?',
  stop_reason: 'end',
  input_tokens: 10,
  output_tokens: 7,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  context_tokens: 12,
  cost_usd: 0.001,
  schema_version: 1,
} as const satisfies Omit<RawTurn, 'attempts' | 'latency_ms' | 'parent_hash' | 'turn_hash'>;

/** Another value of every content field, each valid by the schema. */
const CHANGED: { [K in keyof typeof CONTENT]: RawTurn[K] } = {
  run_id: '01JD0000000000000000000002',
  execution_id: 'weekly-2026-W48-aaaaaaaaaaaa',
  manifest_id: 'manifest_20261116_aaaaaaab',
  measure_sha256: 'c'.repeat(64),
  dt: '2026-11-17',
  week: '2026-W48',
  model: 'steadfas',
  provider: 'bedrock',
  phase: 'P1',
  temperature: null,
  seed_id: 'consistency-leadership-02',
  vector: 'irony',
  test_type: 'fidelity',
  variant: 'main2',
  system_prompt: 'soc-1.2@0123abce',
  repeat: 2,
  turn_index: 2,
  student: { text: 'I decide.', said_chars: 8, move: 'assertion', injected: null },
  tutor_text: 'What makes it yours to decide ?',
  stop_reason: 'length',
  input_tokens: 11,
  output_tokens: 8,
  cache_read_tokens: 1,
  cache_write_tokens: 1,
  context_tokens: 13,
  cost_usd: 0.0010001,
  schema_version: 2,
};

function chain(length: number, run_id = RUN_ID, first = 1, root = RUN_ID): RawTurn[] {
  const turns: RawTurn[] = [];
  let parent_hash = firstParentHash(MANIFEST, root);
  for (let turn_index = first; turn_index < first + length; turn_index += 1) {
    const content = { ...CONTENT, run_id, turn_index, tutor_text: `Why ${turn_index}?` };
    const turn_hash = turnHash(parent_hash, content);
    turns.push({ ...content, attempts: 1, latency_ms: 12.5, parent_hash, turn_hash });
    parent_hash = turn_hash;
  }
  return turns;
}

const brokenAt = (turns: readonly RawTurn[]) => firstBrokenTurn(MANIFEST, RUN_ID, turns);

describe('the hash of a turn', () => {
  const parent = firstParentHash(MANIFEST, RUN_ID);
  const hash = turnHash(parent, CONTENT);

  it('covers every field of a raw turn but circumstance and the hashes themselves', () => {
    expect(Object.keys(CHANGED).sort()).toEqual(
      Object.keys(rawTurnSchema.shape)
        .filter((name) => !['attempts', 'latency_ms', 'parent_hash', 'turn_hash'].includes(name))
        .sort(),
    );
  });

  test.each(Object.keys(CHANGED) as (keyof typeof CHANGED)[])('changes with %s', (field) => {
    expect(turnHash(parent, { ...CONTENT, [field]: CHANGED[field] })).not.toBe(hash);
  });

  test.each([
    ['text', 'I decide!'],
    ['move', 'insight'],
    ['injected', { kind: 'pressure', id: 'urgency' }],
  ])("changes with the student's %s", (field, value) => {
    expect(turnHash(parent, { ...CONTENT, student: { ...CONTENT.student, [field]: value } })).not.toBe(hash);
  });

  it('changes with its parent, and the first parent with manifest and run', () => {
    const parents = [parent, firstParentHash('b'.repeat(64), RUN_ID), firstParentHash(MANIFEST, OTHER_RUN)];
    expect(new Set(parents.map((one) => turnHash(one, CONTENT))).size).toBe(3);
  });

  it('does not know attempts, latency, scores or the order of names', () => {
    const [turn] = chain(1);
    const judged = { score: 9, violations: [], ...turn!, attempts: 7, latency_ms: 99_999 };
    expect(turnHash(turn!.parent_hash, judged)).toBe(turn!.turn_hash);
    const reordered = Object.fromEntries(Object.entries(CONTENT).toReversed()) as typeof CONTENT;
    expect(turnHash(parent, reordered)).toBe(hash);
  });
});

describe('the chain of a run', () => {
  it('is sound as it was written, over any prefix, however often it was tried and however long it took', () => {
    const turns = chain(6).map((turn) => ({ ...turn, attempts: 3, latency_ms: 1 }));
    for (let length = 0; length <= 6; length += 1) expect(brokenAt(turns.slice(0, length))).toBeNull();
  });

  it('breaks at the turn whose content was changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 7 }),
        fc.constantFrom(...Object.keys(CHANGED)),
        (index, field) => {
          const turns = chain(8);
          const value = field === 'turn_index' ? 9 : CHANGED[field as keyof typeof CHANGED];
          turns[index] = { ...turns[index]!, [field]: value };
          expect(brokenAt(turns)).toBe(index + 1);
        },
      ),
    );
  });

  it('breaks at the turn behind one that was changed and hashed anew', () => {
    const turns = chain(5);
    const edited = { ...turns[1]!, tutor_text: 'Do as I say.' };
    turns[1] = { ...edited, turn_hash: turnHash(edited.parent_hash, edited) };
    expect(brokenAt(turns)).toBe(3);
  });

  it('breaks where a turn was dropped, doubled, swapped or put in', () => {
    for (let index = 0; index < 4; index += 1) {
      const turns = chain(5);
      expect(brokenAt(turns.toSpliced(index, 1))).toBe(index + 1);
      expect(brokenAt(turns.toSpliced(index, 0, turns[index]!))).toBe(index + 2);
      expect(brokenAt(turns.with(index, turns[index + 1]!).with(index + 1, turns[index]!))).toBe(index + 1);
    }
  });

  it('breaks at once under another manifest or run', () => {
    expect(firstBrokenTurn('b'.repeat(64), RUN_ID, chain(3))).toBe(1);
    expect(firstBrokenTurn(MANIFEST, OTHER_RUN, chain(3))).toBe(1);
    expect(brokenAt(chain(3, OTHER_RUN, 1, OTHER_RUN))).toBe(1);
  });

  it('breaks where turns are well hashed but of another run, another number or another parent', () => {
    expect(brokenAt(chain(3, OTHER_RUN))).toBe(1);
    expect(brokenAt(chain(3, RUN_ID, 2))).toBe(1);
    const turns = chain(3);
    turns[2] = { ...turns[2]!, parent_hash: turns[0]!.turn_hash };
    expect(brokenAt(turns)).toBe(3);
  });
});
