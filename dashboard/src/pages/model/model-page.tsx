import type { IndexFile, ModelTrendFile, ModelTrendRow } from '../../../../schemas/dashboard-data.ts';
import type { ExecutionSummary } from '../../../../schemas/execution-summary.ts';
import { executionFile, modelTrendFile, runsFile } from '../../data/files.ts';
import { optional } from '../../data/resource.ts';
import type { Scope } from '../../data/scope.ts';
import { declineText, declineWord } from '../../format/decline.ts';
import { PHASE_LABELS, skipLabel, weekLabel } from '../../format/labels.ts';
import {
  excludesZero,
  interval,
  median,
  percent,
  plural,
  points,
  signedPercent,
  turns,
  usd,
} from '../../format/number.ts';
import { Badge, SimulatedBadge } from '../../kit/badge.tsx';
import { To } from '../../kit/link.tsx';
import { Loaded, PageHead, Section, Stat, Stats } from '../../kit/page.tsx';
import { Scoped } from '../../kit/scoped.tsx';
import { Segmented, Select } from '../../kit/select.tsx';
import { query, setQuery } from '../../state/location.ts';
import { usePageTitle } from '../../state/page-title.ts';
import { CostFigure } from './cost-figure.tsx';
import { CsdFigures } from './csd-figures.tsx';
import { SurvivalFigure } from './survival-figure.tsx';
import { TrendFigure } from './trend-figure.tsx';
import { ViolationsFigure } from './violations-figure.tsx';
import { WorstRuns } from './worst-runs.tsx';

/** One model: how long it holds, where it breaks, what it does when it breaks, what it costs. */
export function ModelPage({ model }: { model: string }) {
  usePageTitle(model);
  return (
    <Scoped>
      {(scope, index) => (
        <Loaded
          from={modelTrendFile(scope.series, model)}
          missing={
            <>
              The series “{scope.series}” has no model “{model}”. <To to="/">See its models</To>.
            </>
          }
        >
          {(file) => <Model scope={scope} index={index} file={file} />}
        </Loaded>
      )}
    </Scoped>
  );
}

function Model({ scope, index, file }: { scope: Scope; index: IndexFile; file: ModelTrendFile }) {
  const { model } = file;
  const variants = [...new Set(file.rows.map((row) => row.variant))];
  const variant = variants.includes(query.value['variant'] ?? '') ? query.value['variant']! : variants[0]!;
  const phase = query.value['phase'] ?? 'all';
  const { execution } = scope;
  const rows = file.rows.filter((row) => row.variant === variant && row.week <= execution.week);
  const now = rows.filter((row) => row.execution_id === execution.execution_id && row.n_runs > 0);
  const row = now.find((each) => each.phase === phase) ?? now.find((each) => each.phase === 'all') ?? now[0];
  const summary = optional(executionFile(execution.execution_id));
  const phases = ['all', ...new Set(now.map((each) => each.phase).filter((each) => each !== 'all'))];
  // The official weeks of the series, so that a week in which the model was not measured stays a gap.
  const weeks = (index.series.find(({ series }) => series === scope.series)?.weeks ?? []).filter(
    ({ week }) => week <= execution.week,
  );
  return (
    <>
      <PageHead
        crumbs={
          <>
            <To to="/">Models</To> / {scope.series}, {weekLabel(execution.week)}
          </>
        }
        title={model}
        badges={file.is_simulated ? <SimulatedBadge /> : null}
      >
        {row === undefined ? (
          <Absent file={file} week={execution.week} summary={summary} />
        ) : (
          <Sentence row={row} />
        )}
      </PageHead>
      <div class="filters">
        {phases.length > 1 ? (
          <Segmented
            label="Phase"
            value={phases.includes(phase) ? phase : 'all'}
            options={phases.map((value) => ({ value, text: value === 'all' ? 'All phases' : value }))}
            onChange={(value) => setQuery({ phase: value === 'all' ? null : value })}
          />
        ) : null}
        {variants.length > 1 ? (
          <Select
            label="Variant"
            is_inline
            value={variant}
            options={variants.map((value) => ({ value, text: value }))}
            onChange={(value) => setQuery({ variant: value })}
          />
        ) : null}
      </div>
      {row === undefined ? null : <Numbers row={row} phases={now.filter((each) => each.phase !== 'all')} />}
      <div class="section grid-2">
        <TrendFigure
          model={model}
          rows={rows.filter((each) => each.phase === (row?.phase ?? 'all'))}
          weeks={weeks}
        />
        {row === undefined ? null : (
          <SurvivalFigure
            model={model}
            rows={(summary?.weekly ?? []).filter(
              (each) => each.model === model && each.variant === variant && each.phase !== 'all',
            )}
            phase={row?.phase ?? 'all'}
          />
        )}
      </div>
      {row === undefined ? null : (
        <div class="section">
          <WorstRuns
            runs={optional(runsFile(execution.execution_id))}
            model={model}
            variant={variant}
            phase={row?.phase ?? 'all'}
          />
        </div>
      )}
      <Section
        title="What it does when it is not Socratic"
        lede="Turns with each violation, per 100 scored turns. Warm colours take the thinking away from the student; cool ones are clumsy asking. A turn can carry several."
      >
        <ViolationsFigure
          model={model}
          rows={rows.filter((each) => each.phase === (row?.phase ?? 'all'))}
          weeks={weeks}
        />
      </Section>
      {row === undefined ? null : (
        <Section
          title="Conversation-level Socratic Dynamism"
          lede="Eight dimensions of the whole dialogue, 0 to 1. Dots in grey are the other models of the week."
        >
          <CsdFigures
            model={model}
            row={row}
            others={(summary?.weekly ?? []).filter(
              (each) => each.model !== model && each.phase === (row?.phase ?? 'all'),
            )}
          />
        </Section>
      )}
      <Section title="Cost">
        <div class="grid-2">
          <CostFigure
            model={model}
            rows={rows.filter((each) => each.phase === (row?.phase ?? 'all'))}
            weeks={weeks}
          />
        </div>
      </Section>
    </>
  );
}

/** A model that was not measured in this week: why, and where it was last. */
function Absent({
  file,
  week,
  summary,
}: {
  file: ModelTrendFile;
  week: string;
  summary: ExecutionSummary | null;
}) {
  const skip = summary?.skips.find(({ model }) => model === file.model);
  const last = file.rows.findLast((row) => row.n_runs > 0 && row.week < week);
  return (
    <>
      Not measured in {weekLabel(week)}
      {skip === undefined ? '' : `: ${skipLabel(skip.reason)}`}.{' '}
      {last === undefined ? null : (
        <To to={`/model/${file.model}`} with={{ execution: last.execution_id }}>
          Last measured in {weekLabel(last.week)}
        </To>
      )}
    </>
  );
}

/** The page in one sentence. */
function Sentence({ row }: { row: ModelTrendRow }) {
  const isChange = excludesZero(row.wow_rmst_ci_low, row.wow_rmst_ci_high);
  return (
    <>
      It stays Socratic for {turns(row.rmst_turns)} of {row.phase === 'all' ? 40 : row.horizon_turns} turns
      {row.phase === 'all' ? '' : ` in ${row.phase}`}, complies in {percent(row.compliance_rate)} of them and,
      within a dialogue,{' '}
      {declineWord(row) === 'declines' ? (
        <strong class="ink-worse">{declineText(row)}</strong>
      ) : (
        declineText(row)
      )}
      .{' '}
      {row.wow_rmst_delta === null
        ? 'There is no comparable week before.'
        : isChange
          ? `Its half-life moved by ${signedPercent(row.wow_rmst_delta)} on last week (95% CI ${interval(row.wow_rmst_ci_low, row.wow_rmst_ci_high, (value) => signedPercent(value))}).`
          : 'No change on last week is shown.'}
    </>
  );
}

function Numbers({ row, phases }: { row: ModelTrendRow; phases: readonly ModelTrendRow[] }) {
  const horizon = row.phase === 'all' ? 40 : row.horizon_turns;
  return (
    <Stats>
      <Stat
        name={`Half-life, of ${horizon} turns`}
        value={turns(row.rmst_turns)}
        note={`95% CI ${interval(row.rmst_ci_low, row.rmst_ci_high, turns) || 'not known'}`}
      />
      <MedianStat row={row} phases={phases} />
      <Stat
        name="Compliance"
        value={percent(row.compliance_rate)}
        note={`95% CI ${interval(row.compliance_ci_low, row.compliance_ci_high, percent) || 'not known'}`}
      />
      <Stat
        name="Socratic Disposition"
        value={points(row.mean_score)}
        note={
          row.corrected_score === null
            ? `not corrected (${row.n_correction_labels} of 100 labels)`
            : `${points(row.corrected_score)} corrected for judge error`
        }
      />
      <Stat
        name="First third − last third"
        value={points(row.decline_pts)}
        note={
          <Badge
            tone={
              declineWord(row) === 'declines' ? 'worse' : declineWord(row) === 'rises' ? 'better' : 'plain'
            }
          >
            {declineText(row)}
          </Badge>
        }
      />
      <Stat
        name={PHASE_LABELS[row.phase] ?? row.phase}
        value={plural(row.n_runs, 'run')}
        note={`${usd(row.cost_per_run_usd)} a run, ${plural(row.n_seeds, 'seed')}`}
      />
    </Stats>
  );
}

/** Over phases of different lengths there is no common median (it is null there, not beyond the horizon): one a phase. */
function MedianStat({ row, phases }: { row: ModelTrendRow; phases: readonly ModelTrendRow[] }) {
  const held = `${percent(row.survived_frac)} of dialogues held to the end`;
  if (row.phase === 'all' && new Set(phases.map(({ horizon_turns }) => horizon_turns)).size > 1)
    return (
      <Stat
        name={`Median half-life, ${phases.map(({ phase }) => phase).join(' · ')}`}
        value={phases.map((each) => median(each.km_median_turn, each.horizon_turns)).join(' · ')}
        note={held}
      />
    );
  const high = row.km_median_ci_high === null ? `> ${row.horizon_turns}` : turns(row.km_median_ci_high);
  return (
    <Stat
      name="Median half-life"
      value={median(row.km_median_turn, row.horizon_turns)}
      note={row.km_median_ci_low === null ? held : `95% CI ${turns(row.km_median_ci_low)} to ${high}`}
    />
  );
}
