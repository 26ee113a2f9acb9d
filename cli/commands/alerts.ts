import { readAlerts } from '../../core/tasks/check-alerts.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { findExecution, openAnyLake } from '../host/local-lake.ts';
import { printable, wrap } from '../view/wrap.ts';

/** `alerts [week|execution]`: what fires, is muted, is resolved. */
export async function alertsCommand(which: string, context: Context): Promise<number> {
  const store = openAnyLake(context);
  const execution = await findExecution(store, which);
  const alerts = await readAlerts(store, execution.week, execution.execution_id);
  if (context.json)
    context.out(
      `${JSON.stringify({ execution_id: execution.execution_id, week: execution.week, alerts })}\n`,
    );
  else if (alerts.length === 0) context.out(`${execution.week}: no alert (${execution.execution_id})\n`);
  else {
    const { bold, red, dim, green } = context.colors;
    const paint = { firing: red, muted: dim, resolved: green };
    for (const alert of alerts)
      context.out(
        `${paint[alert.status](alert.status.padEnd(8))} ${bold(alert.rule)} ${alert.model ?? ''}\n${wrap(printable(alert.message), 100, 9)}\n`,
      );
  }
  return EXIT.ok;
}
