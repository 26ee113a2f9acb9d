import type { WeeklySummary } from '../../../../schemas/weekly-summary.ts';
import { SurvivalChart } from '../../charts/survival-chart.tsx';
import { listed, median, percent } from '../../format/number.ts';
import { Figure } from '../../kit/figure.tsx';

/** Colour and dash of each phase: heavier load, warmer colour. */
const LOOK: Readonly<Record<string, { tone: string; dash?: string }>> = {
  P0: { tone: 'better' },
  P1: { tone: 'steel', dash: '6 3' },
  P2: { tone: 'care', dash: '2 3' },
  P3: { tone: 'worse', dash: '8 3 2 3' },
};

/** Kaplan–Meier curves of one week by phase. */
export function SurvivalFigure({
  model,
  rows,
  phase,
}: {
  model: string;
  rows: readonly WeeklySummary[];
  phase: string;
}) {
  const shown = rows.filter(
    (row) => (phase === 'all' || row.phase === phase) && row.survival_curve.length > 0,
  );
  const finding = survivalSentence(shown);
  const series = shown.map((row) => ({
    name: row.phase,
    tone: LOOK[row.phase]?.tone ?? 'ink',
    ...(LOOK[row.phase]?.dash === undefined ? {} : { dash: LOOK[row.phase]!.dash! }),
    horizon_turns: row.horizon_turns,
    curve: row.survival_curve,
  }));
  return (
    <Figure
      kicker={`Share of dialogues of ${model} still Socratic, by turn and phase`}
      finding={finding}
      note="Kaplan–Meier; a dialogue is lost when the mean of three scores falls below the line. P0 to P3: 2K to 128K tokens of context."
      data={{
        columns: ['phase', 'turn', 'survival', 'at_risk', 'events'],
        rows: shown.flatMap((row) =>
          row.survival_curve.map((point) => [
            row.phase,
            point.turn,
            point.survival,
            point.at_risk,
            point.events,
          ]),
        ),
      }}
    >
      <SurvivalChart label={finding} series={series} />
    </Figure>
  );
}

function survivalSentence(rows: readonly WeeklySummary[]): string {
  if (rows.length === 0) return 'No dialogue was scored.';
  const held = rows.filter((row) => row.km_median_turn === null).map(({ phase }) => phase);
  const lost = rows.filter((row) => row.km_median_turn !== null);
  if (lost.length === 0)
    return `At least half of the dialogues hold to the end in ${rows.length === 1 ? rows[0]!.phase : 'every phase'}.`;
  const parts = lost.map((row) => `turn ${median(row.km_median_turn, null)} in ${row.phase}`);
  const medians = new Set(lost.map((row) => row.km_median_turn));
  const text =
    medians.size === 1 && lost.length > 1
      ? `Half of the dialogues are lost by turn ${median(lost[0]!.km_median_turn, null)} in ${listed(lost.map(({ phase }) => phase))}`
      : `Half of the dialogues are lost by ${listed(parts)}`;
  if (held.length > 0) return `${text}; in ${listed(held)} more than half hold.`;
  const survived = rows.reduce((sum, row) => sum + (row.survived_frac ?? 0), 0) / rows.length;
  return `${text}${survived === 0 ? '; none holds to the end' : `; ${percent(survived)} hold to the end`}.`;
}
