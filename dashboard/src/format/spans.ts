/** A run of text with the violations that cover it. */
export interface Piece {
  text: string;
  violations: readonly string[];
}

/**
 * Cuts a reply at the borders of its violation spans, which may overlap. Offsets are UTF-16 units; those outside the text are
 * clipped, a cut through a surrogate pair is moved behind it; spans of 0–0 (the whole reply) are left to the caller.
 */
export function piecesOf(
  text: string,
  spans: readonly { violation: string; start: number; end: number }[],
): Piece[] {
  const whole = (at: number): number => {
    const clipped = Math.min(Math.max(0, at), text.length);
    const unit = text.charCodeAt(clipped);
    return unit >= 0xdc00 && unit <= 0xdfff && clipped > 0 ? clipped + 1 : clipped;
  };
  const clean = spans
    .map(({ violation, start, end }) => ({ violation, start: whole(start), end: whole(end) }))
    .filter(({ start, end }) => end > start);
  const cuts = [...new Set([0, text.length, ...clean.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index]!;
    const covering = clean
      .filter((span) => span.start <= start && span.end >= end)
      .map(({ violation }) => violation);
    return { text: text.slice(start, end), violations: [...new Set(covering)] };
  });
}
