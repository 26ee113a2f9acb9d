import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { parseJsonLines } from '../../core/tasks/text-codec.ts';
import { EXIT } from '../../schemas/names.ts';
import type { LedgerRow } from '../../schemas/ledger-row.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { findExecution, openAnyLake, readExecutionSummary } from '../host/local-lake.ts';
import { countText, percentText, tableText, usdText } from '../view/table.ts';

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
  const lines = sum(parseJsonLines<LedgerRow>(bytes, key));
  const billed = lines.reduce((total, line) => total + line.cost_usd, 0);
  if (context.json) {
    context.out(
      `${JSON.stringify({ execution_id: execution.execution_id, predicted_dialogue_usd: summary.estimated_usd, billed_usd: billed, budget_usd: summary.budget_usd, lines })}\n`,
    );
    return EXIT.ok;
  }
  const right = (title: string) => ({ title, align: 'right' as const });
  const dialogue = lines
    .filter((line) => line.component === 'dialogue')
    .reduce((total, line) => total + line.cost_usd, 0);
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
        ]),
        context.colors,
      ),
      `billed ${usdText(billed)} of a cap of ${usdText(summary.budget_usd)}; dialogues ${usdText(dialogue)} billed, ${usdText(summary.estimated_usd)} predicted${summary.estimated_usd > 0 ? ` (billed ${percentText(Math.abs(dialogue / summary.estimated_usd - 1), 1)} ${dialogue < summary.estimated_usd ? 'below' : 'above'})` : ''}`,
      '',
    ].join('\n'),
  );
  return EXIT.ok;
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
