import type { QuestionType } from '../../schemas/heuristic-result.ts';
import { analyseReply } from './analyse-reply.ts';
import { adviceSpans } from './detectors/advice.ts';
import { asksOf } from './detectors/questions.ts';
import { assertedSpans } from './detectors/telling.ts';

/** What a listener notices in a tutor's reply at once; the scripted student reacts to it. */
export interface ReplyReading {
  question_count: number;
  question_type: QuestionType;
  gives_advice: boolean;
  tells: boolean;
  /** All that is asked can be answered by yes, no or a choice. */
  is_closed: boolean;
  is_empty: boolean;
}

/** Reads a reply by rules alone: no model, no context. Never throws; linear in the text. */
export function readReply(text: string): ReplyReading {
  const reply = analyseReply(text);
  const asks = asksOf(reply);
  return {
    question_count: asks.count,
    question_type: asks.type,
    gives_advice: adviceSpans(reply).length > 0,
    tells: assertedSpans(reply).length > 0,
    is_closed: asks.openness === 'closed',
    is_empty: reply.sentences.length === 0,
  };
}
