import type { Evaluation, Fairness } from '../../schemas/evaluation.ts';
import type { EvaluatorConfig, Question } from '../../schemas/evaluator-config.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { Budget, Clock, ModelsFor, ObjectStore, Stop } from '../ports.ts';
import type { Measure } from './measure.ts';

/** What the evaluator works by, resolved by its host. */
export interface EvaluatorSettings {
  config: EvaluatorConfig;
  answerTemplate: string;
  questions: readonly Question[];
  judge: ModelConfig;
  temperature: number;
  max_output_tokens: number;
  /** Hard cap a day; 0 where the judge bills nothing. */
  cap_usd: number;
  /** What a user is told before the first answer. */
  notices: readonly string[];
}

export interface EvaluatorPorts {
  store: ObjectStore;
  clock: Clock;
  budget: Budget;
  models: ModelsFor;
  /** The weekly measure, its primary judge replaced by the evaluator's. */
  measure: Measure;
  stop: Stop;
  /** An extra log of every record (LOG_PATH), or null. */
  appendLog: ((record: Evaluation | Fairness) => Promise<void>) | null;
}

/** What one reading of an answer gives: the part of a record that depends on its content alone. */
export type Reading = Pick<
  Evaluation,
  | 'score'
  | 'criteria'
  | 'violations'
  | 'feedback'
  | 'scored_by'
  | 'stage_1'
  | 'judge_outcome'
  | 'how'
  | 'cost_usd'
  | 'latency_ms'
>;

/** One mode's way of reading an answer. */
export interface Reader {
  /** What the judge is sent for a reading. */
  prompt(question: Question, answer: string, repeat: number): { system: string; user: string };
  read(question: Question, answer: string, repeat: number, execution_id: string): Promise<Reading>;
}
