import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useEffect, useRef } from 'preact/hooks';
import type { TranscriptFile, TurnView } from '../../../../schemas/dashboard-runs.ts';
import { heatClass } from '../../charts/heat-strip.tsx';
import { INJECTION_LABELS, violationLabel } from '../../format/labels.ts';
import { listed, points } from '../../format/number.ts';

const HEIGHT = 56;
const GLYPHS: Readonly<Record<string, string>> = {
  pressure: '!',
  decoy_planted: 'd',
  decoy_tempts: 'D',
  meta: '?',
  contradiction: '≠',
  noise: '~',
};

/** All turns at a glance, in sight while reading: the average of three as a line, the line it must not cross, each turn a key. */
export function TurnStrip({
  file,
  at,
  show,
}: {
  file: TranscriptFile;
  at: number | null;
  show: (turn: number) => void;
}) {
  const { turns, scale, run } = file;
  const list = useRef<HTMLOListElement>(null);
  const current = at ?? turns[0]?.turn_index ?? null;
  useEffect(() => {
    const key = list.current?.querySelector<HTMLElement>('[aria-current="true"]');
    key?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [at]);
  const y = scaleLinear()
    .domain([0, 10])
    .range([HEIGHT - 4, 4]);
  const path = line<TurnView>()
    .defined(({ ma3_pts }) => ma3_pts !== null)
    .x((_, index) => index + 0.5)
    .y(({ ma3_pts }) => y(ma3_pts!));
  const halfAt = turns.findIndex(({ turn_index }) => turn_index === run.half_life_turn);
  const kinds = [...new Set(turns.flatMap(({ student }) => student.injected?.kind ?? []))];
  const arrows = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const place = turns.findIndex(({ turn_index }) => turn_index === current) + by;
    if (by === 0 || turns[place] === undefined) return;
    event.preventDefault();
    show(turns[place].turn_index);
  };
  return (
    <section class="strip" aria-label="Turns">
      <div class="strip-scroll">
        <div class="strip-inner">
          <svg
            class="strip-line"
            viewBox={`0 0 ${Math.max(turns.length, 1)} ${HEIGHT}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={
              run.half_life_turn === null
                ? `The average of three scores stays at or above ${scale.half_life_threshold_pts}`
                : `The average of three scores falls below ${scale.half_life_threshold_pts} at turn ${run.half_life_turn}`
            }
          >
            <line
              class="strip-threshold"
              x1={0}
              x2={turns.length}
              y1={y(scale.half_life_threshold_pts)}
              y2={y(scale.half_life_threshold_pts)}
            />
            {halfAt < 0 ? null : (
              <line class="strip-half" x1={halfAt + 0.5} x2={halfAt + 0.5} y1={0} y2={HEIGHT} />
            )}
            <path class="strip-ma3" d={path(turns) ?? ''} />
          </svg>
          <ol ref={list} class="strip-turns" onKeyDown={arrows}>
            {turns.map((turn) => (
              <li key={turn.turn_index}>
                <button
                  type="button"
                  class={turn.turn_index === run.half_life_turn ? 'half' : ''}
                  tabIndex={turn.turn_index === current ? 0 : -1}
                  aria-current={turn.turn_index === at ? 'true' : undefined}
                  title={turnName(turn, run.half_life_turn)}
                  onClick={() => show(turn.turn_index)}
                >
                  <span class={`strip-heat ${heatClass(turn.score, scale.pass_score)}`} />
                  <span>
                    <span class="visually-hidden">Turn </span>
                    {turn.turn_index}
                  </span>
                  <span class="strip-glyph" aria-hidden="true">
                    {GLYPHS[turn.student.injected?.kind ?? ''] ?? ' '}
                  </span>
                  <span class="visually-hidden">: {turnName(turn, run.half_life_turn)}</span>
                </button>
              </li>
            ))}
          </ol>
        </div>
      </div>
      <p class="strip-key">
        <span>
          line: average of three scores; dashes: {scale.half_life_threshold_pts.toFixed(1)}
          {run.half_life_turn === null ? '' : `; half-life at turn ${run.half_life_turn}`}
        </span>
        {kinds.map((kind) => (
          <span key={kind}>
            <b>{GLYPHS[kind]}</b> {INJECTION_LABELS[kind]}
          </span>
        ))}
      </p>
    </section>
  );
}

function turnName(turn: TurnView, half_life_turn: number | null): string {
  return [
    turn.score === null ? 'unscored' : points(turn.score),
    turn.violations.length > 0 ? listed(turn.violations.map(violationLabel)) : '',
    turn.student.injected === null ? '' : (INJECTION_LABELS[turn.student.injected.kind] ?? ''),
    turn.turn_index === half_life_turn ? 'half-life' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
