import { median } from 'd3-array';
import type { ModelTrendRow } from '../../../../schemas/dashboard-data.ts';
import type { WeeklySummary } from '../../../../schemas/weekly-summary.ts';
import { DotPlot } from '../../charts/dot-plot.tsx';
import { Radar } from '../../charts/radar.tsx';
import { CSD_LABELS, CSD_LIST } from '../../format/labels.ts';
import { coefficient } from '../../format/number.ts';
import { Figure, Legend } from '../../kit/figure.tsx';

/** The eight dimensions as exact dots and as a shape. */
export function CsdFigures({
  model,
  row,
  others,
}: {
  model: string;
  row: ModelTrendRow | undefined;
  others: readonly WeeklySummary[];
}) {
  const mine = CSD_LIST.map((name) => row?.csd_subscores[name] ?? null);
  const crowd = CSD_LIST.map((name) => others.flatMap((other) => other.csd_subscores[name] ?? []));
  const middle = crowd.map((values) => median(values) ?? null);
  const finding = csdSentence(mine, crowd);
  const data = {
    columns: ['dimension', model, 'median of the others', 'others'],
    rows: CSD_LIST.map((name, index) => [
      `${CSD_LABELS[name].short} ${CSD_LABELS[name].long}`,
      mine[index],
      middle[index],
      crowd[index]!.length,
    ]),
  };
  return (
    <div class="grid-2">
      <Figure kicker={`CSD of ${model} beside the other models`} finding={finding} data={data}>
        <DotPlot
          label={finding}
          domain={[0, 1]}
          room={190}
          write={(value) => coefficient(value).replace(/0$/, '')}
          rows={CSD_LIST.map((name, index) => ({
            name: CSD_LABELS[name].long,
            value: mine[index] ?? null,
            crowd: crowd[index]!,
            tone: 'steel',
            text: coefficient(mine[index]),
          }))}
        />
      </Figure>
      <Figure
        kicker={`CSD profile of ${model}`}
        finding="The shape against the median of the other models of the week."
        data={data}
      >
        <Legend
          items={[
            { name: model, tone: 'stroke-steel' },
            { name: 'median of the others', tone: 'stroke-ink', is_dashed: true },
          ]}
        />
        <Radar
          label={`CSD profile of ${model}: ${CSD_LIST.map((name, index) => `${CSD_LABELS[name].long} ${coefficient(mine[index])}`).join(', ')}`}
          axes={CSD_LIST.map((name) => CSD_LABELS[name].short)}
          shapes={[
            { name: 'median of the others', tone: 'ink', values: middle, dash: '4 3' },
            { name: model, tone: 'steel', values: mine, is_filled: true },
          ]}
        />
      </Figure>
    </div>
  );
}

function csdSentence(mine: readonly (number | null)[], crowd: readonly (readonly number[])[]): string {
  const last = CSD_LIST.filter((_, index) => {
    const value = mine[index];
    return value != null && crowd[index]!.length > 0 && crowd[index]!.every((other) => other > value);
  });
  const first = CSD_LIST.filter((_, index) => {
    const value = mine[index];
    return value != null && crowd[index]!.length > 0 && crowd[index]!.every((other) => other < value);
  });
  const named = (names: typeof last) => names.map((name) => CSD_LABELS[name].long).join(', ');
  const parts = [
    first.length > 0 ? `Highest of all models in ${named(first)}` : '',
    last.length > 0 ? `${first.length > 0 ? 'lowest' : 'Lowest of all models'} in ${named(last)}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'In the field of the other models on every dimension.' : `${parts.join('; ')}.`;
}
