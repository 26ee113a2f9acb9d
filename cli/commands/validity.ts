import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatValidity } from '../../core/validity/format-validity.ts';
import { validityTable } from '../../core/validity/validity-table.ts';
import type { NamedText } from '../../core/validity/labelled-turns.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { readScorer } from '../host/read-scorer.ts';

/** `validity --data <folder>`: agreement of the shipped heuristics with human labels, beside baselines and goals. */
export async function validityCommand(options: { data: string }, context: Context): Promise<number> {
  const files = jsonLinesIn(options.data);
  const { heuristics, rubric } = await readScorer(context.configFolder);
  const table = validityTable(files, heuristics, rubric);
  if (table.tasks.length === 0 && table.expert_false_alarms === null)
    throw new CliError(
      'config',
      `${options.data}: expected labelled utterances in the common form, got none in ${files.length} .jsonl files`,
      'one labelled tutor utterance a line: {dataset, dialogue_id, turn, context, utterance, labels, binary}',
    );
  context.out(context.json ? `${JSON.stringify(table)}\n` : `${formatValidity(table)}\n`);
  return EXIT.ok;
}

/** The .jsonl files of a folder with their texts, by name. Throws a usage error where there is none. */
export function jsonLinesIn(folder: string): NamedText[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError('usage', `${folder}: expected a folder of .jsonl files, got ${code ?? 'an error'}`);
  }
  const files = names
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  if (files.length === 0)
    throw new CliError('usage', `${folder}: expected .jsonl files, got none of ${names.length} files`);
  return files;
}
