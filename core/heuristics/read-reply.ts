import type { QuestionType } from '../../schemas/heuristic-result.ts';
import { analyseReply } from './analyse-reply.ts';
import { adviceFindings } from './detectors/advice.ts';
import { asksOf } from './detectors/questions.ts';
import { assertedWords, tellingStrength } from './detectors/telling.ts';
import { VIOLATION_STRENGTH } from './finding.ts';

/** What a listener notices in a tutor's reply at once; the scripted student reacts to it. */
export interface ReplyReading {
  question_count: number;
  question_type: QuestionType;
  gives_advice: boolean;
  tells: boolean;
  is_empty: boolean;
}

/** Reads a reply by rules alone: no model, no context. Never throws; linear in the text. */
export function readReply(text: string): ReplyReading {
  const reply = analyseReply(text);
  const asks = asksOf(reply);
  return {
    question_count: asks.count,
    question_type: asks.type,
    gives_advice: adviceFindings(reply).some(({ strength }) => strength >= VIOLATION_STRENGTH),
    tells: tellingStrength(reply, assertedWords(reply)) >= VIOLATION_STRENGTH,
    is_empty: reply.sentences.length === 0,
  };
}
