/** Scores dialogues of 40 turns and of 400 again and again; prints the median CPU milliseconds of each length. */
import { readFileSync } from 'node:fs';
import type { ExternalDialogue } from '../../../core/metrics/external-dialogue.ts';
import { createDialogueScorer } from '../../../core/metrics/score-dialogue.ts';
import { heuristicsModelSchema } from '../../../schemas/heuristics-model.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';
import type { RawTurn } from '../../../schemas/turn.ts';
import { median } from '../bench.ts';

export interface ScoreRequest {
  rubric: string;
  heuristics: string;
  /** Raw files of the dialogues to score. */
  few: string[];
  many: string[];
}

export interface ScoreReport {
  few_ms: number;
  many_ms: number;
}

const MEASURED = 15;
/** Rounds before the clock starts: by then the just-in-time compiler is done. */
const WARM_UP = 30;

const request = JSON.parse(process.argv[2]!) as ScoreRequest;
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const score = createDialogueScorer(
  heuristicsModelSchema.parse(read(request.heuristics)),
  rubricSchema.parse(read(request.rubric)),
);

function dialogueOf(path: string): ExternalDialogue {
  const turns = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RawTurn)
    .map(({ turn_index, student, tutor_text }) => ({ turn_index, said: student.text, tutor_text }));
  return { dialogue_id: path, turns, reference_answer: null, has_unanswered_message: false, n_left_out: 0 };
}

function medianMs(paths: readonly string[]): number {
  const dialogues = paths.map(dialogueOf);
  const times: number[] = [];
  for (let i = 0; i < WARM_UP; i += 1) for (const dialogue of dialogues) score(dialogue);
  for (let i = 0; i < MEASURED; i += 1)
    for (const dialogue of dialogues) {
      const start = process.cpuUsage();
      score(dialogue);
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000);
    }
  return median(times);
}

const report: ScoreReport = { few_ms: medianMs(request.few), many_ms: medianMs(request.many) };
console.log(JSON.stringify(report));
