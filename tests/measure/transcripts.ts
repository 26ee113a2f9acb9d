import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTranscript, type ExternalDialogue } from '../../core/metrics/external-dialogue.ts';
import { createDialogueScorer } from '../../core/metrics/score-dialogue.ts';
import { heuristicsModelSchema } from '../../schemas/heuristics-model.ts';
import { rubricSchema } from '../../schemas/rubric.ts';
import { asStatements } from './as-statements.ts';

const config = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../config/${path}`, import.meta.url), 'utf8'));

export interface Pairs {
  n_dialogues: number;
  /** Dialogues with a question to rewrite. */
  n_pairs: number;
  n_fallen: number;
  mean_before: number;
  mean_after: number;
  /** Dialogues whose SD did not fall. */
  unmoved: string[];
}

/**
 * SD of whole transcripts of experts whose student came to the right answer (`labels.self_correctness` "Yes"), as they are
 * and with their questions rewritten as statements. The student's words stay the same.
 * @param folder with `*.transcripts.jsonl` in the common form; null where it holds none.
 */
export function measureTranscripts(folder: string): Pairs | null {
  const names = readdirSync(folder).filter((name) => name.endsWith('.transcripts.jsonl'));
  const dialogues = names.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .flatMap((line, index) => (line === '' ? [] : successful(JSON.parse(line), `${name}:${index + 1}`))),
  );
  if (dialogues.length === 0) return null;
  const score = createDialogueScorer(
    heuristicsModelSchema.parse(config('heuristics/heuristics-1.0.json')),
    rubricSchema.parse(config('rubrics/rubric-1.1.json')),
  );
  const pairs = dialogues
    .map((dialogue) => ({ dialogue, rewritten: rewritten(dialogue) }))
    .filter(({ dialogue, rewritten: other }) =>
      dialogue.turns.some(({ tutor_text }, at) => tutor_text !== other.turns[at]!.tutor_text),
    )
    .map(({ dialogue, rewritten: other }) => ({
      dialogue_id: dialogue.dialogue_id,
      before: score(dialogue).mean_score!,
      after: score(other).mean_score!,
    }));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const unmoved = pairs.filter(({ before, after }) => after >= before);
  return {
    n_dialogues: dialogues.length,
    n_pairs: pairs.length,
    n_fallen: pairs.length - unmoved.length,
    mean_before: mean(pairs.map(({ before }) => before)),
    mean_after: mean(pairs.map(({ after }) => after)),
    unmoved: unmoved.map(
      ({ dialogue_id, before, after }) => `${dialogue_id} ${before.toFixed(2)} → ${after.toFixed(2)}`,
    ),
  };
}

function successful(value: unknown, where: string): ExternalDialogue[] {
  const { labels } = value as { labels?: { self_correctness?: string } };
  if (labels?.self_correctness !== 'Yes') return [];
  const { dialogue, problems } = readTranscript(value, where);
  if (dialogue === null) throw new Error(problems.join('\n'));
  return [dialogue];
}

function rewritten(dialogue: ExternalDialogue): ExternalDialogue {
  return {
    ...dialogue,
    turns: dialogue.turns.map((turn) => ({ ...turn, tutor_text: asStatements(turn.tutor_text) })),
  };
}
