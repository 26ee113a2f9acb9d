import type { LabelSession } from '../../schemas/label.ts';
import { randomFrom } from '../identity/random.ts';

/** Items of a session (spec 4.6). */
export const SESSION_ITEMS = 25;
/** Of a session's items shown twice: 10%, rounded up. */
const REPEAT_FRAC = 0.1;
/** Share of all labelled items that two raters shall have labelled. */
export const DOUBLE_FRAC = 0.3;
/** A repeat that comes this soon would be remembered, not judged. */
const REPEAT_DISTANCE = 10;

export interface SessionPool {
  rater: string;
  session: string;
  /** Every item of the queue, the more urgent first. */
  item_ids: readonly string[];
  /** Raters by item that has labels. */
  ratersOf: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The items of a session and their order, which is the rater's own: as many items of others as bring the doubly labelled
 * share to 30%, then items that nobody has, then again others'; a tenth comes twice, the second time at least ten items later. The same pool
 * gives the same session. Empty when the rater has labelled all there is.
 */
export function planSession(pool: SessionPool): LabelSession['items'] {
  const random = randomFrom(`label-session:${pool.rater}:${pool.session}`);
  const mine = (id: string) => pool.ratersOf.get(id)?.has(pool.rater) === true;
  const others = (id: string) => pool.ratersOf.get(id)?.size ?? 0;
  const open = pool.item_ids.filter((id) => !mine(id));
  const once = open.filter((id) => others(id) === 1);
  const fresh = open.filter((id) => others(id) === 0);
  const crowded = open.filter((id) => others(id) > 1);

  const n_distinct = Math.min(SESSION_ITEMS - Math.ceil(SESSION_ITEMS * REPEAT_FRAC), open.length);
  const labelled = [...pool.ratersOf.values()].filter((raters) => raters.size > 0).length;
  const double = [...pool.ratersOf.values()].filter((raters) => raters.size > 1).length;
  const n_second = Math.min(once.length, neededSeconds(labelled, double, n_distinct));
  const chosen = [
    ...once.slice(0, n_second),
    ...fresh.slice(0, n_distinct - n_second),
    ...once.slice(n_second),
    ...crowded,
  ].slice(0, n_distinct);

  const first = shuffle(chosen, random);
  const n_repeats = first.length > REPEAT_DISTANCE ? Math.ceil(first.length * REPEAT_FRAC) : 0;
  const items = first.map((item_id) => ({ item_id, is_repeat: false }));
  for (const item_id of shuffle(first.slice(0, first.length - REPEAT_DISTANCE), random).slice(0, n_repeats)) {
    const shown = items.findIndex((item) => item.item_id === item_id);
    const earliest = shown + 1 + REPEAT_DISTANCE;
    const place = earliest + Math.floor(random() * (items.length - earliest + 1));
    items.splice(place, 0, { item_id, is_repeat: true });
  }
  return items;
}

/** Seconds so that (double + x) / (labelled + n − x) reaches the share: x items of others, n − x new ones. */
function neededSeconds(labelled: number, double: number, n: number): number {
  const x = (DOUBLE_FRAC * (labelled + n) - double) / (1 + DOUBLE_FRAC);
  return Math.min(n, Math.max(0, Math.ceil(x)));
}

/** Fisher and Yates. */
export function shuffle<T>(values: readonly T[], random: () => number): T[] {
  const shuffled = [...values];
  for (let i = shuffled.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}
