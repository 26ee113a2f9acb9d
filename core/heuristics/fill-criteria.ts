import type { Criteria, StopReason } from '../../schemas/common.ts';
import type { HeuristicResult, QuestionType } from '../../schemas/heuristic-result.ts';
import type { Reply } from './analyse-reply.ts';
import type { Asks } from './detectors/questions.ts';
import type { Uptake } from './detectors/responsiveness.ts';
import { ramp, type Finding } from './finding.ts';

/** Depth of the kinds of question, 0–10: reasons, assumptions and implications go deepest (Paul and Elder). */
const DEPTH: Record<QuestionType, number> = {
  evidence: 10,
  assumption: 10,
  implication: 10,
  viewpoint: 10,
  clarify: 9,
  meta: 9,
  other: 8,
  none: 1,
};
/** One question is wanted; each further one costs more than the last. */
const BY_COUNT = [0, 10, 5, 2.5, 1] as const;

/** The nine criteria of a turn from its findings and probabilities, 0–10 each; `stage_1` in the rubric describes them. */
export function fillCriteria(
  reply: Reply,
  asks: Asks,
  uptake: Uptake,
  findings: readonly Finding[],
  probabilities: HeuristicResult['probabilities'],
  stopReason: StopReason,
): Criteria {
  const worst = (violation: Finding['violation']): number =>
    findings.reduce(
      (max, finding) => (finding.violation === violation ? Math.max(max, finding.strength) : max),
      0,
    );
  const given = Math.max(
    worst('telling'),
    worst('reveals_answer'),
    worst('lecture'),
    worst('answers_own_question'),
  );
  const advised = Math.max(worst('advice'), worst('directive'));
  /** What the tutor has told or advised is no longer asked, however open the question behind it sounds. */
  const spent = Math.max(penalty(given), penalty(advised));
  const openness =
    asks.openness === 'open' ? 10 : asks.openness === 'narrow' ? 7 : asks.openness === 'closed' ? 4 : 1;
  const depth =
    asks.openness === 'closed'
      ? Math.min(6, DEPTH[asks.type])
      : asks.openness === 'narrow'
        ? Math.min(8, DEPTH[asks.type])
        : DEPTH[asks.type];
  const taken = Math.max(
    10 * ramp(probabilities.builds_on_prior, 0.1, 0.6),
    uptake.repeated >= 1 ? 10 : uptake.points_back ? 9 : 4,
  );
  const off = Math.max(worst('follows_decoy'), worst('ignores_student'));
  return {
    open_ended: scaled(openness, 1 - 0.6 * spent),
    single_question: BY_COUNT[Math.min(asks.count, 4)] as number,
    grammatical: grammarPts(reply, stopReason),
    probing_depth: scaled(depth, 1 - 0.7 * spent),
    relevance: scaled(
      uptake.related > 0 || uptake.points_back ? 10 : uptake.content_words === 0 ? 6 : 7,
      1 - 0.8 * penalty(off),
    ),
    builds_on_prior: scaled(taken, 1 - 0.7 * penalty(worst('ignores_student'))),
    non_directive: scaled(
      10,
      1 -
        Math.max(
          penalty(given),
          0.9 * penalty(worst('directive')),
          0.9 * penalty(worst('follows_decoy')),
          asks.count === 0 ? 0.4 : 0,
        ),
    ),
    no_advice: scaled(10, 1 - Math.max(penalty(worst('advice')), 0.8 * penalty(worst('directive')))),
    no_leading: scaled(
      10,
      1 - Math.max(0.85 * penalty(worst('leading_question')), 0.3 * ramp(probabilities.leading, 0.8, 1)),
    ),
  };
}

/** Full effect from strength 0.7 on, none below 0.2: near its threshold a finding costs in proportion. */
function penalty(strength: number): number {
  return ramp(strength, 0.2, 0.7);
}

function scaled(points: number, factor: number): number {
  return Math.round(Math.max(0, Math.min(10, points * factor)) * 100) / 100;
}

/** Readability, 0–10: cut replies, shouting, doubled words, unclosed code and letter salad cost. */
function grammarPts(reply: Reply, stopReason: StopReason): number {
  if (reply.sentences.length === 0) return 0;
  let points = 10;
  if (stopReason === 'length') points -= 4;
  const { text, words } = reply;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  if (letters > 20 && capitals / letters > 0.6) points -= 3;
  if (letters < 0.4 * text.replace(/\s/gu, '').length && !reply.has_code) points -= 2;
  let doubled = 0;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index] as string;
    if (word === words[index - 1] && /^\p{L}{2,}$/u.test(word) && word !== 'had' && word !== 'that')
      doubled += 1;
  }
  points -= Math.min(3, doubled);
  if ((text.split('```').length - 1) % 2 === 1) points -= 1;
  return Math.max(0, points);
}
