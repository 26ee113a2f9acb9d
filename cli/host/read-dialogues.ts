import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { readTranscript, type ExternalDialogue } from '../../core/metrics/external-dialogue.ts';
import { CliError } from '../failure.ts';
import { splitDialogues } from './split-dialogues.ts';

/** Longest dialogue that is read: one of 128K tokens is half a megabyte. */
const MAX_DIALOGUE_CHARS = 20_000_000;
const MAX_PROBLEMS = 20;
const SHOWN_CHARS = 40;
const SHAPE_HINT =
  'one dialogue a line, or one JSON list of them: {"dialogue_id", "messages": [{"role", "text" or "content"}]}; role: user|student or assistant|tutor|teacher, while system|developer|tool are left out; the words: a string, or parts [{"type": "text", "text"}]';

/**
 * The dialogues of a file, or of stdin where it is `-`: JSON lines, or one JSON list. All of them or none: whatever is
 * wrong throws a CliError with `file:line: path: expected … got …` for each of the first 20 problems.
 */
export async function readDialogues(file: string, stdin: Readable): Promise<ExternalDialogue[]> {
  const name = file === '-' ? 'stdin' : file;
  const input = file === '-' ? stdin : await openFile(file);
  const dialogues: ExternalDialogue[] = [];
  const problems: string[] = [];
  /** Where each dialogue_id was read first. */
  const places = new Map<string, string>();
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const { line, text } of splitDialogues(lines)) {
    const where = `${name}:${line}`;
    const read = readOne(text, where);
    if (read.dialogue === null) problems.push(...read.problems);
    else {
      const { dialogue_id } = read.dialogue;
      const first = dialogue_id === null ? undefined : places.get(dialogue_id);
      if (first !== undefined)
        problems.push(
          `${where}: dialogue_id: expected an id of its own, got ${JSON.stringify(dialogue_id)} as in ${first}`,
        );
      else if (dialogue_id !== null) places.set(dialogue_id, where);
      dialogues.push(read.dialogue);
    }
    if (problems.length >= MAX_PROBLEMS) break;
  }
  if (problems.length > 0) throw new CliError('config', problems.join('\n'), SHAPE_HINT);
  if (dialogues.length === 0)
    throw new CliError('config', `${name}: expected at least one dialogue, got none`, SHAPE_HINT);
  return dialogues;
}

async function openFile(file: string): Promise<Readable> {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new CliError('usage', `${file}: expected a file, got a folder`);
  const stream = createReadStream(file, 'utf8');
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', reject);
  }).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      'usage',
      `${file}: ${error.code === 'ENOENT' ? 'expected a file, got nothing there' : (error.code ?? error.message)}`,
    );
  });
  return stream;
}

function readOne(text: string, where: string): ReturnType<typeof readTranscript> {
  const refused = (problem: string) => ({ dialogue: null, problems: [`${where}: ${problem}`] });
  if (text.length > MAX_DIALOGUE_CHARS)
    return refused(`(root): expected at most ${MAX_DIALOGUE_CHARS} characters, got ${text.length}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const shown = text.trim() === '' ? 'nothing' : text.slice(0, SHOWN_CHARS).replaceAll('\n', ' ');
    return refused(`(root): expected one JSON object, got ${shown}${text.length > SHOWN_CHARS ? '…' : ''}`);
  }
  try {
    const read = readTranscript(value, where);
    return read.dialogue?.turns.length === 0
      ? refused('messages: expected at least one tutor message, got none')
      : read;
  } catch (error) {
    // A value nested too deep for the stack is one more problem of its line.
    if (!(error instanceof RangeError)) throw error;
    return refused('(root): expected an object, got a value nested too deep');
  }
}
