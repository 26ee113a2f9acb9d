import type { TrendsFile } from '../../../../schemas/dashboard-data.ts';
import { executionFile, trendsFile } from '../../data/files.ts';
import { optional } from '../../data/resource.ts';
import type { Scope } from '../../data/scope.ts';
import { StackedBars } from '../../charts/stacked-bars.tsx';
import { COMPONENT_LABELS, skipLabel, weekLabel, weekTick, words } from '../../format/labels.ts';
import { count, percent, plural, usd } from '../../format/number.ts';
import { Figure, Legend } from '../../kit/figure.tsx';
import { Loaded, PageHead, Section, Stat, Stats } from '../../kit/page.tsx';
import { Scoped } from '../../kit/scoped.tsx';
import { Table } from '../../kit/table.tsx';
import { usePageTitle } from '../../state/page-title.ts';
import { QualityFigure } from './quality-figure.tsx';

const COMPONENTS = ['dialogue', 'student', 'judge', 'secondary_judge', 'canary', 'preflight'];
const TONES = ['mix-5', 'mix-6', 'mix-4', 'mix-3', 'mix-2', 'mix-7'];

/** What the weeks cost, on what, and what one gets for it. */
export function CostPage() {
  usePageTitle('Cost');
  return (
    <Scoped>
      {(scope) => (
        <Loaded
          from={trendsFile(scope.series)}
          missing={<>The series “{scope.series}” has no official week yet.</>}
        >
          {(trends) => <Cost scope={scope} trends={trends} />}
        </Loaded>
      )}
    </Scoped>
  );
}

function Cost({ scope, trends }: { scope: Scope; trends: TrendsFile }) {
  const { execution } = scope;
  const weeks = trends.weeks.filter(({ week }) => week <= execution.week);
  const summary = optional(executionFile(execution.execution_id));
  const budget = execution.budget_usd;
  const rate = execution.estimated_usd > 0 ? execution.spent_usd / execution.estimated_usd - 1 : null;
  const component = (week: (typeof weeks)[number], name: string) =>
    week.spent_by_component.find((each) => each.component === name);
  const finding =
    budget === 0
      ? `${usd(execution.spent_usd)} this week; no budget is set.`
      : `${usd(execution.spent_usd)} of a budget of ${usd(budget)} this week${execution.spent_usd > budget ? ': above it' : ''}.`;
  const used = COMPONENTS.map((name, index) => ({ name, tone: TONES[index]! })).filter(({ name }) =>
    weeks.some((week) => (component(week, name)?.n_calls ?? 0) > 0),
  );
  const total = weeks.reduce((sum, { spent_usd }) => sum + spent_usd, 0);
  return (
    <>
      <PageHead title="Cost">
        Model calls, from the ledger: every call a row, retries and failed ones included. Infrastructure on
        AWS is billed apart.
      </PageHead>
      <Stats>
        <Stat
          name={weekLabel(execution.week)}
          value={usd(execution.spent_usd)}
          note={budget > 0 ? `${percent(execution.spent_usd / budget)} of ${usd(budget)}` : 'no budget set'}
        />
        <Stat
          name="Estimate before the start"
          value={usd(execution.estimated_usd)}
          note={
            rate === null
              ? 'nothing to compare'
              : `spent ${percent(Math.abs(rate))} ${rate < 0 ? 'less' : 'more'}`
          }
        />
        <Stat
          name="A dialogue"
          value={usd(execution.n_scored === 0 ? null : execution.spent_usd / execution.n_scored)}
          note={plural(execution.n_scored, 'scored dialogue')}
        />
        <Stat
          name="100 turns"
          value={usd(execution.n_turns === 0 ? null : (100 * execution.spent_usd) / execution.n_turns)}
          note={plural(execution.n_turns, 'turn')}
        />
        <Stat
          name={plural(weeks.length, 'week')}
          value={usd(total)}
          note={`${usd(total / weeks.length)} a week`}
        />
      </Stats>
      <div class="section stack">
        <Figure
          kicker="Spend by week and component; the mark is the budget"
          finding={finding}
          data={{
            columns: [
              'week',
              ...COMPONENTS.map((name) => `${name}_usd`),
              'spent_usd',
              'budget_usd',
              'estimated_usd',
            ],
            rows: weeks.map((week) => [
              week.week,
              ...COMPONENTS.map((name) => component(week, name)?.cost_usd ?? 0),
              week.spent_usd,
              week.budget_usd,
              week.estimated_usd,
            ]),
          }}
        >
          <Legend
            items={[
              ...used.map(({ name, tone }) => ({
                name: COMPONENT_LABELS[name] ?? name,
                tone: `fill-${tone}`,
              })),
              { name: 'budget', tone: 'stroke-ink' },
            ]}
          />
          <StackedBars
            label={finding}
            parts={used}
            write={usd}
            stacks={weeks.map((week, index) => ({
              tick: weekTick(week.week, weeks[index - 1]?.week),
              values: used.map(({ name }) => component(week, name)?.cost_usd ?? 0),
              title: `${weekLabel(week.week)}: ${usd(week.spent_usd)} of ${usd(week.budget_usd)}`,
            }))}
            line={{
              name: 'budget',
              values: weeks.map((week) => (week.budget_usd > 0 ? week.budget_usd : null)),
            }}
          />
        </Figure>
      </div>
      <Section
        title="What one gets for it"
        lede="The dashed line joins the models that none beats on both sides: cheaper and holding longer."
      >
        {summary === null ? <div class="worst-room" /> : <QualityFigure summary={summary} />}
      </Section>
      <Section title="Where it went">
        <Table
          caption="Spend by component"
          rows={summary?.spent_by_component ?? []}
          rowKey={(row) => row.component}
          columns={[
            {
              key: 'component',
              head: 'Component',
              cell: (row) => COMPONENT_LABELS[row.component] ?? words(row.component),
            },
            { key: 'calls', head: 'Calls', is_number: true, cell: (row) => count(row.n_calls) },
            { key: 'cost', head: 'Cost', is_number: true, cell: (row) => usd(row.cost_usd) },
            {
              key: 'share',
              head: 'Share',
              is_number: true,
              cell: (row) => (execution.spent_usd === 0 ? '–' : percent(row.cost_usd / execution.spent_usd)),
            },
          ]}
        />
        {summary === null || summary.skips.length === 0 ? null : (
          <ul class="notice skips">
            {summary.skips.map((skip) => (
              <li key={`${skip.model} ${skip.phase} ${skip.reason}`}>
                {skip.model}, {skip.phase}: {plural(skip.n_rows, 'run')} skipped, {skipLabel(skip.reason)}.{' '}
                {skip.detail}
              </li>
            ))}
          </ul>
        )}
      </Section>
      {execution.is_simulated && execution.spent_usd === 0 ? (
        <p class="tiny faint">Simulated tutors cost nothing; prices appear with the first real model.</p>
      ) : null}
    </>
  );
}
