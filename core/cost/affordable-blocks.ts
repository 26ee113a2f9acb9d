/** What of a plan row its price depends on. */
export interface PricedRow {
  block: number;
  /** Likely cost of the dialogue, the model that plays the student included. US dollars. */
  estimated_usd: number;
  /** Likely cost of its judges. */
  judging_estimated_usd: number;
  /** The most that one call of the dialogue can cost, reserved before it is made. */
  worst_call_usd: number;
}

export interface Affordable {
  /** Blocks that the cap is expected to pay, judging and canary included. */
  blocks: ReadonlySet<number>;
  /** All that they, and the canary, are expected to cost. US dollars. */
  expected_usd: number;
  /** Spend up to which another dialogue may begin: the rest of the cap is for the judges. */
  dialogues_until_usd: number;
  /** What the first block that the cap leaves out needs, its dearest call's reserve included; null when it leaves out none. */
  next_block_usd: number | null;
}

/**
 * Sheds load as whole blocks (seed × temperature × phase × repeat over all models and variants), so that what is left is
 * balanced: the plan's blocks are taken in order until one does not fit, and all behind it are left out, cheap ones too, or
 * the phases that cost most would be the ones missing. A block fits when the last call can still be reserved at its worst:
 * else the hard cap would stop it just before its end. Phases change fastest in a plan, hence any cut leaves them even.
 * @param rows planned rows, in plan order.
 * @param fixed_usd spent whatever is planned: the canary.
 */
export function affordableBlocks(rows: readonly PricedRow[], fixed_usd: number, cap_usd: number): Affordable {
  const costs = new Map<number, { dialogue: number; judging: number; worst: number }>();
  for (const row of rows) {
    const cost = costs.get(row.block) ?? { dialogue: 0, judging: 0, worst: 0 };
    cost.dialogue += row.estimated_usd;
    cost.judging += row.judging_estimated_usd;
    cost.worst = Math.max(cost.worst, row.worst_call_usd);
    costs.set(row.block, cost);
  }
  const blocks = new Set<number>();
  let expected_usd = fixed_usd;
  let judging_usd = fixed_usd;
  let reserve_usd = 0;
  for (const [block, { dialogue, judging, worst }] of costs) {
    const own = dialogue + judging;
    const reserve = Math.max(reserve_usd, worst);
    if (expected_usd + own + reserve > cap_usd && own > 0)
      return {
        blocks,
        expected_usd,
        dialogues_until_usd: Math.max(0, cap_usd - judging_usd),
        next_block_usd: own + reserve,
      };
    blocks.add(block);
    expected_usd += own;
    reserve_usd = reserve;
    judging_usd += judging;
  }
  return {
    blocks,
    expected_usd,
    dialogues_until_usd: Math.max(0, cap_usd - judging_usd),
    next_block_usd: null,
  };
}
