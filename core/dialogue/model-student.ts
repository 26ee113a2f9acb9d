import type { Seed, StudentMove } from '../../schemas/seed.ts';
import type { StudentScript } from '../../schemas/student-script.ts';
import { ERROR } from '../../schemas/names.ts';
import { NamedError } from '../errors.ts';
import type { ReplyReading } from '../heuristics/read-reply.ts';
import type { ChatMessage } from '../ports.ts';
import { createScene, type StudentOptions, type StudentReply, type Utterance } from './scene.ts';
import { createSpeech } from './speech.ts';
import { withStop } from './template.ts';

/** What a model that plays the student is to do in a turn. */
export interface ScheduledSpeech {
  /** What its own words shall do. */
  move: StudentMove;
  /** Words that follow its own, so that the schedule of injections is that of the scripted student; '' when none are due. */
  added: string;
}

/** One exchange, pasted material left out. */
export interface Exchange {
  said: string;
  tutor_text: string;
}

export interface ModelStudentRequest {
  system: string;
  /** The tutor as `user`, the student as `assistant`; begins and ends with the tutor. */
  messages: ChatMessage[];
}

/** Why a model's answer cannot stand as a student's: the fault is the student's, never the tutor's. */
export type StudentFault = 'empty' | 'speaks_as_tutor' | 'breaks_role';

export type ModelStudentAnswer =
  { kind: 'says'; said: string; own: string } | { kind: 'fault'; fault: 'student'; reason: StudentFault };

const PLACEHOLDER = /\{\{(\w+)\}\}/g;

/**
 * The request for the student's next message. `template` (config/prompts/student) may hold `{{persona}}`, `{{statement}}`,
 * `{{goal}}`, `{{said_so_far}}`, `{{move}}` and `{{injection}}`. Throws InvalidConfig on any other placeholder.
 * @param transcript all exchanges so far, at least one; the script says how many of them are shown.
 */
export function modelStudentRequest(
  template: string,
  seed: Seed,
  script: StudentScript,
  scheduled: ScheduledSpeech,
  transcript: readonly Exchange[],
): ModelStudentRequest {
  const { window_turns, remembered_turns } = script.model;
  const values: Record<string, string> = {
    persona: seed.persona,
    statement: seed.student_statement,
    goal: seed.goal,
    said_so_far: transcript
      .slice(-remembered_turns)
      .map((exchange) => `- ${exchange.said}`)
      .join('\n'),
    move: scheduled.move,
    injection:
      scheduled.added === ''
        ? 'nothing'
        : `your message will end with these words, which are added for you; lead up to them and do not say them yourself: ${scheduled.added}`,
  };
  const system = template.replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new NamedError(
        ERROR.invalidConfig,
        `config/prompts/student: {{${name}}}: expected one of ${Object.keys(values).join(', ')}, got "${name}"`,
      );
    return value;
  });
  const messages: ChatMessage[] = [];
  transcript.slice(-window_turns).forEach((exchange, index) => {
    if (index > 0) messages.push({ role: 'assistant', text: exchange.said });
    messages.push({ role: 'user', text: exchange.tutor_text });
  });
  return { system, messages };
}

/**
 * The student's words out of a model's answer, with what the schedule adds; or the fault of the answer. Label, quotation
 * marks around the whole and length beyond the script's limit are taken off.
 */
export function fromModelReply(
  text: string,
  scheduled: ScheduledSpeech,
  script: StudentScript,
): ModelStudentAnswer {
  const fault = (reason: StudentFault): ModelStudentAnswer => ({ kind: 'fault', fault: 'student', reason });
  if (/^\W*(?:tutor|teacher|assistant)\W*:/iu.test(text)) return fault('speaks_as_tutor');
  const own = shortened(unwrapped(text), script.model.most_chars);
  if (!/[\p{L}\p{N}]/u.test(own)) return fault('empty');
  const lower = own.toLowerCase().replace(/’/g, "'");
  if (script.faults.breaks_role.some((phrase) => lower.includes(phrase))) return fault('breaks_role');
  if (script.faults.speaks_as_tutor.some((phrase) => lower.includes(phrase))) return fault('speaks_as_tutor');
  return { kind: 'says', said: scheduled.added === '' ? own : `${withStop(own)} ${scheduled.added}`, own };
}

function unwrapped(text: string): string {
  const bare = text
    .trim()
    .replace(/^\**(?:student|me)\**\s*:\**\s*/iu, '')
    .trim();
  return /^["“][^"“”]*["”]$/u.test(bare) ? bare.slice(1, -1).trim() : bare;
}

/** At most `most` characters, cut at the last sentence end before. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  const end = /^.*[.!?…]/su.exec(cut)?.[0];
  return end ?? cut;
}

/** What happens next: the student speaks, or a model is to be asked. */
export type ModelStudentStep =
  { kind: 'says'; reply: StudentReply } | { kind: 'asks'; request: ModelStudentRequest };

/** A student played by a model, under the same schedule, padding and choice of moves as the scripted one. */
export interface ModelStudent {
  /** Turn 1 (`null` for both) opens with the seed's statement; later turns ask a model. */
  next(reading: ReplyReading | null, tutorText: string | null): ModelStudentStep;
  /**
   * Takes the model's answer to the last request. On a fault the turn stays open: ask again or end the run with fault
   * `student`. Replaying needs the model's text as it was accepted.
   */
  accept(
    text: string,
  ): { kind: 'says'; reply: StudentReply } | Extract<ModelStudentAnswer, { kind: 'fault' }>;
}

export function createModelStudent(options: StudentOptions, template: string): ModelStudent {
  const scene = createScene(options);
  const speech = createSpeech(scene);
  const transcript: Exchange[] = [];
  let lastSaid = '';
  let pending: { scheduled: ScheduledSpeech; shown: StudentMove; statement: string } | null = null;

  const finish = (utterance: Utterance): StudentReply => {
    lastSaid = utterance.said;
    return scene.finish(utterance);
  };
  return {
    next(reading, tutorText) {
      const { student_statement } = options.seed;
      if (reading === null || tutorText === null) {
        scene.begin();
        const opening = { said: student_statement, core: student_statement, phrases: [] };
        return { kind: 'says', reply: finish({ ...opening, move: 'assertion' }) };
      }
      transcript.push({ said: lastSaid, tutor_text: tutorText });
      const turn = scene.hear(reading, tutorText);
      const { own, shown } = speech.chooseMove(turn);
      const statement = turn.due === null ? '' : withStop(turn.due.statement);
      const added = [statement, speech.inject(turn)].filter((part) => part !== '').join(' ');
      const scheduled = { move: own, added };
      pending = { scheduled, shown, statement };
      return {
        kind: 'asks',
        request: modelStudentRequest(template, options.seed, options.script, scheduled, transcript),
      };
    },
    accept(text) {
      if (pending === null) throw new Error('accept: expected next() to have asked for this turn');
      const answer = fromModelReply(text, pending.scheduled, options.script);
      if (answer.kind === 'fault') return answer;
      const { shown, statement } = pending;
      pending = null;
      const core = statement === '' ? answer.own : `${withStop(answer.own)} ${statement}`;
      return { kind: 'says', reply: finish({ said: answer.said, core, phrases: [], move: shown }) };
    },
  };
}
