/** Rows ordered by a key of the URL (`score` up, `-score` down); missing values come last either way, equals stay in order. */
export function sortedBy<T>(
  rows: readonly T[],
  value: string,
  keys: Readonly<Record<string, (row: T) => number | string | null>>,
): T[] {
  const isDown = value.startsWith('-');
  const read = keys[isDown ? value.slice(1) : value];
  if (read === undefined) return [...rows];
  return rows
    .map((row) => ({ row, key: read(row) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      const order = a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
      return isDown ? -order : order;
    })
    .map(({ row }) => row);
}
