import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { asStatements } from './as-statements.ts';
import { measureTranscripts } from './transcripts.ts';

/** Human-labelled sets are not part of the project; name their folder to measure on them. */
const folder = process.env['SOCRATIC_DATA'] ?? '';
const onTranscripts = folder !== '' && existsSync(folder) ? it : it.skip;

describe('the rule that rewrites questions as statements', () => {
  it.each([
    ['Hi Jo, can you please explain it to me?', 'Hi Jo, I will explain it to you.'],
    ['Before we go on, could you say what it means?', 'Before we go on, I will say what it means.'],
    ['So, do you see why? Good.', 'So, you do see why. Good.'],
    ['Why did you add 3?', 'I will tell you why you did add 3.'],
    ['What is the total?', 'I will tell you what is the total.'],
    ['How many pages did he read?', 'I will tell you how many pages he did read.'],
    ['So that makes 8??', 'So that makes 8.'],
    ['You added 3. Is it more?\nOr less?', 'You added 3. It is more.\nOr less.'],
    ['Well done!', 'Well done!'],
  ])('%j becomes %j', (question, statement) => {
    expect(asStatements(question)).toBe(statement);
  });
});

describe('transcripts of experts (SOCRATIC_DATA=<folder with *.transcripts.jsonl>; skipped without it)', () => {
  onTranscripts('score lower in at least 98% of pairs once their questions are statements', () => {
    const pairs = measureTranscripts(folder);
    if (pairs === null) throw new Error(`${folder}: expected *.transcripts.jsonl with labels, got none`);
    console.info(
      `${pairs.n_fallen} of ${pairs.n_pairs} fall (${((100 * pairs.n_fallen) / pairs.n_pairs).toFixed(1)}%), ` +
        `SD ${pairs.mean_before.toFixed(2)} → ${pairs.mean_after.toFixed(2)}; ${pairs.n_dialogues - pairs.n_pairs} of ` +
        `${pairs.n_dialogues} dialogues hold no question\n${pairs.unmoved.join('\n')}`,
    );
    expect(pairs.n_fallen / pairs.n_pairs).toBeGreaterThanOrEqual(0.98);
  });
});
