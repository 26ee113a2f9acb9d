import { labelledUtteranceSchema, type LabelledUtterance } from '../../schemas/labelled-utterance.ts';
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
  const rows: LabelledUtterance[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = labelledUtteranceSchema.safeParse(jsonOf(line, `${file}:${index + 1}`));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw notInForm(
        `${file}:${index + 1}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a labelled utterance'}`,
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

/** The row's context as the assessor takes it: the last student message is what was said. */
export function contextOf(row: LabelledUtterance): TurnContext {
  const said = row.context.filter(({ role }) => role === 'student').map(({ text }) => text);
  const tutor = row.context.filter(({ role }) => role === 'tutor').map(({ text }) => text);
  return {
    said: said.at(-1) ?? '',
    student_turns: said.slice(0, -1).slice(-STUDENT_LOOK_BACK),
    tutor_turns: tutor.slice(-TUTOR_LOOK_BACK),
    reference_answer: row.meta?.reference_answer ?? null,
    goal: null,
    active_decoys: [],
  };
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
  return line.includes('"utterance"') && line.includes('"binary"');
}
