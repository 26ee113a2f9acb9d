import type { LabelledUtterance } from '../../schemas/labelled-utterance.ts';
import { spearman } from '../statistics/spearman.ts';

/** Responders to the same students, ranked by how often they reveal the answer. */
export interface ResponderRanking {
  dataset: string;
  n_responders: number;
  /** Human against estimated share of replies that reveal; null where one side does not vary. */
  spearman: number | null;
  /** From the rarest to the most frequent by people's verdicts. */
  responders: { responder: string; n: number; human_frac: number; estimated_frac: number }[];
  goal_spearman: number;
}

/** Spec 3.8. */
const GOAL_SPEARMAN = 0.95;
/** A ranking of fewer says nothing. */
const MIN_RESPONDERS = 3;

/** People's share of revealing replies beside the mean estimated probability; null where too few responders are named. */
export function rankResponders(
  dataset: string,
  items: readonly { row: LabelledUtterance; estimate: number }[],
): ResponderRanking | null {
  const by = new Map<string, { n: number; human: number; estimated: number }>();
  for (const { row, estimate } of items) {
    const responder = row.meta?.responder;
    if (typeof responder !== 'string' || row.binary.reveals_answer === null) continue;
    const sums = by.get(responder) ?? { n: 0, human: 0, estimated: 0 };
    sums.n += 1;
    sums.human += row.binary.reveals_answer ? 1 : 0;
    sums.estimated += estimate;
    by.set(responder, sums);
  }
  if (by.size < MIN_RESPONDERS) return null;
  const responders = [...by]
    .map(([responder, { n, human, estimated }]) => ({
      responder,
      n,
      human_frac: human / n,
      estimated_frac: estimated / n,
    }))
    .sort((a, b) => a.human_frac - b.human_frac || (a.responder < b.responder ? -1 : 1));
  const rho = spearman(
    responders.map(({ human_frac }) => human_frac),
    responders.map(({ estimated_frac }) => estimated_frac),
  );
  return { dataset, n_responders: by.size, spearman: rho, responders, goal_spearman: GOAL_SPEARMAN };
}
