import type { IndexExecution, IndexFile } from '../../../../schemas/dashboard-data.ts';
import type { RunsFile } from '../../../../schemas/dashboard-runs.ts';
import { DotPlot } from '../../charts/dot-plot.tsx';
import { runsFile } from '../../data/files.ts';
import { all } from '../../data/resource.ts';
import type { Scope } from '../../data/scope.ts';
import { comparisonsOf, directionOf, type Comparison } from '../../format/compare.ts';
import { weekLabel } from '../../format/labels.ts';
import { excludesZero, interval, listed, plural, signed, signedPercent } from '../../format/number.ts';
import type { PairedDifference } from '../../format/paired.ts';
import { Badge } from '../../kit/badge.tsx';
import { Figure } from '../../kit/figure.tsx';
import { To } from '../../kit/link.tsx';
import { Loaded, PageHead, Section } from '../../kit/page.tsx';
import { Scoped } from '../../kit/scoped.tsx';
import { Select } from '../../kit/select.tsx';
import { Table } from '../../kit/table.tsx';
import { query, setQuery } from '../../state/location.ts';
import { usePageTitle } from '../../state/page-title.ts';
import { PairTable } from './pair-table.tsx';
import { RunPair } from './run-pair.tsx';

/** Two executions over the same cells, regressions first. */
export function ComparePage() {
  const { run_a, run_b } = query.value;
  if (run_a !== undefined && run_b !== undefined) return <RunPair run_a={run_a} run_b={run_b} />;
  return <Scoped>{(scope, index) => <Choice scope={scope} index={index} />}</Scoped>;
}

function Choice({ scope, index }: { scope: Scope; index: IndexFile }) {
  const find = (id: string | undefined) => index.executions.find(({ execution_id }) => execution_id === id);
  const b = find(query.value['b']) ?? scope.execution;
  const a =
    find(query.value['a']) ??
    index.executions
      .filter((each) => each.series === b.series && each.is_official && each.week < b.week)
      .at(-1);
  usePageTitle(a === undefined ? 'Compare' : `Compare ${weekLabel(a.week)} and ${weekLabel(b.week)}`);
  const options = index.executions.toReversed().map((each) => ({
    value: each.execution_id,
    text: `${weekLabel(each.week)}, ${each.series}${each.is_official ? '' : ' (superseded)'}`,
  }));
  return (
    <>
      <PageHead title="Compare">
        Two weeks over the same cells: model, variant, scenario, phase, temperature and repeat. What fell
        comes first.
      </PageHead>
      <div class="filters">
        <Select
          label="Before"
          value={a?.execution_id ?? ''}
          options={a === undefined ? [{ value: '', text: 'choose one' }, ...options] : options}
          onChange={(value) => setQuery({ a: value })}
        />
        <Select
          label="After"
          value={b.execution_id}
          options={options}
          onChange={(value) => setQuery({ b: value })}
        />
        <button
          type="button"
          class="button quiet"
          disabled={a === undefined}
          onClick={() => setQuery({ a: b.execution_id, b: a!.execution_id })}
        >
          Swap
        </button>
      </div>
      {a === undefined ? (
        <div class="empty">
          There is no earlier week of this series. Choose any other execution as “before”.
        </div>
      ) : (
        <Loaded
          from={all(runsFile(a.execution_id), runsFile(b.execution_id))}
          missing="The runs of one of these executions have not been published."
        >
          {([before, after]) => <Comparisons a={a} b={b} before={before} after={after} />}
        </Loaded>
      )}
    </>
  );
}

function Comparisons({
  a,
  b,
  before,
  after,
}: {
  a: IndexExecution;
  b: IndexExecution;
  before: RunsFile;
  after: RunsFile;
}) {
  const comparisons = comparisonsOf(before.runs, after.runs);
  const fell = comparisons.filter((each) => directionOf(each) === 'fell').map(({ model }) => model);
  const rose = comparisons.filter((each) => directionOf(each) === 'rose').map(({ model }) => model);
  const finding =
    comparisons.length === 0
      ? 'The two share no cell that was scored on both sides.'
      : fell.length + rose.length === 0
        ? 'No model moved beyond its interval.'
        : [fell.length > 0 ? `${listed(fell)} fell` : '', rose.length > 0 ? `${listed(rose)} rose` : '']
            .filter((part) => part !== '')
            .join('; ') + '.';
  const widest = Math.max(
    0.5,
    ...comparisons.flatMap(({ score }) => [
      Math.abs(score.ci_low ?? score.mean ?? 0),
      Math.abs(score.ci_high ?? 0),
    ]),
  );
  return (
    <>
      {a.measure_sha256 === b.measure_sha256 ? null : (
        <p class="notice care">
          The measure differs between the two (rubric, scenarios, prompts or judge): a difference may be the
          measure’s.{' '}
          <To to={`/manifest/${b.manifest_id}`} with={{ against: a.manifest_id }}>
            See what changed
          </To>
        </p>
      )}
      <div class="stack compare-figures">
        <Figure
          kicker={`Change of SD from ${weekLabel(a.week)} to ${weekLabel(b.week)}, points`}
          finding={finding}
          note="Mean over pairs of the same cell with Student’s 95% interval. Alerts use a permutation test corrected for all tests of the week and may be stricter."
          data={{
            columns: [
              'model',
              'variant',
              'n_pairs',
              'score_change',
              'ci_low',
              'ci_high',
              'compliance_change',
              'half_life_change_turns',
            ],
            rows: comparisons.map((each) => [
              each.model,
              each.variant,
              each.score.n_pairs,
              each.score.mean,
              each.score.ci_low,
              each.score.ci_high,
              each.compliance.mean,
              each.half_life.mean,
            ]),
          }}
        >
          <DotPlot
            label={finding}
            domain={[-widest, widest]}
            reference={0}
            write={(value) => signed(value, 1)}
            rows={comparisons.map((each) => ({
              name: each.model,
              value: each.score.mean,
              low: each.score.ci_low,
              high: each.score.ci_high,
              tone: toneOf(each.score),
              text: signed(each.score.mean, 2),
            }))}
          />
        </Figure>
        <Table<Comparison>
          caption="Changes by model"
          rows={comparisons}
          rowKey={(each) => `${each.model} ${each.variant}`}
          columns={[
            {
              key: 'model',
              head: 'Model',
              cell: (each) => (
                <>
                  <To to={`/model/${each.model}`} with={{ execution: b.execution_id }}>
                    {each.model}
                  </To>
                  <span class="sub">{plural(each.pairs.length, 'pair')}</span>
                </>
              ),
            },
            { key: 'direction', head: 'Reads', cell: (each) => <Direction comparison={each} /> },
            {
              key: 'half',
              head: 'Half-life, turns',
              is_number: true,
              cell: (each) => <Difference of={each.half_life} write={(value) => signed(value, 1)} />,
            },
            {
              key: 'compliance',
              head: 'Compliance, points',
              is_number: true,
              cell: (each) => (
                <Difference of={each.compliance} write={(value) => signedPercent(value).replace('%', '')} />
              ),
            },
            {
              key: 'score',
              head: 'SD',
              is_number: true,
              cell: (each) => <Difference of={each.score} write={(value) => signed(value, 2)} />,
            },
          ]}
        />
      </div>
      <Section
        title="Dialogues that changed most"
        lede="The same cell before and after; the largest falls of each model first."
      >
        <PairTable comparisons={comparisons} scale={after.scale} />
      </Section>
    </>
  );
}

function toneOf(difference: PairedDifference): string {
  if (!excludesZero(difference.ci_low, difference.ci_high)) return 'faint';
  return difference.mean! < 0 ? 'worse' : 'better';
}

function Direction({ comparison }: { comparison: Comparison }) {
  const direction = directionOf(comparison);
  const texts = { fell: 'fell', rose: 'rose', mixed: 'mixed', same: 'no change shown' };
  const tones = { fell: 'worse', rose: 'better', mixed: 'care', same: 'plain' } as const;
  return <Badge tone={tones[direction]}>{texts[direction]}</Badge>;
}

function Difference({ of, write }: { of: PairedDifference; write: (value: number) => string }) {
  if (of.mean === null) return <span class="faint">–</span>;
  const isShown = excludesZero(of.ci_low, of.ci_high);
  return (
    <span class={isShown ? (of.mean < 0 ? 'ink-worse strong' : 'ink-better strong') : 'faint'}>
      {write(of.mean)}
      <span class="sub">{interval(of.ci_low, of.ci_high, write)}</span>
    </span>
  );
}
