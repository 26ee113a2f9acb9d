import { estimatePlan, sumLines } from '../../core/cost/estimate-plan.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { readPlan } from '../../core/tasks/read-plan.ts';
import { createMeasureLoader } from '../../core/tasks/measure.ts';
import { planSizes } from '../../core/tasks/plan-sizes.ts';
import { affordableOf } from '../../core/tasks/shed-blocks.ts';
import { parseJsonLines } from '../../core/tasks/text-codec.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Execution } from '../../schemas/execution.ts';
import type { LedgerRow } from '../../schemas/ledger-row.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { findExecution, openAnyLake, readExecutionSummary } from '../host/local-lake.ts';
import { openSpend } from '../host/open-spend.ts';
import { countText, percentText, plural, tableText, usdText } from '../view/table.ts';

interface Line {
  component: string;
  model: string;
  calls: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  cost_usd: number;
}

/** `cost [week|execution]`: the ledger summed, predicted against billed. */
export async function costCommand(which: string, context: Context): Promise<number> {
  const store = openAnyLake(context);
  const execution = await findExecution(store, which);
  const key = lakeKeys.ledger(execution.week, execution.execution_id);
  const bytes = await store.get(key);
  const summary = await readExecutionSummary(store, execution.execution_id);
  if (bytes === null || summary === null)
    throw new CliError(
      'failed',
      `${execution.execution_id} has no ledger yet`,
      `finish it with \`socratic-bench run --resume ${execution.execution_id}\``,
    );
  const predicted = await predictedUsd(store, execution, summary.budget_usd);
  const rows = parseJsonLines<LedgerRow>(bytes, key);
  const lines = sum(rows).map((line) => ({
    ...line,
    predicted_usd: predicted.get(`${line.component}|${line.model}`) ?? 0,
  }));
  const billed = lines.reduce((total, line) => total + line.cost_usd, 0);
  const lost = await lostUsd(rows, execution.execution_id, context);
  if (context.json) {
    context.out(
      `${JSON.stringify({ execution_id: execution.execution_id, predicted_usd: summary.estimated_usd, billed_usd: billed, lost_usd: lost, budget_usd: summary.budget_usd, lines })}\n`,
    );
    return EXIT.ok;
  }
  const right = (title: string) => ({ title, align: 'right' as const });
  context.out(
    [
      '',
      `${context.colors.bold(execution.execution_id)}${summary.is_simulated ? `  ${context.colors.inverse(' simulated ')}` : ''}`,
      '',
      tableText(
        [
          { title: 'component' },
          { title: 'model' },
          right('calls'),
          right('input'),
          right('cached'),
          right('written'),
          right('output'),
          right('USD'),
          right('predicted'),
        ],
        lines.map((line) => [
          line.component,
          line.model,
          countText(line.calls),
          countText(line.input_tokens),
          countText(line.cache_read_tokens),
          countText(line.cache_write_tokens),
          countText(line.output_tokens),
          usdText(line.cost_usd),
          usdText(line.predicted_usd),
        ]),
        context.colors,
      ),
      `billed ${usdText(billed)} of a cap of ${usdText(summary.budget_usd)}; predicted ${usdText(summary.estimated_usd)}${summary.estimated_usd > 0 ? ` (billed ${percentText(Math.abs(billed / summary.estimated_usd - 1), 1)} ${billed < summary.estimated_usd ? 'below' : 'above'})` : ''}`,
      ...estimatedNote(rows),
      ...(lost < CENT / 2
        ? []
        : [
            `and up to ${usdText(lost)} more: calls under way when a process was killed, or whose record was torn, at their worst`,
          ]),
      '',
    ].join('\n'),
  );
  return EXIT.ok;
}

const CENT = 0.01;

/**
 * What counts against the cap and has no row in the ledger: reserved for calls whose answers a kill took, or settled and torn
 * since. The probes of planning are in the ledger alone.
 */
async function lostUsd(rows: readonly LedgerRow[], execution_id: string, context: Context): Promise<number> {
  const known = rows
    .filter(({ component }) => component !== 'preflight')
    .reduce((total, row) => total + row.cost_usd, 0);
  const spend = await openSpend(context);
  return Math.max(0, (await spend.committed(execution_id)) - known);
}

/** Money that no provider has told of. */
function estimatedNote(rows: readonly LedgerRow[]): string[] {
  const estimated = rows.filter(({ is_estimated }) => is_estimated);
  if (estimated.length === 0) return [];
  const usd = estimated.reduce((total, row) => total + row.cost_usd, 0);
  return [
    `of it ${usdText(usd)} estimated: ${plural(estimated.length, 'call')} without an answer, or answered without usage`,
  ];
}

/** Likely US dollars by `<component>|<model>`, of the blocks that the cap held. */
async function predictedUsd(
  store: ObjectStore,
  { manifest_key, plan_key }: Execution,
  cap_usd: number,
): Promise<Map<string, number>> {
  if (manifest_key === null || plan_key === null) return new Map();
  const measure = await createMeasureLoader(store)(manifest_key);
  const planned = ((await readPlan(store, plan_key)) ?? []).filter((row) => row.status === 'planned');
  const { blocks } = affordableOf(measure, planned, cap_usd);
  const rows = planned
    .filter(({ block }) => blocks.has(block))
    .map((row) => ({ cell: row, turns: row.turns }));
  const groups = sumLines(
    estimatePlan(rows, planSizes(measure)).lines,
    ({ component, model }) => `${component}|${model}`,
  );
  return new Map([...groups].map(([name, { likely }]) => [name, likely.usd]));
}

function sum(rows: readonly LedgerRow[]): Line[] {
  const lines = new Map<string, Line>();
  for (const row of rows) {
    const key = `${row.component}|${row.model}`;
    const line = lines.get(key) ?? {
      component: row.component,
      model: row.model,
      calls: 0,
      input_tokens: 0,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
      output_tokens: 0,
      cost_usd: 0,
    };
    line.calls += 1;
    line.input_tokens += row.input_tokens;
    line.cache_read_tokens += row.cache_read_tokens;
    line.cache_write_tokens += row.cache_write_tokens;
    line.output_tokens += row.output_tokens;
    line.cost_usd += row.cost_usd;
    lines.set(key, line);
  }
  return [...lines.values()].sort((a, b) => b.cost_usd - a.cost_usd || b.calls - a.calls);
}
