import { useState } from 'preact/hooks';
import type { RunRow, RunsFile } from '../../../../schemas/dashboard-runs.ts';
import { HeatStrip } from '../../charts/heat-strip.tsx';
import { runsFile } from '../../data/files.ts';
import {
  endedLabel,
  temperatureLabel,
  violationLabel,
  VIOLATION_NAMES,
  weekLabel,
  words,
} from '../../format/labels.ts';
import { coefficient, count, halfLife, percent, plural, points, signed, usd } from '../../format/number.ts';
import { filterRuns, RUN_SORTS } from '../../format/run-filter.ts';
import { sortedBy } from '../../format/sort.ts';
import { Badge } from '../../kit/badge.tsx';
import { CsvButton } from '../../kit/csv-button.tsx';
import { To } from '../../kit/link.tsx';
import { Loaded, PageHead } from '../../kit/page.tsx';
import { Scoped } from '../../kit/scoped.tsx';
import { Select } from '../../kit/select.tsx';
import { Table, type Column } from '../../kit/table.tsx';
import { linkTo, go, query, setQuery } from '../../state/location.ts';
import { usePageTitle } from '../../state/page-title.ts';
import { runsData } from './runs-data.ts';

const STEP = 60;

/** Every dialogue of an execution; filters and order stand in the URL. */
export function RunsPage() {
  return (
    <Scoped>
      {(scope) => (
        <Loaded
          from={runsFile(scope.execution.execution_id)}
          missing={<>The runs of {scope.execution.execution_id} have not been published.</>}
        >
          {(file) => <Runs file={file} />}
        </Loaded>
      )}
    </Scoped>
  );
}

function Runs({ file }: { file: RunsFile }) {
  usePageTitle(`Runs, ${weekLabel(file.week)}`);
  const [limit, setLimit] = useState(STEP);
  const filters = query.value;
  const sort = filters['sort'] ?? '';
  const rows = sortedBy(filterRuns(file.runs, filters), sort, RUN_SORTS);
  const titles = new Map(file.seeds.map((seed) => [seed.seed_id, seed.title]));
  return (
    <>
      <PageHead title="Runs">
        {plural(rows.length, 'dialogue')} of {count(file.runs.length)} in {weekLabel(file.week)}. Address and
        CSV hold the selection.
      </PageHead>
      <Filters file={file} filters={filters} />
      <Table
        caption={`Runs of ${weekLabel(file.week)}`}
        columns={columnsOf(file, titles)}
        rows={rows.slice(0, limit)}
        rowKey={(run) => run.run_id}
        sorting={{ value: sort, set: (value) => setQuery({ sort: value }) }}
      />
      <div class="table-foot">
        {rows.length > limit ? (
          <button type="button" class="button" onClick={() => setLimit(limit + STEP)}>
            Show {Math.min(STEP, rows.length - limit)} more of {count(rows.length - limit)}
          </button>
        ) : (
          <span class="faint tiny">{rows.length === 0 ? 'No run matches these filters.' : 'All shown.'}</span>
        )}
        <CsvButton name={`runs ${file.week}`} data={() => runsData(rows)} />
      </div>
    </>
  );
}

function Filters({ file, filters }: { file: RunsFile; filters: Readonly<Record<string, string>> }) {
  const distinct = (values: readonly string[]) => [...new Set(values)].sort();
  const choices: { key: string; label: string; options: { value: string; text: string }[] }[] = [
    { key: 'model', label: 'Model', options: plain(distinct(file.runs.map((run) => run.model))) },
    { key: 'phase', label: 'Phase', options: plain(distinct(file.runs.map((run) => run.phase))) },
    {
      key: 'seed',
      label: 'Scenario',
      options: file.seeds.map((seed) => ({ value: seed.seed_id, text: seed.title })),
    },
    {
      key: 'temperature',
      label: 'Temperature',
      options: plain(distinct(file.runs.map((run) => temperatureLabel(run.temperature)))),
    },
    { key: 'variant', label: 'Variant', options: plain(distinct(file.runs.map((run) => run.variant))) },
    {
      key: 'ended',
      label: 'Ended',
      options: plain(['lost', 'held', ...distinct(file.runs.map((run) => run.ended))]),
    },
    {
      key: 'violation',
      label: 'With violation',
      options: VIOLATION_NAMES.filter((name) =>
        file.runs.some((run) => run.violation_counts.some(({ violation }) => violation === name)),
      ).map((name) => ({ value: name, text: violationLabel(name) })),
    },
  ];
  const isFiltered = choices.some(({ key }) => filters[key] !== undefined);
  return (
    <div class="filters">
      {choices
        .filter(({ key, options }) => options.length > 1 || filters[key] !== undefined)
        .map(({ key, label, options }) => (
          <Select
            key={key}
            label={label}
            value={filters[key] ?? ''}
            options={[{ value: '', text: 'any' }, ...options]}
            onChange={(value) => setQuery({ [key]: value })}
          />
        ))}
      <button type="button" class="button quiet" disabled={!isFiltered} onClick={() => go(linkTo('/runs'))}>
        Clear
      </button>
    </div>
  );
}

function plain(values: readonly string[]) {
  return values.map((value) => ({ value, text: words(value) }));
}

function columnsOf(file: RunsFile, titles: ReadonlyMap<string, string>): Column<RunRow>[] {
  return [
    {
      key: 'model',
      head: 'Dialogue',
      sort: RUN_SORTS['model']!,
      cell: (run) => {
        const title = titles.get(run.seed_id) ?? run.seed_id;
        return (
          <>
            {run.n_turns > 0 ? (
              <To to={`/run/${run.run_id}`} class="strong">
                {run.model}
              </To>
            ) : (
              <span class="strong">{run.model}</span>
            )}
            <span class="sub">{title}</span>
          </>
        );
      },
    },
    { key: 'phase', head: 'Phase', sort: RUN_SORTS['phase']!, cell: (run) => run.phase },
    {
      key: 'temperature',
      head: 'T',
      is_number: true,
      class: 'wide-only',
      cell: (run) => temperatureLabel(run.temperature),
    },
    {
      key: 'half_life',
      head: 'Half-life',
      is_number: true,
      sort: RUN_SORTS['half_life']!,
      cell: (run) => halfLife(run),
    },
    {
      key: 'strip',
      head: 'Turns',
      class: 'wide-only',
      cell: (run) =>
        run.n_scored_turns === 0 ? (
          <span class="faint">{run.skip_detail ?? endedLabel(run)}</span>
        ) : (
          <HeatStrip
            scores={run.score_by_turn}
            pass_score={file.scale.pass_score}
            half_life_turn={run.half_life_turn}
            label={`Scores of ${run.score_by_turn.length} turns`}
          />
        ),
    },
    {
      key: 'mean_score',
      head: 'SD',
      is_number: true,
      sort: RUN_SORTS['mean_score']!,
      cell: (run) => points(run.mean_score),
    },
    {
      key: 'compliance',
      head: 'Complies',
      is_number: true,
      class: 'wide-only',
      sort: RUN_SORTS['compliance']!,
      cell: (run) => percent(run.compliance_rate),
    },
    {
      key: 'decline',
      head: 'Decline',
      is_number: true,
      class: 'wide-only',
      sort: RUN_SORTS['decline']!,
      cell: (run) => (
        <span class={run.is_declining ? 'ink-worse' : 'faint'}>{signed(run.decline_pts, 1)}</span>
      ),
    },
    {
      key: 'csd',
      head: 'CSD',
      is_number: true,
      class: 'wide-only',
      sort: RUN_SORTS['csd']!,
      cell: (run) => coefficient(run.csd),
    },
    {
      key: 'cost',
      head: 'Cost',
      is_number: true,
      class: 'wide-only',
      sort: RUN_SORTS['cost']!,
      cell: (run) => usd(run.cost_usd),
    },
    {
      key: 'ended',
      head: 'Ended',
      cell: (run) =>
        run.ended === 'skipped' || run.ended === 'failed' ? (
          <Badge tone="care">{endedLabel(run)}</Badge>
        ) : (
          <span class="small">{endedLabel(run)}</span>
        ),
    },
  ];
}
