import type { TurnCheckpoint } from '../../schemas/checkpoint.ts';
import type { StopReason, Usage } from '../../schemas/common.ts';
import { SCHEMA_VERSION } from '../../schemas/names.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { RawTurn, StudentTurn } from '../../schemas/turn.ts';
import { costUsd } from '../cost/price-of-usage.ts';
import {
  createModelStudent,
  type ModelStudent,
  type ModelStudentRequest,
  type StudentFault,
} from '../dialogue/model-student.ts';
import { createStudent, type Student } from '../dialogue/student.ts';
import { readReply } from '../heuristics/read-reply.ts';
import { firstParentHash, turnHash } from '../identity/turn-chain.ts';
import type { ChatMessage, SimulationHints } from '../ports.ts';
import type { Measure } from './measure.ts';

/** A tutor's reply as it enters a turn. */
export interface Reply extends Usage {
  tutor_text: string;
  stop_reason: StopReason;
  attempts: number;
  latency_ms: number;
}

/** The student's next message, and what a simulated tutor may know of it. */
export interface Question {
  student: StudentTurn;
  hints: SimulationHints;
}

/**
 * One dialogue under way: the student, the growing prompt and the hash chain. The runner drives it with replies from a
 * model, resume and the judge with replies from checkpoints; both get the same turns. Work per turn is O(new turn).
 */
export interface DialogueSession {
  readonly system: string;
  /** The prompt so far; after `ask` it ends with the student's message. Grows in place. */
  readonly messages: readonly ChatMessage[];
  /** Turns answered so far. */
  readonly answered: number;
  /** Estimated tokens of the prompt, the student's last message included. */
  readonly context_tokens: number;
  /**
   * The student's next message; calling it again before `answer` gives the same one. Where a model plays the student:
   * what to ask it, until `hear` has taken its answer.
   */
  ask(): { kind: 'says'; question: Question } | { kind: 'asks'; request: ModelStudentRequest };
  /** Takes the answer of a model that plays the student; on a fault the turn stays open. */
  hear(text: string): { kind: 'says'; question: Question } | { kind: 'fault'; reason: StudentFault };
  /** Adds the tutor's reply and returns the finished turn. */
  answer(reply: Reply): RawTurn;
}

export function openDialogue(measure: Measure, row: PlannedRun): DialogueSession {
  const seed = measure.seed(row.seed_id);
  const variant = measure.variant(row.variant);
  const model = measure.model(row.model);
  const systemPrompt = measure.systemPrompt(row.variant);
  const charsPerToken = measure.phases.chars_per_token;
  const options = {
    seed,
    phase: measure.phase(row.phase),
    variant,
    turns: row.turns,
    script: measure.student,
    charsPerToken,
    systemPromptChars: systemPrompt.text.length,
  };
  const student =
    variant.student === 'model'
      ? createModelStudent(options, measure.studentTemplate)
      : scripted(createStudent(options));

  const messages: ChatMessage[] = [];
  let promptChars = systemPrompt.text.length;
  let parent = firstParentHash(measure.manifest.manifest_sha256, row.run_id);
  let answered = 0;
  let lastReply: string | null = null;
  let pending: Question | null = null;

  let request: ModelStudentRequest | null = null;
  const say = (question: Question): Question => {
    messages.push({ role: 'user', text: question.student.text });
    promptChars += question.student.text.length;
    pending = question;
    return question;
  };
  const contextTokens = () => Math.ceil(promptChars / charsPerToken);
  return {
    system: systemPrompt.text,
    messages,
    get answered() {
      return answered;
    },
    get context_tokens() {
      return contextTokens();
    },
    ask() {
      if (pending !== null) return { kind: 'says', question: pending };
      if (request !== null) return { kind: 'asks', request };
      const step = student.next(lastReply === null ? null : readReply(lastReply), lastReply);
      if (step.kind === 'says') return { kind: 'says', question: say(step.reply) };
      request = step.request;
      return step;
    },
    hear(text) {
      const heard = student.accept(text);
      if (heard.kind === 'fault') return { kind: 'fault', reason: heard.reason };
      request = null;
      return { kind: 'says', question: say(heard.reply) };
    },
    answer(reply) {
      if (pending === null) throw new Error('answer: expected ask() to have been called for this turn');
      const usage: Usage = {
        input_tokens: reply.input_tokens,
        output_tokens: reply.output_tokens,
        cache_read_tokens: reply.cache_read_tokens,
        cache_write_tokens: reply.cache_write_tokens,
      };
      const content = {
        run_id: row.run_id,
        execution_id: row.execution_id,
        manifest_id: row.manifest_id,
        measure_sha256: row.measure_sha256,
        dt: row.dt,
        week: row.week,
        model: row.model,
        provider: model.provider,
        phase: row.phase,
        temperature: row.temperature,
        seed_id: row.seed_id,
        vector: seed.vector,
        test_type: seed.test_type,
        variant: row.variant,
        system_prompt: systemPrompt.name,
        repeat: row.repeat,
        turn_index: answered + 1,
        student: pending.student,
        tutor_text: reply.tutor_text,
        stop_reason: reply.stop_reason,
        ...usage,
        context_tokens: contextTokens(),
        cost_usd: costUsd(usage, model),
        schema_version: SCHEMA_VERSION,
      };
      const turn_hash = turnHash(parent, content);
      const turn: RawTurn = {
        ...content,
        attempts: reply.attempts,
        latency_ms: reply.latency_ms,
        parent_hash: parent,
        turn_hash,
      };
      messages.push({ role: 'assistant', text: reply.tutor_text });
      promptChars += reply.tutor_text.length;
      parent = turn_hash;
      lastReply = reply.tutor_text;
      answered += 1;
      pending = null;
      return turn;
    },
  };
}

/** A scripted student in the form of one that may have to be asked. */
function scripted(student: Student): ModelStudent {
  return {
    next: (reading, tutorText) => ({ kind: 'says', reply: student.next(reading, tutorText) }),
    accept: () => {
      throw new Error('hear: expected a student played by a model, got the scripted one');
    },
  };
}

/** The reply that a checkpoint holds. */
export function replyOf(checkpoint: TurnCheckpoint): Reply {
  const {
    tutor_text,
    stop_reason,
    attempts,
    latency_ms,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_write_tokens,
  } = checkpoint;
  return {
    tutor_text,
    stop_reason,
    attempts,
    latency_ms,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_write_tokens,
  };
}
