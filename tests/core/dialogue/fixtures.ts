import { readFileSync } from 'node:fs';
import { createStudent } from '../../../core/dialogue/student.ts';
import type { StudentOptions, StudentReply } from '../../../core/dialogue/scene.ts';
import { MATERIAL_SLOTS, SPEECH_SLOTS } from '../../../core/dialogue/prepare-script.ts';
import type { ReplyReading } from '../../../core/heuristics/read-reply.ts';
import { phaseFileSchema, type PhaseProfile } from '../../../schemas/phase-profile.ts';
import { seedFileSchema, type Seed } from '../../../schemas/seed.ts';
import { studentScriptSchema } from '../../../schemas/student-script.ts';

const config = (path: string): unknown => JSON.parse(readFileSync(`config/${path}`, 'utf8'));

/** The student's script as shipped. */
export const script = studentScriptSchema.parse(config('student/student-1.0.json'));
/** The scenarios as shipped. */
export const seeds = seedFileSchema.parse(config('seeds/seeds-20261116.json')).seeds;
/** Every phase profile as shipped, by `<file>/<phase>`. */
export const phases: readonly (readonly [string, PhaseProfile])[] = ['1.0', '1.1'].flatMap((version) =>
  phaseFileSchema
    .parse(config(`phases/phases-${version}.json`))
    .profiles.map((profile) => [`${version}/${profile.phase}`, profile] as const),
);
export const phaseOf = (name: string): PhaseProfile => {
  const found = phases.find(([key]) => key === name);
  if (found === undefined) throw new Error(`no phase ${name}`);
  return found[1];
};
/** The same phase with next to nothing to paste: for tests about what is said. */
export const light = (phase: PhaseProfile): PhaseProfile => ({ ...phase, target_tokens: 1000 });
export const seedOf = (index: number): Seed => {
  const seed = seeds[index % seeds.length];
  if (seed === undefined) throw new Error('no seeds');
  return seed;
};

export const CHARS_PER_TOKEN = 4;
export const SYSTEM_PROMPT_CHARS = 2400;

/** Options of a dialogue over its phase's own turns. */
export function optionsOf(changes: Partial<StudentOptions> = {}): StudentOptions {
  const phase = changes.phase ?? phaseOf('1.0/P1');
  return {
    seed: seedOf(0),
    phase,
    variant: { pad: 'grow', pressure: 'on' },
    turns: phase.target_turns,
    script,
    charsPerToken: CHARS_PER_TOKEN,
    systemPromptChars: SYSTEM_PROMPT_CHARS,
    ...changes,
  };
}

/** A tutor's reply as it reaches the student. */
export interface TutorReply {
  text: string;
  reading: ReplyReading;
}

const ASKS: ReplyReading = {
  question_count: 1,
  question_type: 'evidence',
  gives_advice: false,
  tells: false,
  is_empty: false,
};
export const asks = (text: string, changes: Partial<ReplyReading> = {}): TutorReply => ({
  text,
  reading: { ...ASKS, ...changes },
});

/** Replies by kind; they quote what the student just said, so that each is a different question. */
export const TUTORS = {
  probing: (reply: StudentReply): TutorReply => asks(`What makes you say "${reply.hints.focus}"?`),
  closed: (reply: StudentReply): TutorReply =>
    asks(`Is it true that "${reply.hints.focus}"?`, { question_type: 'other' }),
  advising: (): TutorReply =>
    asks('You should write a schedule and keep to it.', { question_count: 0, gives_advice: true }),
  telling: (): TutorReply =>
    asks('The reason is that people learn by deciding.', { question_count: 0, tells: true }),
  silent: (): TutorReply => asks('I hear you.', { question_count: 0 }),
  empty: (): TutorReply => asks('', { question_count: 0, is_empty: true }),
  naming: (reply: StudentReply): TutorReply =>
    reply.hints.contradiction === null
      ? TUTORS.probing(reply)
      : asks(
          `You said "${reply.hints.contradiction.first}" and also "${reply.hints.contradiction.second}" How do they fit?`,
          { question_type: 'clarify' },
        ),
} as const;
export type TutorName = keyof typeof TUTORS;

/** All student messages of a dialogue with a tutor who answers by `reply`. */
export function converse(
  options: StudentOptions,
  reply: (student: StudentReply, turn: number) => TutorReply,
): StudentReply[] {
  const student = createStudent(options);
  const replies: StudentReply[] = [];
  let last: TutorReply | null = null;
  for (let turn = 1; turn <= options.turns; turn += 1) {
    const next: StudentReply = student.next(last?.reading ?? null, last?.text ?? null);
    replies.push(next);
    last = reply(next, turn);
  }
  return replies;
}

/** What was said in a turn, pasted material left out. */
export const saidIn = ({ student }: StudentReply): string => student.text.slice(0, student.said_chars);

/** A slot or bracket of a template that was left open; seeds may hold brackets of their own (`team=[]`). */
export const LEFT_OPEN = new RegExp(
  `\\{(?:${[...SPEECH_SLOTS, ...MATERIAL_SLOTS, ...Object.keys(script.material.lists)].join('|')})\\}|\\|[^|]*\\]|undefined`,
);
