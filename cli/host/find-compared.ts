import type { ObjectStore } from '../../core/ports.ts';
import type { Execution } from '../../schemas/execution.ts';
import { CliError } from '../failure.ts';
import { findExecution, listExecutions } from './local-lake.ts';

/**
 * The two executions that `compare` compares. Where a week is given (or `latest`), both are of one series: that of the
 * later week's execution or, where the other week lacks it, one that both have; `series` decides when it is given. Two execution ids are
 * taken as they are. Throws a usage error that lists what each side has when there is no such series.
 */
export async function findCompared(
  store: ObjectStore,
  a: string,
  b: string,
  series: string | undefined,
): Promise<[before: Execution, after: Execution]> {
  const named: [Execution, Execution] = [await findExecution(store, a), await findExecution(store, b)];
  if (series === undefined && !isWeek(a) && !isWeek(b)) return named;
  const finished = (await listExecutions(store))
    .filter((execution) => execution.state === 'finished')
    .sort((x, y) => ((x.ended_at ?? '') < (y.ended_at ?? '') ? 1 : -1));
  /** What a side may stand for, the execution it names by itself first. */
  const choices = (which: string, found: Execution): Execution[] =>
    isWeek(which) ? [found, ...finished.filter(({ week }) => week === found.week)] : [found];
  const [before, after] = [choices(a, named[0]), choices(b, named[1])];
  const later = named[0].week > named[1].week ? before : after;
  const wanted = series === undefined ? later.map((execution) => execution.series) : [series];
  for (const name of wanted) {
    const [earlierOne, laterOne] = [before, after].map((side) => officialOf(side, name));
    if (earlierOne !== undefined && laterOne !== undefined) return [earlierOne, laterOne];
  }
  throw new CliError(
    'usage',
    series === undefined
      ? `${a} and ${b} share no series`
      : `${a} and ${b}: expected series "${series}" in both`,
    `${a} has ${seriesOf(before)}; ${b} has ${seriesOf(after)}; two execution ids are compared whatever their series`,
  );
}

function isWeek(which: string): boolean {
  return which === 'latest' || /^\d{4}-W\d{2}$/.test(which);
}

/** The last finished one of a series; a side that is an execution id holds that one only. */
function officialOf(side: readonly Execution[], series: string): Execution | undefined {
  return side.find((execution) => execution.series === series);
}

function seriesOf(side: readonly Execution[]): string {
  return [...new Set(side.map((execution) => execution.series))].sort().join(', ');
}
