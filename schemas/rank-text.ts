/**
 * A rank as every table writes it: `2`, or `2–4` where the comparisons leave open which of those places it is; `–` without a
 * rank. Weeks written before `rank_max` existed have the first place alone.
 */
export function rankText({ rank, rank_max }: { rank: number | null; rank_max: number | null }): string {
  if (rank === null) return '–';
  return rank_max === null || rank_max === rank ? `${rank}` : `${rank}–${rank_max}`;
}
