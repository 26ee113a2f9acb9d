import { useEffect, useState } from 'preact/hooks';
import type { LabelQueue, LabelStatistics } from '../../../../schemas/label.ts';
import { callApi } from '../../data/api.ts';
import { CRITERION_LABELS } from '../../format/labels.ts';
import { Section, Stat, Stats } from '../../kit/page.tsx';
import { Table } from '../../kit/table.tsx';

/** How far raters agree with each other, with themselves and with the judge. */
export function Agreement({ queue }: { queue: LabelQueue }) {
  const [statistics, setStatistics] = useState<LabelStatistics | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    setStatistics(null);
    callApi<LabelStatistics>('GET', `/label-statistics/${queue}`).then(setStatistics, (reason: Error) =>
      setError(reason.message),
    );
  }, [queue]);
  if (error !== null) return <p role="alert">{error}</p>;
  if (statistics === null) return <div class="loading" aria-busy="true" />;
  const { judge, corrections } = statistics;
  return (
    <Section title="Agreement" lede={leadOf(statistics)}>
      <Stats>
        <Stat name="Turns labelled" value={statistics.n_items} note={`${statistics.n_labels} labels`} />
        <Stat name="Krippendorff’s α" value={value(statistics.alpha)} note={interval(statistics.alpha)} />
        <Stat
          name="Two raters differ by"
          value={value(statistics.raters_mae_pts)}
          note={interval(statistics.raters_mae_pts)}
        />
        <Stat
          name="The same rater again"
          value={value(statistics.self_mae_pts)}
          note={interval(statistics.self_mae_pts)}
        />
        {judge === null ? null : (
          <Stat
            name="Judge − people"
            value={value(judge.bias_pts)}
            note={`${interval(judge.bias_pts)}; κ ${two(judge.kappa)}`}
          />
        )}
        {corrections === null ? null : (
          <Stat name="Labels that correct means" value={corrections.n_labels} note={corrections.note} />
        )}
      </Stats>
      {statistics.n_double === 0 ? null : (
        <Table
          caption="Agreement by criterion"
          rows={statistics.by_criterion}
          rowKey={(row) => row.criterion}
          columns={[
            { key: 'criterion', head: 'Criterion', cell: (row) => CRITERION_LABELS[row.criterion] },
            { key: 'pairs', head: 'Pairs', cell: (row) => row.n_pairs, is_number: true },
            { key: 'kappa', head: 'Weighted κ', cell: (row) => two(row.kappa), is_number: true },
            { key: 'alpha', head: 'α', cell: (row) => two(row.alpha), is_number: true },
          ]}
        />
      )}
      {statistics.by_rater.length === 0 ? null : (
        <Table
          caption="Raters"
          rows={statistics.by_rater}
          rowKey={(row) => row.rater}
          columns={[
            { key: 'rater', head: 'Rater', cell: (row) => row.rater },
            { key: 'labels', head: 'Labels', cell: (row) => row.n_labels, is_number: true },
            { key: 'bias', head: 'Bias, points', cell: (row) => two(row.bias_pts), is_number: true },
          ]}
        />
      )}
    </Section>
  );
}

function leadOf({ n_items, double_frac, n_to_adjudicate }: LabelStatistics): string {
  if (n_items === 0) return 'Nothing is labelled yet.';
  const share = `${Math.round(100 * (double_frac ?? 0))}% of the turns are labelled by two raters`;
  return n_to_adjudicate === 0 ? `${share}.` : `${share}; ${n_to_adjudicate} wait for a decision.`;
}

function value(one: LabelStatistics['alpha']): string {
  return two(one?.value ?? null);
}

function interval(one: LabelStatistics['alpha']): string {
  if (one === null) return 'no data yet';
  return one.ci_low === null ? `n ${one.n}` : `${two(one.ci_low)} to ${two(one.ci_high)}, n ${one.n}`;
}

function two(number: number | null): string {
  return number === null ? '–' : number.toFixed(2);
}
