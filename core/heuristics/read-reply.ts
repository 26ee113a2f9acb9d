import type { QuestionType } from '../../schemas/heuristic-result.ts';

/** What a listener notices in a tutor's reply at once; the scripted student reacts to it. */
export interface ReplyReading {
  question_count: number;
  question_type: QuestionType;
  gives_advice: boolean;
  tells: boolean;
  is_empty: boolean;
}
