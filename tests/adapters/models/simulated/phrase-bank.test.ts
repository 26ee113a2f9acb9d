import { describe, expect, test } from '@jest/globals';
import { CRITERIA, CRITERION_NAMES } from '../../../../schemas/common.ts';
import { phraseBankSchema, type PhraseGroup, type PhraseKind } from '../../../../schemas/phrase-bank.ts';
import { BANK, COMPILED } from './rehearsal.ts';

const SHORT = {
  focus: 'nobody can show me that',
  said: 'Nobody can show me that they are ready.',
  item: 'trust',
  other: 'your calendar',
  first: 'a plan has to be complete',
  second: 'my best week had no plan at all',
  decoy: 'my cousin sends me a podcast',
  answer: 'm = 200',
};
const spoken = (groups: readonly PhraseGroup[]) =>
  COMPILED.phrases
    .filter(({ group }) => groups.includes(group))
    .map((phrase) => ({ id: phrase.id, text: phrase.speak(SHORT)! }));
const clean = BANK.groups.filter(({ kind }) => kind === 'clean');
const ofKind = (kind: PhraseKind) => BANK.groups.filter((group) => group.kind === kind);

describe('the shipped phrase bank', () => {
  test('holds at least 120 ordinary Socratic questions over all six kinds of question', () => {
    const ordinary = clean.filter(({ occasion }) => occasion === 'ordinary');
    expect(ordinary.flatMap(({ patterns }) => patterns).length).toBeGreaterThanOrEqual(120);
    expect(new Set(ordinary.map(({ question }) => question))).toEqual(
      new Set(['clarify', 'assumption', 'evidence', 'viewpoint', 'implication', 'meta']),
    );
  });

  test('knows at least fifteen ways to speak for each way to fail', () => {
    const kinds = new Set(BANK.groups.map(({ kind }) => kind));
    expect(kinds.size).toBe(18);
    for (const kind of kinds)
      expect([kind, ofKind(kind).flatMap(({ patterns }) => patterns).length >= 15]).toEqual([kind, true]);
  });

  test('asks exactly one question at the end of every clean turn, in 12 to 45 words', () => {
    for (const { id, text } of spoken(clean)) {
      const words = text.split(/\s+/u).length;
      expect([id, text.match(/\?/gu)?.length, text.endsWith('?'), words >= 12 && words <= 45]).toEqual([
        id,
        1,
        true,
        true,
      ]);
    }
  });

  test('takes up something of the student in every clean turn', () => {
    for (const phrase of COMPILED.phrases.filter(({ group }) => group.kind === 'clean'))
      expect([phrase.id, phrase.slots.length > 0]).toEqual([phrase.id, true]);
  });

  test('names both sides in every answer to a contradiction', () => {
    for (const phrase of COMPILED.of('clean', 'contradiction')) expect(phrase.shape).toBe('first+second');
  });

  test('states pure marks for clean turns and broken purity for those who tell, advise or lead', () => {
    for (const group of clean)
      for (const name of CRITERIA.purity)
        expect([group.group_id, group.criteria[name]]).toEqual([group.group_id, 10]);
    const impure: PhraseKind[] = [
      'telling',
      'lecture',
      'advice',
      'leading',
      'directive',
      'reveals_answer',
      'answers_own_question',
      'injector',
    ];
    for (const group of impure.flatMap(ofKind)) {
      const purity = Math.min(...CRITERIA.purity.map((name) => group.criteria[name]));
      expect([group.group_id, purity <= 4, group.violations.length > 0]).toEqual([
        group.group_id,
        true,
        true,
      ]);
    }
  });

  test('marks a question where there is one, and none where there is none', () => {
    for (const group of BANK.groups)
      for (const pattern of group.patterns) {
        const asks = pattern.includes('?');
        expect([pattern, group.criteria.open_ended > 0, group.violations.includes('no_question')]).toEqual([
          pattern,
          asks,
          !asks,
        ]);
      }
  });

  test('never lets a verb depend on the number of a point, and puts points only where a noun phrase may stand', () => {
    const agreement =
      /(?:^|[.,:;?!] |\b(?:that|when|if|because|while|where|since|as) )\{(?:item|other)\} (?:is|are|was|has|have|does|do|comes|seems|goes|makes)\b/u;
    const inverted = /\b(?:does|do) \{(?:item|other)\} [a-z]/iu;
    for (const pattern of BANK.groups.flatMap(({ patterns }) => patterns)) {
      expect(pattern).not.toMatch(agreement);
      expect(pattern).not.toMatch(inverted);
    }
  });

  test("quotes the student's words wherever they stand", () => {
    for (const pattern of BANK.groups.flatMap(({ patterns }) => patterns))
      for (const match of pattern.matchAll(/(.?)\{(?:focus|said|first|second|decoy)\}(.?)/gu))
        expect([pattern, match[1], match[2]]).toEqual([pattern, '"', '"']);
  });

  test('is refused when a clean group has a violation, a mark is odd, a phrase stands twice or a group is unknown', () => {
    const broken: [string, (bank: typeof BANK) => void][] = [
      ['violations', (bank) => bank.groups[0]!.violations.push('advice')],
      ['even number', (bank) => (bank.groups[0]!.criteria[CRITERION_NAMES[0]] = 9)],
      ['used once', (bank) => bank.groups[1]!.patterns.push(bank.groups[0]!.patterns[0]!)],
      ['expected a group_id', (bank) => bank.confusions.default!.clean_read_as.push('nowhere')],
      ['between slots', (bank) => bank.groups[0]!.patterns.push('So {focus} and {item} it is?')],
    ];
    for (const [problem, breakIt] of broken) {
      const bank = structuredClone(BANK);
      breakIt(bank);
      const result = phraseBankSchema.safeParse(bank);
      expect([problem, result.success]).toEqual([problem, false]);
      expect(JSON.stringify(result.error?.issues)).toContain(problem);
    }
  });
});
