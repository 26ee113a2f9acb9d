import type { Evaluation, Fairness } from '../../schemas/evaluation.ts';
import { csvLine, type CsvCell } from '../csv-line.ts';

const COLUMNS = [
  'evaluation_id',
  'created_at',
  'mode',
  'question_id',
  'question',
  'answer',
  'reference_answer',
  'score',
  'criteria',
  'violations',
  'feedback',
  'rouge_l',
  'scored_by',
  'stage_1_score',
  'judge_model',
  'judge_outcome',
  'is_simulated',
  'repeat',
  'is_cached',
  'prompt_sha256',
  'cost_usd',
  'latency_ms',
  'fairness_tags',
  'fairness_text',
  'sentiment_label',
  'sentiment_score',
  'sentiment_method',
] as const;

/** Evaluations as CSV, the last word on their fairness beside each. */
export function evaluationsCsv(evaluations: readonly Evaluation[], fairness: readonly Fairness[]): string {
  const last = new Map<string, Fairness>();
  for (const one of fairness) last.set(one.evaluation_id, one);
  const rows = [...evaluations]
    .sort((a, b) => (a.evaluation_id < b.evaluation_id ? -1 : 1))
    .map((evaluation) => csvLine(rowOf(evaluation, last.get(evaluation.evaluation_id))));
  return csvLine(COLUMNS) + rows.join('');
}

function rowOf(evaluation: Evaluation, fair: Fairness | undefined): CsvCell[] {
  const cells: Record<(typeof COLUMNS)[number], CsvCell> = {
    ...evaluation,
    criteria: evaluation.criteria.map(({ name, score }) => `${name} ${score}`).join('; '),
    violations: evaluation.violations.join('; '),
    stage_1_score: evaluation.stage_1.score,
    fairness_tags: fair === undefined ? null : fair.tags.join('; '),
    fairness_text: fair?.text ?? null,
    sentiment_label: fair?.sentiment.label ?? null,
    sentiment_score: fair?.sentiment.score ?? null,
    sentiment_method: fair?.sentiment.method ?? null,
  };
  return COLUMNS.map((name) => cells[name]);
}
