/** The known name nearest to a mistyped one (Damerau–Levenshtein distance ≤ 1 + a third of its length), or null. */
export function closestName(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = 1 + Math.floor(name.length / 3);
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < bestDistance || (distance === bestDistance && best === null)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `unknown model "drifer-20": did you mean "drifter-20"?` */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const closest = closestName(name, known);
  const shown =
    known.length <= 12
      ? `known: ${known.join(', ')}`
      : `${known.length} are known; \`socratic-bench validate\` lists them`;
  return `unknown ${what} "${name}"${closest === null ? ` (${shown})` : `: did you mean "${closest}"?`}`;
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, beforePrevious[j - 2]! + 1);
      current.push(value);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}
