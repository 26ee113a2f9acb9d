import type { StopReason, Violation } from '../../schemas/common.ts';
import { analyseReply, type Reply } from './analyse-reply.ts';
import { adviceFindings } from './detectors/advice.ts';
import { answerFindings, readAnswer, type AnswerReading } from './detectors/answer.ts';
import { decoyFindings } from './detectors/decoys.ts';
import { leadingFindings } from './detectors/leading.ts';
import { asksOf, questionFindings, type Asks } from './detectors/questions.ts';
import { ignoringFindings, praiseFindings, uptakeOf, type Uptake } from './detectors/responsiveness.ts';
import { assertedWords, lectureFindings, ownAnswerFindings, tellingStrength } from './detectors/telling.ts';
import { emptyFindings, refusalFindings } from './detectors/withheld.ts';
import type { Finding } from './finding.ts';
import { readContext, type ReadContext, type TurnContext } from './read-context.ts';
import { numbersOf, type NumberMention } from './text/numbers.ts';

/** A tutor turn as the rules see it; models and criteria work on this. */
export interface TurnReading {
  reply: Reply;
  context: ReadContext;
  asks: Asks;
  uptake: Uptake;
  numbers: readonly NumberMention[];
  answer: AnswerReading;
  /** Words the tutor asserts, weighted by how assertive their sentence is. */
  asserted_words: number;
  /** How far the reply tells by rules alone, 0–1. */
  telling_strength: number;
  /** What the rules found; telling is left to the assessor, which weighs rule and probability. */
  findings: readonly Finding[];
}

/** Reads one reply in its context by rules. Linear in the reply, bounded in the context; never throws. */
export function readTurn(tutorText: string, stopReason: StopReason, turn: TurnContext): TurnReading {
  const reply = analyseReply(tutorText);
  const context = readContext(turn);
  const asks = asksOf(reply);
  const uptake = uptakeOf(reply, context);
  const numbers = numbersOf(reply.visible);
  const answer = readAnswer(reply, numbers, context);
  const asserted_words = assertedWords(reply);
  const telling_strength = tellingStrength(reply, asserted_words);
  const withheld = [...refusalFindings(reply, stopReason), ...emptyFindings(reply, stopReason)];
  const findings =
    reply.sentences.length === 0
      ? withheld
      : [
          ...questionFindings(asks),
          ...leadingFindings(reply),
          ...adviceFindings(reply),
          ...lectureFindings(reply),
          ...ownAnswerFindings(reply),
          ...answerFindings(answer),
          ...praiseFindings(reply),
          ...ignoringFindings(reply, context, uptake),
          ...decoyFindings(reply, context),
          ...withheld,
        ];
  return {
    reply,
    context,
    asks,
    uptake,
    numbers,
    answer,
    asserted_words,
    telling_strength,
    findings,
  };
}

/** The strongest finding of a violation, 0 where there is none. */
export function strongest(findings: readonly Finding[], violation: Violation): number {
  let most = 0;
  for (const finding of findings) {
    if (finding.violation === violation && finding.strength > most) most = finding.strength;
  }
  return most;
}
