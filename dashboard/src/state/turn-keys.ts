/** What the keys need to know of a turn. */
export interface KeyTurn {
  turn_index: number;
  violations: readonly string[];
}

/** The turn that j (next), k (before) or v (next with a violation, around the end) leads to; null where it leads nowhere. */
export function turnAfterKey(key: string, turns: readonly KeyTurn[], at: number | null): number | null {
  const place = turns.findIndex(({ turn_index }) => turn_index === at);
  switch (key) {
    case 'j':
      return turns[place + 1]?.turn_index ?? null;
    case 'k':
      return place > 0 ? turns[place - 1]!.turn_index : null;
    case 'v': {
      const broken = turns.filter(({ violations }) => violations.length > 0);
      return (broken.find(({ turn_index }) => turn_index > (at ?? 0)) ?? broken[0])?.turn_index ?? null;
    }
    default:
      return null;
  }
}
