import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { nominal } from '../../../../adapters/models/simulated/fill-slots.ts';
import { scoreCriteria } from '../../../../core/metrics/score-criteria.ts';
import { rubricSchema } from '../../../../schemas/rubric.ts';
import {
  BANK,
  namesBothSides,
  rehearse,
  rehearseTutor,
  runId,
  SALIENT,
  truthOf,
  tutorConfig,
  type Rehearsed,
} from './rehearsal.ts';
import { createSimulatedTutor } from '../../../../adapters/models/simulated/simulated-tutor.ts';

/** The rubric that ships: the bank states marks, the rubric what they are worth. */
const RUBRIC = rubricSchema.parse(
  JSON.parse(readFileSync(new URL('../../../../config/rubrics/rubric-1.1.json', import.meta.url), 'utf8')),
);
const RUNS = [1, 2, 3, 4, 5, 6, 7, 8];

const scoresOf = (heard: readonly Rehearsed[]) =>
  heard.map(({ result }) => {
    const { criteria, violations } = truthOf(result.text).phrase.group;
    return scoreCriteria(criteria, violations, RUBRIC).score;
  });
/** First turn at which the mean of the last three true scores is below 8; null when none is. */
function trueHalfLife(heard: readonly Rehearsed[]): number | null {
  const scores = scoresOf(heard);
  const at = scores.findIndex((_, i) => i >= 2 && (scores[i]! + scores[i - 1]! + scores[i - 2]!) / 3 < 8);
  return at < 0 ? null : at + 1;
}
const kindsOf = (heard: readonly Rehearsed[]) =>
  heard.map(({ result }) => truthOf(result.text).phrase.group.kind);
const occasionsOf = (heard: readonly Rehearsed[]) =>
  heard.map(({ result }) => truthOf(result.text).phrase.group.occasion);
const isDecoyTurn = ({ hints }: Rehearsed) => hints.decoy !== null;

describe('the steadfast tutor', () => {
  test('never fails, and never says the same twice in sixty turns', async () => {
    for (const run of RUNS) {
      const heard = await rehearseTutor({}, run, 60);
      expect(new Set(kindsOf(heard))).toEqual(new Set(['clean']));
      expect(trueHalfLife(heard)).toBeNull();
      expect(new Set(heard.map(({ result }) => truthOf(result.text).phrase.id)).size).toBe(60);
    }
  });

  test('answers decoys, pressure and questions about the process as such, and a contradiction at once', async () => {
    for (const run of RUNS) {
      const heard = await rehearseTutor({}, run);
      const occasions = occasionsOf(heard);
      for (const [i, { hints }] of heard.entries()) {
        if (hints.is_meta) expect(occasions[i]).toBe('meta');
        if (hints.decoy !== null) expect(occasions[i]).toBe('decoy');
        if (hints.injected?.kind === 'pressure') expect(occasions[i]).toBe('pressure');
      }
      const named = heard.filter(({ result }) => namesBothSides(result.text)).map(({ turn }) => turn);
      expect(named).toEqual([6]);
    }
  });

  test('puts a contradiction off by a turn when the student wants something else first', async () => {
    const model = createSimulatedTutor(tutorConfig({}), BANK);
    const heard = await rehearse({ model, run_id: runId(1), turns: 8 });
    const pressed = { ...heard[5]!.hints, injected: { kind: 'pressure', id: 'urgency-1' } };
    const ask = async (hints: typeof pressed) =>
      (
        await model.chat({
          system: '',
          messages: [{ role: 'user', text: hints.said }],
          temperature: null,
          max_output_tokens: 300,
          output: { kind: 'text' },
          call: { execution_id: 'e', run_id: runId(2), turn_index: 6, component: 'dialogue', ask: 1 },
          hints,
        })
      ).text;
    expect(truthOf(await ask(pressed)).phrase.group.occasion).toBe('pressure');
    expect(truthOf(await ask({ ...pressed, injected: null as never })).phrase.group.occasion).toBe(
      'contradiction',
    );
  });

  test('asks the kind of question that suits the move, nearly always', async () => {
    let fitting = 0;
    let ordinary = 0;
    for (const run of RUNS)
      for (const { hints, result } of await rehearseTutor({}, run)) {
        const { group } = truthOf(result.text).phrase;
        if (group.occasion !== 'ordinary' || hints.move === null) continue;
        ordinary += 1;
        const fits = BANK.fits[hints.move as keyof typeof BANK.fits];
        if (group.question !== null && fits.includes(group.question)) fitting += 1;
      }
    expect(ordinary).toBeGreaterThan(150);
    expect(fitting / ordinary).toBeGreaterThan(0.9);
  });

  test('stays with a point for two to four turns and comes round to every salient point', async () => {
    const points = SALIENT.map(({ text }) => nominal(text));
    for (const run of RUNS) {
      const items = (await rehearseTutor({}, run))
        .map(({ result }) => truthOf(result.text).fills.item)
        .filter((item) => item !== undefined);
      expect(items).toEqual(expect.arrayContaining(points));
      const changes = items.filter((item, i) => i > 0 && item !== items[i - 1]).length;
      expect(changes).toBeGreaterThanOrEqual(7);
      expect(changes).toBeLessThanOrEqual(25);
    }
  });

  test("takes up the student's words, in quotation marks or as a point, in most turns", async () => {
    let taken = 0;
    for (const run of RUNS)
      for (const { hints, result } of await rehearseTutor({}, run))
        if (result.text.includes(`"${hints.focus}"`) || result.text.includes(nominal(hints.focus)))
          taken += 1;
    expect(taken / (40 * RUNS.length)).toBeGreaterThan(0.5);
  });

  test('asks about what the student names, and never quotes half a sentence', async () => {
    let named = 0;
    for (const run of RUNS)
      for (const { hints, result } of await rehearseTutor({}, run)) {
        const { phrase, fills } = truthOf(result.text);
        expect(result.text).not.toContain('"of the quarterly');
        if (hints.focus !== 'my evenings and weekends' || phrase.group.occasion !== 'ordinary') continue;
        expect([fills.item, fills.focus]).toEqual(['your evenings and weekends', undefined]);
        named += 1;
      }
    expect(named).toBeGreaterThan(8);
  });

  test('comes back from a decoy to a point that was asked about before', async () => {
    for (const run of RUNS) {
      const asked = new Set<string>();
      for (const { result } of await rehearseTutor({}, run)) {
        const { phrase, fills } = truthOf(result.text);
        if (phrase.group.group_id === 'decoy-return') expect([...asked]).toContain(fills.item);
        if (fills.item !== undefined) asked.add(fills.item);
      }
    }
  });

  test('speaks without hints too, of what the last message says', async () => {
    const model = createSimulatedTutor(tutorConfig({}), BANK);
    const { text } = await model.chat({
      system: '',
      messages: [{ role: 'user', text: 'Half is half, so plan B is cheaper.' }],
      temperature: null,
      max_output_tokens: 300,
      output: { kind: 'text' },
      call: { execution_id: 'e', run_id: runId(1), turn_index: 1, component: 'dialogue', ask: 1 },
    });
    expect(truthOf(text).phrase.group.kind).toBe('clean');
    expect(text).toContain('Half is half');
  });
});

describe('drifters', () => {
  test.each([3, 5, 8, 10, 20, 30])(
    'from turn %i on every reply fails, and that turn is the true half-life',
    async (k) => {
      for (const run of RUNS) {
        const heard = await rehearseTutor(
          { defect: 'telling', failure: { when: 'from_turn', turn: k } },
          run,
        );
        const scores = scoresOf(heard);
        expect(scores.findIndex((score) => score < 8) + 1).toBe(k);
        expect(scores.slice(k - 1).every((score) => score < 8)).toBe(true);
        expect(trueHalfLife(heard)).toBe(k);
      }
    },
  );

  test('speak as the steadfast tutor does until they drift', async () => {
    const steadfast = await rehearseTutor({}, 4);
    const drifter = await rehearseTutor({ defect: 'telling', failure: { when: 'from_turn', turn: 12 } }, 4);
    const texts = (heard: Rehearsed[]) => heard.slice(0, 11).map(({ result }) => result.text);
    expect(texts(drifter)).toEqual(texts(steadfast));
  });

  test('by context fail once it holds that many tokens, however many turns that takes', async () => {
    const failingFrom = async (pasted: number) => {
      const config = tutorConfig({ defect: 'telling', failure: { when: 'context_tokens', tokens: 4000 } });
      const heard = await rehearse({
        model: createSimulatedTutor(config, BANK),
        run_id: runId(5),
        turns: 40,
        pasted,
      });
      const at = kindsOf(heard).indexOf('telling');
      // Tokens of the prompt that the failing reply answers.
      return at < 0 ? null : { turn: at + 1, tokens: heard[at]!.result.usage.input_tokens };
    };
    const long = await failingFrom(1600);
    const short = await failingFrom(800);
    expect(long!.turn).toBeLessThan(short!.turn);
    for (const met of [long!, short!]) {
      expect(met.tokens).toBeGreaterThanOrEqual(4000);
      expect(met.tokens).toBeLessThan(4500);
    }
    expect(await failingFrom(0)).toBeNull();
  });

  test('by pressure give advice from the second pressure on, and not before', async () => {
    const heard = await rehearseTutor({ defect: 'advice', failure: { when: 'pressure', after: 2 } }, 6);
    const kinds = kindsOf(heard);
    for (const [i, { hints }] of heard.entries())
      expect([i, kinds[i] === 'advice']).toEqual([i, hints.pressure_count >= 2]);
  });

  test('by chance fail at the stated rate, in every part of the dialogue alike', async () => {
    let early = 0;
    let late = 0;
    for (let run = 0; run < 60; run += 1) {
      const heard = await rehearseTutor(
        { defect: 'telling', failure: { when: 'probability', probability: 0.2 } },
        100 + run,
      );
      for (const [i, kind] of kindsOf(heard).entries())
        if (kind !== 'clean') {
          if (i < 20) early += 1;
          else late += 1;
        }
    }
    // 60 runs × 20 turns × 0.2 = 240 each; five standard deviations are 69.
    expect(Math.abs(early - 240)).toBeLessThan(69);
    expect(Math.abs(late - 240)).toBeLessThan(69);
  });
});

describe('tutors with one defect', () => {
  test.each([
    ['telling', 'telling'],
    ['lecture', 'lecture'],
    ['advice', 'advice'],
    ['leading', 'leading_question'],
    ['multiple_questions', 'multiple_questions'],
    ['injector', 'telling'],
    ['directive', 'directive'],
    ['praise_only', 'praise_only'],
    ['answers_own_question', 'answers_own_question'],
    ['closed_question', 'closed_question'],
  ] as const)('%s shows %s in every turn', async (defect, violation) => {
    const heard = await rehearseTutor({ defect, failure: { when: 'always' } }, 7);
    for (const { result } of heard) expect(truthOf(result.text).phrase.group.violations).toContain(violation);
  });

  test('the decoy-chaser follows every decoy and does all else as the steadfast tutor does', async () => {
    const heard = await rehearseTutor({ defect: 'decoy_chaser', failure: { when: 'always' } }, 8);
    for (const turn of heard) {
      const { group } = truthOf(turn.result.text).phrase;
      expect(group.violations).toEqual(isDecoyTurn(turn) ? ['follows_decoy'] : []);
    }
    expect(heard.filter(({ result }) => namesBothSides(result.text))).toHaveLength(1);
  });

  test('the contradiction-blind tutor never names both sides and does all else as the steadfast tutor does', async () => {
    for (const run of RUNS) {
      const heard = await rehearseTutor({ defect: 'contradiction_blind', failure: { when: 'always' } }, run);
      expect(heard.filter(({ result }) => namesBothSides(result.text))).toHaveLength(0);
      expect(kindsOf(heard).filter((kind) => kind !== 'clean')).toEqual(['ignores_contradiction']);
      const steadfast = occasionsOf(await rehearseTutor({}, run));
      for (const [i, occasion] of occasionsOf(heard).entries())
        if (occasion !== 'contradiction' && steadfast[i] !== 'contradiction')
          expect(occasion).toBe(steadfast[i]);
      expect(trueHalfLife(heard)).toBeNull();
    }
  });

  test('the meta-deaf tutor passes over every question about the process and nothing else', async () => {
    const heard = await rehearseTutor({ defect: 'meta_deaf', failure: { when: 'always' } }, 9);
    for (const { hints, result } of heard)
      expect(truthOf(result.text).phrase.group.kind === 'ignores_meta').toBe(hints.is_meta);
  });

  test('the forgetful tutor takes up no salient point, but for the two sides of a contradiction', async () => {
    const heard = await rehearseTutor({ defect: 'forgetful', failure: { when: 'always' } }, 10);
    for (const { result } of heard) {
      const { phrase } = truthOf(result.text);
      if (phrase.group.occasion !== 'contradiction') expect(phrase.slots).toHaveLength(0);
      expect(phrase.group.violations).toEqual([]);
    }
    expect(trueHalfLife(heard)).toBeNull();
  });

  test('the template tutor has one stem for its ordinary turns, another in another run', async () => {
    const stems = new Set<string>();
    for (const run of RUNS) {
      const heard = await rehearseTutor({ defect: 'template', failure: { when: 'always' } }, run);
      const own = new Set(
        heard
          .map(({ result }) => truthOf(result.text).phrase)
          .filter(({ group }) => group.kind === 'template'),
      );
      expect(own.size).toBe(1);
      for (const phrase of own) stems.add(phrase.id);
      expect(trueHalfLife(heard)).not.toBeNull();
    }
    expect(stems.size).toBeGreaterThan(3);
  });

  test('the echo gives back what was said, asks why, and does not keep up the score', async () => {
    const heard = await rehearseTutor({ defect: 'echo', failure: { when: 'always' } }, 11);
    const echoes = heard.filter(({ result }) => truthOf(result.text).phrase.group.kind === 'echo');
    expect(echoes.length).toBeGreaterThan(25);
    for (const { hints, result } of echoes) expect(result.text).toContain(hints.said.replace(/[.]$/u, ''));
    expect(trueHalfLife(heard)).not.toBeNull();
  });

  test('who would reveal an answer that the subject does not have tells instead', async () => {
    const heard = await rehearseTutor({ defect: 'reveals_answer', failure: { when: 'always' } }, 12, 20);
    for (const { result } of heard) expect(truthOf(result.text).phrase.group.violations).toContain('telling');
  });
});
