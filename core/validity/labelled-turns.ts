import type { ZodType } from 'zod';
import {
  labelledUtteranceSchema,
  transcriptSchema,
  type LabelledUtterance,
} from '../../schemas/labelled-utterance.ts';
import { ERROR } from '../../schemas/names.ts';
import { NamedError } from '../errors.ts';
import { sha256Hex } from '../identity/hash.ts';
import type { TurnContext } from '../heuristics/read-context.ts';

/** Messages before the utterance that the assessor looks at, as in a benchmark run. */
const STUDENT_LOOK_BACK = 3;
const TUTOR_LOOK_BACK = 10;

/**
 * Rows of one file in the common form (JSON lines).
 * @throws NamedError naming file, line and field of the first row that is not in that form.
 */
export function parseLabelledRows(file: string, text: string): LabelledUtterance[] {
  return parseRows(file, text, labelledUtteranceSchema);
}

function parseRows<T>(file: string, text: string, schema: ZodType<T>): T[] {
  const rows: T[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${file}:${index + 1}`;
    const parsed = schema.safeParse(jsonOf(line, where));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw notInForm(
        `${where}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not in the common form'}`,
      );
    }
    rows.push(parsed.data);
  }
  return rows;
}

/** The group whose rows belong together (problem, session, classroom): the part of dialogue_id before the slash. */
export function groupOf(row: LabelledUtterance): string {
  return row.dialogue_id.split('/', 1)[0] as string;
}

/** The row's context as the assessor takes it. */
export function contextOf(row: LabelledUtterance): TurnContext {
  return contextFrom(row.context, row.meta?.reference_answer ?? null);
}

/** Messages before a tutor's turn as the assessor takes them: the last student message is what was said. */
function contextFrom(messages: LabelledUtterance['context'], reference_answer: string | null): TurnContext {
  const said = messages.filter(({ role }) => role === 'student').map(({ text }) => text);
  const tutor = messages.filter(({ role }) => role === 'tutor').map(({ text }) => text);
  return {
    said: said.at(-1) ?? '',
    student_turns: said.slice(0, -1).slice(-STUDENT_LOOK_BACK),
    tutor_turns: tutor.slice(-TUTOR_LOOK_BACK),
    reference_answer,
    goal: null,
    active_decoys: [],
  };
}

/** A tutor's turn in its context, without labels. */
export interface UnlabelledTurn {
  utterance: string;
  context: TurnContext;
}

/** The last turns of a dialogue close it (thanks, goodbye) and are not asked to be Socratic. */
const CLOSING_TURNS = 2;

/**
 * Tutor turns of a set among the files of a folder, from `<dataset>.jsonl` or else from `<dataset>.transcripts.jsonl` without
 * each dialogue's two closing turns; null when neither is there.
 */
export function tutorTurnsOf(dataset: string, files: readonly NamedText[]): UnlabelledTurn[] | null {
  const rows = files.find(({ name }) => name === `${dataset}.jsonl`);
  if (rows !== undefined) {
    return parseLabelledRows(rows.name, rows.text).map((row) => ({
      utterance: row.utterance,
      context: contextOf(row),
    }));
  }
  const whole = files.find(({ name }) => name === `${dataset}.transcripts.jsonl`);
  if (whole === undefined) return null;
  return parseRows(whole.name, whole.text, transcriptSchema).flatMap(({ messages }) => {
    const turns: UnlabelledTurn[] = [];
    for (const [index, { role, text }] of messages.entries()) {
      if (role === 'tutor')
        turns.push({ utterance: text, context: contextFrom(messages.slice(0, index), null) });
    }
    return turns.slice(0, -CLOSING_TURNS);
  });
}

function jsonOf(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw notInForm(`${where}: not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function notInForm(message: string, cause?: unknown): NamedError {
  return new NamedError(ERROR.invalidConfig, message, {
    cause,
    hint: 'expected one labelled tutor utterance a line: {dataset, dialogue_id, turn, context, utterance, labels, binary}',
  });
}

/** A file of a folder, and a set of labelled rows read from one. */
export interface NamedText {
  name: string;
  text: string;
}
export interface LabelledSet {
  dataset: string;
  sha256: string;
  rows: LabelledUtterance[];
}

/**
 * The labelled sets among the files of a folder, by name; files in other forms (whole transcripts, other records) are left
 * out by what their first line holds.
 */
export function labelledSets(files: readonly NamedText[]): LabelledSet[] {
  return files
    .filter(({ name, text }) => name.endsWith('.jsonl') && holdsLabels(text))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, text }) => ({
      dataset: name.slice(0, -'.jsonl'.length),
      sha256: sha256Hex(text),
      rows: parseLabelledRows(name, text),
    }));
}

function holdsLabels(text: string): boolean {
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  return line.includes('"utterance"') && line.includes('"context"');
}
