/** Points that no other beats on both sides: cheaper and at least as good. By cost, cheapest first. */
export function paretoFront<T>(
  points: readonly T[],
  cost: (point: T) => number,
  quality: (point: T) => number,
): T[] {
  const sorted = [...points].sort((a, b) => cost(a) - cost(b) || quality(b) - quality(a));
  const front: T[] = [];
  for (const point of sorted)
    if (front.length === 0 || quality(point) > quality(front.at(-1)!)) front.push(point);
  return front;
}
