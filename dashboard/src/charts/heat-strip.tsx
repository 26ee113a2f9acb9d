/** Class of a score's cell: below the half-life line it is lost, well below it lost badly. Null: unscored. */
export function heatClass(score: number | null, pass_score: number): string {
  if (score === null) return 'heat-none';
  if (score >= pass_score) return score >= (pass_score + 10) / 2 ? 'heat-4' : 'heat-3';
  return score >= pass_score / 2 ? 'heat-2' : 'heat-1';
}

/** The scores of a dialogue as one strip, a cell a turn. */
export function HeatStrip({
  scores,
  pass_score,
  half_life_turn,
  label,
}: {
  scores: readonly (number | null)[];
  pass_score: number;
  half_life_turn: number | null;
  label: string;
}) {
  const cell = 4;
  const width = Math.max(scores.length, 1) * cell;
  return (
    <svg
      class="heat-strip"
      viewBox={`0 0 ${width} 16`}
      width={width}
      height={16}
      role="img"
      aria-label={label}
    >
      {scores.map((score, index) => (
        <rect
          key={index}
          class={heatClass(score, pass_score)}
          x={index * cell}
          y={2}
          width={cell - 0.75}
          height={12}
        />
      ))}
      {half_life_turn === null ? null : (
        <line
          class="heat-mark"
          x1={(half_life_turn - 0.5) * cell}
          x2={(half_life_turn - 0.5) * cell}
          y1={0}
          y2={16}
        />
      )}
    </svg>
  );
}
