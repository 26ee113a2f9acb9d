import { weekOnWeek } from '../../core/aggregate/week-on-week.ts';
import { EXIT } from '../../schemas/names.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { findCompared } from '../host/find-compared.ts';
import { openAnyLake } from '../host/local-lake.ts';
import { readRunSummaries } from '../host/local-runs.ts';
import { percentText, tableText } from '../view/table.ts';

/** Sign-flip permutations of a comparison; the figure's Monte Carlo error is then below 0.005 at p = .05. */
const PERMUTATIONS = 10_000;

/** `compare <a> <b>`: what changed from a to b, paired by the whole cell, worst first. */
export async function compareCommand(
  a: string,
  b: string,
  options: { allowDifferentMeasure?: boolean; series?: string },
  context: Context,
): Promise<number> {
  const store = openAnyLake(context);
  const [before, after] = await findCompared(store, a, b, options.series);
  const isSameMeasure = before.measure_sha256 === after.measure_sha256;
  if (!isSameMeasure && options.allowDifferentMeasure !== true) {
    throw new CliError(
      'usage',
      `${before.execution_id} and ${after.execution_id} were measured differently (measure ${before.measure_sha256?.slice(0, 8)} and ${after.measure_sha256?.slice(0, 8)})`,
      'rubric, seeds, prompts or judges changed in between; --allow-different-measure compares all the same',
    );
  }
  const [earlier, later] = [await readRunSummaries(store, before), await readRunSummaries(store, after)];
  const rows = groups(later).map(({ model, variant, runs }) => ({
    model,
    variant,
    ...weekOnWeek(
      runs.filter(isScored),
      earlier.filter((run) => isScored(run) && run.model === model && run.variant === variant),
      {
        permutations: PERMUTATIONS,
        seed: `${before.execution_id}:${after.execution_id}:${model}:${variant}`,
      },
    ),
  }));
  const paired = rows
    .filter((row) => row.wow_n_pairs > 0)
    .sort((x, y) => (x.wow_rmst_delta ?? 0) - (y.wow_rmst_delta ?? 0));
  const unpaired = rows.filter((row) => row.wow_n_pairs === 0).map((row) => row.model);
  if (context.json) {
    context.out(
      `${JSON.stringify({ before: before.execution_id, after: after.execution_id, is_same_measure: isSameMeasure, rows: paired, unpaired })}\n`,
    );
    return EXIT.ok;
  }
  const { bold, dim, yellow } = context.colors;
  context.out(
    [
      '',
      `${bold(`${before.week} → ${after.week}`)}  ${dim(`${seriesText(before.series, after.series)}, ${before.execution_id} → ${after.execution_id}`)}`,
      ...(isSameMeasure ? [] : [yellow("measured differently: differences may be the measure's")]),
      '',
      tableText(
        [
          { title: 'model' },
          { title: 'variant' },
          { title: 'half-life', align: 'right' },
          { title: '95% CI', align: 'right' },
          { title: 'p (fall)', align: 'right' },
          { title: 'compliance', align: 'right' },
          { title: '95% CI', align: 'right' },
          { title: 'pairs', align: 'right' },
          { title: 'detectable', align: 'right' },
        ],
        paired.map((row) => [
          bold(row.model),
          row.variant,
          signed(row.wow_rmst_delta),
          range(row.wow_rmst_ci_low, row.wow_rmst_ci_high),
          row.wow_rmst_p === null ? '–' : row.wow_rmst_p.toFixed(3),
          signed(row.wow_compliance_delta),
          range(row.wow_compliance_ci_low, row.wow_compliance_ci_high),
          String(row.wow_n_pairs),
          row.wow_rmst_mdc === null ? '–' : `±${percentText(row.wow_rmst_mdc)}`,
        ]),
        context.colors,
      ),
      dim(
        'half-life: change of RMST; compliance: points; detectable: change of half-life found with 80% power',
      ),
      ...(unpaired.length > 0 ? [dim(`without a pair: ${unpaired.join(', ')}`)] : []),
      '',
    ].join('\n'),
  );
  return EXIT.ok;
}

function seriesText(before: string, after: string): string {
  return before === after ? `series ${after}` : `series ${before} → ${after}`;
}

function groups(runs: readonly RunSummary[]): { model: string; variant: string; runs: RunSummary[] }[] {
  const found = new Map<string, { model: string; variant: string; runs: RunSummary[] }>();
  for (const run of runs) {
    const key = `${run.model}|${run.variant}`;
    const group = found.get(key) ?? { model: run.model, variant: run.variant, runs: [] };
    group.runs.push(run);
    found.set(key, group);
  }
  return [...found.values()];
}

function isScored(run: RunSummary): boolean {
  return run.ended === 'complete' || run.ended === 'censored';
}

function signed(value: number | null): string {
  return value === null ? '–' : `${value > 0 ? '+' : ''}${(100 * value).toFixed(1)}%`;
}

function range(low: number | null, high: number | null): string {
  return low === null || high === null ? '–' : `[${signed(low)}, ${signed(high)}]`;
}
