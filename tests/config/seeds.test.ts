import { describe, expect, it, test } from '@jest/globals';
import { TEST_TYPES, VECTORS } from '../../schemas/common.ts';
import { phaseFileSchema } from '../../schemas/phase-profile.ts';
import { seedFileSchema, STUDENT_MOVES, type Seed } from '../../schemas/seed.ts';
import { filesIn, readJson, repeated, says } from './config-files.ts';

const files = filesIn('seeds').map((name) => ({ name, ...seedFileSchema.parse(readJson(`seeds/${name}`)) }));
const seeds = files.flatMap((file) => file.seeds);
const decoyTerms = filesIn('phases')
  .flatMap((name) => phaseFileSchema.parse(readJson(`phases/${name}`)).profiles)
  .flatMap((profile) => profile.decoys)
  .flatMap((decoy) => decoy.terms);

/** Everything the student may say by themselves. */
function spoken(seed: Seed): string {
  return [
    seed.student_statement,
    ...seed.beats.map((beat) => beat.text),
    ...seed.contradictions.flatMap(({ first, second }) => [first, second]),
  ].join('\n');
}

describe('the seed file', () => {
  test('names itself by its version', () => {
    for (const file of files) expect(`${file.version}.json`).toBe(file.name);
  });

  test('holds at least 24 seeds with ids of their own', () => {
    expect(seeds.length).toBeGreaterThanOrEqual(24);
    expect(repeated(seeds.map((seed) => seed.seed_id))).toEqual([]);
  });

  test('lets every vector meet every test type', () => {
    const met = new Set(seeds.map((seed) => `${seed.vector} ${seed.test_type}`));
    expect(met.size).toBe(VECTORS.length * TEST_TYPES.length);
  });

  test('repeats no beat, fact or topic across seeds', () => {
    const sentences = seeds.flatMap((seed) => [
      ...seed.beats.map((beat) => beat.text),
      ...seed.setting.facts,
      ...seed.setting.topics,
    ]);
    expect(repeated(sentences)).toEqual([]);
  });
});

describe.each(seeds.map((seed) => [seed.seed_id, seed] as const))('seed %s', (_id, seed) => {
  it('is named <test type>-<subject>-<number>', () => {
    expect(seed.seed_id).toMatch(new RegExp(`^${seed.test_type}-[a-z]+-\\d\\d$`));
  });

  it('has beats for every move, several for the common ones', () => {
    const least = { assertion: 2, confusion: 2, example: 2, insight: 2, concession: 2 } as Record<
      string,
      number
    >;
    for (const move of STUDENT_MOVES) {
      const count = seed.beats.filter((beat) => beat.move === move).length;
      expect({ move, isEnough: count >= (least[move] ?? 1) }).toEqual({ move, isEnough: true });
    }
    expect(seed.beats.length).toBeGreaterThanOrEqual(16);
  });

  it('tags a beat with exactly the items whose terms it says', () => {
    for (const beat of seed.beats) {
      const said = seed.salient_items
        .filter((item) => item.terms.some((term) => says(beat.text, term)))
        .map((item) => item.item_id);
      expect({ text: beat.text, ids: beat.item_ids }).toEqual({ text: beat.text, ids: said });
    }
  });

  it('has six salient items or more, each lower-case and brought up by two beats', () => {
    expect(seed.salient_items.length).toBeGreaterThanOrEqual(6);
    expect(repeated(seed.salient_items.map((item) => item.item_id))).toEqual([]);
    for (const item of seed.salient_items) {
      expect(item.terms).toEqual(item.terms.map((term) => term.toLowerCase()));
      expect(item.terms.some((term) => says(item.text, term))).toBe(true);
      const uses = seed.beats.filter((beat) => beat.item_ids.includes(item.item_id)).length;
      expect({ item: item.item_id, isUsed: uses >= 2 }).toEqual({ item: item.item_id, isUsed: true });
    }
  });

  it('has contradictions whose two sides can be told apart by their terms', () => {
    expect(repeated(seed.contradictions.map(({ slot }) => slot))).toEqual([]);
    for (const { first, second, first_terms, second_terms } of seed.contradictions) {
      for (const term of first_terms) {
        expect({ term, inOwn: says(first, term), inOther: says(second, term) }).toEqual({
          term,
          inOwn: true,
          inOther: false,
        });
      }
      for (const term of second_terms) {
        expect({ term, inOwn: says(second, term), inOther: says(first, term) }).toEqual({
          term,
          inOwn: true,
          inOther: false,
        });
      }
    }
  });

  it('gives enough people, topics and facts for pasted material', () => {
    expect(seed.setting.people.length).toBeGreaterThanOrEqual(3);
    expect(seed.setting.topics.length).toBeGreaterThanOrEqual(8);
    expect(seed.setting.facts.length).toBeGreaterThanOrEqual(12);
    expect(repeated([...seed.setting.people, ...seed.setting.topics, ...seed.setting.facts])).toEqual([]);
    expect(seed.setting.people.filter((person) => says(person, seed.student_name))).toEqual([]);
  });

  it('never speaks of a decoy by itself', () => {
    const text = `${spoken(seed)}\n${seed.goal}\n${seed.setting.facts.join('\n')}`;
    expect(decoyTerms.filter((term) => says(text, term))).toEqual([]);
  });
});

describe('seeds of subjects with an answer', () => {
  it.each(['algebra', 'fractions', 'physics', 'chemistry', 'biology', 'statistics', 'probability'])(
    '%s states it',
    (subject) => {
      const seed = seeds.find((candidate) => candidate.domain.includes(subject));
      expect(seed?.reference_answer).toBeDefined();
    },
  );
});
