import type { PhaseProfile } from '../../schemas/phase-profile.ts';
import type { Variant } from '../../schemas/profile.ts';
import type { Seed } from '../../schemas/seed.ts';
import type { StudentScript } from '../../schemas/student-script.ts';

/** Between what is said and what is pasted, and between two pastes. */
export const PASTE_BREAK = '\n\n';

export interface PaddingOptions {
  phase: Pick<PhaseProfile, 'target_tokens'>;
  pad: Variant['pad'];
  seed: Seed;
  turns: number;
  script: Pick<StudentScript, 'lengths'>;
  /** Characters per token of the phases file. */
  charsPerToken: number;
  /** Length of the system prompt, characters. */
  systemPromptChars: number;
}

/**
 * How much the student pastes: element t − 1 lists the lengths in characters (break included) of the pastes of turn t.
 * Together with the system prompt, what is said and replies of the assumed length they bring the prompt of the last turn
 * to `target_tokens`. `grow` spreads them evenly, `prefill` puts the very same pastes into turn 1. A target that talk
 * alone reaches needs none.
 */
export function paddingOf(options: PaddingOptions): number[][] {
  const { turns, script } = options;
  const padding: number[][] = Array.from({ length: turns }, () => []);
  const total =
    targetChars(options) -
    options.systemPromptChars -
    expectedSaidChars(options) -
    (turns - 1) * script.lengths.reply_chars;
  const count = Math.min(turns, Math.floor(total / script.lengths.least_paste_chars));
  for (let paste = 1; paste <= count; paste += 1) {
    const chars = Math.floor((total * paste) / count) - Math.floor((total * (paste - 1)) / count);
    const turn = options.pad === 'prefill' ? 1 : Math.ceil((paste * turns) / count);
    padding[turn - 1]?.push(chars);
  }
  return padding;
}

/** Characters that the prompt of the last turn shall hold at least. */
export function targetChars(options: Pick<PaddingOptions, 'phase' | 'charsPerToken'>): number {
  return Math.ceil(options.phase.target_tokens * options.charsPerToken);
}

/** Characters that a student of this seed is expected to say over a dialogue, pasted material apart. */
export function expectedSaidChars(options: Pick<PaddingOptions, 'seed' | 'turns' | 'script'>): number {
  const { seed, turns, script } = options;
  const beats = seed.beats.reduce((chars, beat) => chars + beat.text.length, 0) / seed.beats.length;
  return Math.round(seed.student_statement.length + (turns - 1) * (beats + script.lengths.said_extra_chars));
}
