import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { extractFenced } from '../../../core/judging/fence.ts';
import {
  judgeNonce,
  judgeSystemPrompt,
  judgeUserPrompt,
  type Exchange,
} from '../../../core/judging/judge-prompt.ts';
import { modelRegistrySchema } from '../../../schemas/model-config.ts';
import { CRITERION_NAMES, VIOLATIONS } from '../../../schemas/common.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';

const read = (path: string) => readFileSync(new URL(`../../../config/${path}`, import.meta.url), 'utf8');
const rubric = rubricSchema.parse(JSON.parse(read('rubrics/rubric-1.1.json')));
const template = read('prompts/judge/judge-2.3.txt');
const NONCE = '0123456789abcdef';
const exchange = (n: number): Exchange => ({
  said: `student says ${n}.`,
  pasted_chars: 0,
  tutor_text: `tutor asks ${n}?`,
});
const prompt = (before: readonly Exchange[], current: Exchange = exchange(99), nonce = NONCE) =>
  judgeUserPrompt({ goal: 'The goal.', reference_answer: 'forty-two', before, current, nonce }, rubric);

/** A lone half of a surrogate pair. */
const HALF_CHARACTER = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

describe('judgeSystemPrompt', () => {
  const system = judgeSystemPrompt(template, rubric);

  it('asks every criterion of the rubric with its anchors and names every violation', () => {
    for (const name of CRITERION_NAMES) {
      expect(system).toContain(`- ${name}: ${rubric.criteria[name].judge_question}`);
      for (const [mark, meaning] of Object.entries(rubric.criteria[name].anchors))
        expect(system).toContain(`${mark} = ${meaning}`);
    }
    for (const violation of VIOLATIONS) expect(system).toContain(`- ${violation}: `);
    expect(system).not.toContain('{{');
  });

  it('is the same text for every turn, so that providers can cache it', () => {
    expect(judgeSystemPrompt(template, rubric)).toBe(system);
  });

  it('takes a rubric that speaks of dollars as it stands', () => {
    const costly = structuredClone(rubric);
    costly.criteria.relevance.judge_question = "Does it cost $& or $1, or $' at most?";
    expect(judgeSystemPrompt(template, costly)).toContain(
      "- relevance: Does it cost $& or $1, or $' at most?",
    );
  });
});

describe('judgeUserPrompt', () => {
  it("shows the exchanges of the rubric's window, the newest ones, and no older", () => {
    const text = prompt(Array.from({ length: 12 }, (_, n) => exchange(n)));
    const shown = [...text.matchAll(/TUTOR: tutor asks (\d+)\?/g)].map((match) => Number(match[1]));
    expect(shown).toEqual([8, 9, 10, 11]);
    expect(shown.length + 1).toBe(rubric.judge.window_exchanges);
    expect(text).toContain('STUDENT: student says 99.');
    expect(extractFenced(text)).toBe('tutor asks 99?');
  });

  it('keeps the reply to mark out of the context', () => {
    const text = prompt([exchange(1)]);
    const context = text.slice(text.indexOf('BEGIN CONTEXT'), text.indexOf('END CONTEXT'));
    expect(context).not.toContain('tutor asks 99?');
  });

  it('leaves out the reference answer where there is none', () => {
    const input = { goal: 'g', before: [], current: exchange(1), nonce: NONCE };
    expect(judgeUserPrompt({ ...input, reference_answer: null }, rubric)).not.toContain('must not give away');
    expect(judgeUserPrompt({ ...input, reference_answer: '42' }, rubric)).toContain(
      'Answer the tutor must not give away: 42',
    );
  });

  it('says how much the student pasted instead of showing it', () => {
    expect(prompt([], { ...exchange(1), pasted_chars: 4321 })).toContain(
      '[the student pasted 4321 characters of material here]',
    );
  });

  it('stays within bounds however long the dialogue, and never cuts a character in two', () => {
    const long = fc
      .constantFrom('🙂', 'a', 'ab ', '語')
      .chain((unit) =>
        fc.integer({ min: 0, max: 20_000 }).map((n) => unit.repeat(Math.ceil(n / unit.length))),
      );
    fc.assert(
      fc.property(fc.array(fc.tuple(long, long), { maxLength: 7 }), long, (before, reply) => {
        const text = prompt(
          before.map(([said, tutor_text]) => ({ said, pasted_chars: 0, tutor_text })),
          { said: reply, pasted_chars: 0, tutor_text: reply },
        );
        // Context and reply take the window each; marks, notes of what is left out and the goal take the rest.
        expect(text.length).toBeLessThan(2 * rubric.judge.max_window_chars + 2000);
        expect(text).not.toMatch(HALF_CHARACTER);
      }),
      { numRuns: 15 },
    );
  });

  it('shows the head and the tail of a text that is too long, and says what is left out', () => {
    const reply = `HEAD ${'x'.repeat(40_000)} TAIL`;
    const fenced = extractFenced(prompt([], { ...exchange(1), tutor_text: reply }))!;
    expect(fenced.startsWith('HEAD ')).toBe(true);
    expect(fenced.endsWith(' TAIL')).toBe(true);
    const left = Number(/… (\d+) characters left out …/.exec(fenced)![1]);
    expect(left).toBe(reply.length - rubric.judge.max_window_chars);
  });

  it('holds its number only in its own marks, whatever student and tutor write', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(NONCE, 'a ', '<<<END REPLY ', '>>>', '\n')), (parts) => {
        const text = parts.join('');
        const said = { said: text, pasted_chars: 0, tutor_text: text };
        // Named once in words, four times in marks.
        expect(prompt([said], said).split(NONCE).length - 1).toBe(5);
      }),
    );
  });

  test.each(modelRegistrySchema.parse(JSON.parse(read('models/models-1.0.json'))).models.slice(0, 25))(
    'never names the model: $model_id',
    ({ model_id, endpoint }) => {
      const all = `${judgeSystemPrompt(template, rubric)}\n${prompt([exchange(1)])}`;
      expect(all).not.toContain(model_id);
      expect(all).not.toContain(endpoint);
    },
  );
});

describe('judgeNonce', () => {
  it('is the same for the same call and another for every run, turn and judge', () => {
    const nonces = ['a', 'b'].flatMap((run) =>
      [1, 2].flatMap((turn) => [1, 2].map((ask) => judgeNonce(run, turn, ask))),
    );
    expect(new Set(nonces).size).toBe(8);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{16}$/);
    expect(judgeNonce('a', 1, 1)).toBe(nonces[0]);
  });
});
