import type { TranscriptFile, TurnView } from '../../../../schemas/dashboard-runs.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { transcriptFile } from '../../data/files.ts';
import { all } from '../../data/resource.ts';
import { violationLabel, weekLabel } from '../../format/labels.ts';
import { halfLife, points, signed } from '../../format/number.ts';
import { Badge } from '../../kit/badge.tsx';
import { Figure, Legend } from '../../kit/figure.tsx';
import { To } from '../../kit/link.tsx';
import { Loaded, PageHead, Section } from '../../kit/page.tsx';
import { usePageTitle } from '../../state/page-title.ts';

/** Two dialogues turn by turn, the turns that lost most first. */
export function RunPair({ run_a, run_b }: { run_a: string; run_b: string }) {
  return (
    <Loaded
      from={all(transcriptFile(run_a), transcriptFile(run_b))}
      missing="One of the two transcripts has not been published."
    >
      {([a, b]) => <Pair a={a} b={b} />}
    </Loaded>
  );
}

function Pair({ a, b }: { a: TranscriptFile; b: TranscriptFile }) {
  usePageTitle('Compare two dialogues');
  const n = Math.max(a.turns.length, b.turns.length);
  const change = (index: number) => {
    const [before, after] = [a.turns[index]?.score, b.turns[index]?.score];
    return before == null || after == null ? null : after - before;
  };
  const both = Array.from({ length: n }, (_, index) => index);
  const order = both.filter((index) => change(index) !== null).sort((x, y) => change(x)! - change(y)!);
  const worst = order[0];
  const names = [a, b].map((file) => `${file.run.model}, ${weekLabel(file.week)}`);
  const finding =
    worst === undefined
      ? 'No turn was scored on both sides.'
      : `Half-life ${halfLife(a.run)} before, ${halfLife(b.run)} after; the largest fall is turn ${worst + 1} (${signed(change(worst), 1)}).`;
  return (
    <>
      <PageHead
        crumbs={
          <To to="/compare" with={{ a: a.execution_id, b: b.execution_id }}>
            Compare the weeks
          </To>
        }
        title={a.seed.title === b.seed.title ? a.seed.title : `${a.seed.title} / ${b.seed.title}`}
      >
        {names[0]} (before) and {names[1]} (after), {b.run.phase}.
      </PageHead>
      <Figure
        kicker="Average of three scores, turn by turn"
        finding={finding}
        data={{
          columns: ['turn', 'score_before', 'score_after', 'ma3_before', 'ma3_after'],
          rows: both.map((index) => [
            index + 1,
            a.turns[index]?.score,
            b.turns[index]?.score,
            a.turns[index]?.ma3_pts,
            b.turns[index]?.ma3_pts,
          ]),
        }}
      >
        <Legend
          items={[
            { name: `before: ${names[0]}`, tone: 'stroke-ink' },
            { name: `after: ${names[1]}`, tone: 'stroke-steel' },
          ]}
        />
        <LineChart
          label={finding}
          ticks={both.map((index) => String(index + 1))}
          domain={[0, 10]}
          write={(value) => points(value).replace('.00', '')}
          references={[{ value: b.scale.half_life_threshold_pts, name: 'half-life line' }]}
          series={[
            { name: 'before', tone: 'ink', values: both.map((index) => a.turns[index]?.ma3_pts ?? null) },
            { name: 'after', tone: 'steel', values: both.map((index) => b.turns[index]?.ma3_pts ?? null) },
          ]}
        />
      </Figure>
      <Section title="Turn by turn" lede="The turns that lost most come first.">
        <ol class="pair-turns">
          {order.map((index) => (
            <li key={index}>
              <h3>
                Turn {index + 1}{' '}
                <Badge tone={change(index)! < 0 ? 'worse' : change(index)! > 0 ? 'better' : 'plain'}>
                  {signed(change(index), 2)}
                </Badge>
              </h3>
              <Side name="before" file={a} turn={a.turns[index]!} />
              <Side name="after" file={b} turn={b.turns[index]!} />
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

function Side({ name, file, turn }: { name: string; file: TranscriptFile; turn: TurnView }) {
  return (
    <div>
      <p class="speaker">
        <To to={`/run/${file.run.run_id}`} with={{ turn: String(turn.turn_index) }}>
          {name}: {points(turn.score)}
        </To>{' '}
        {turn.violations.map((violation) => (
          <Badge key={violation} tone="worse">
            {violationLabel(violation)}
          </Badge>
        ))}
      </p>
      <p class="small faint">{turn.student.said}</p>
      <p class="sentence words">{turn.tutor_text}</p>
    </div>
  );
}
