import type { ObjectStore } from '../../core/ports.ts';
import { readAlerts } from '../../core/tasks/check-alerts.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';

export const GATES = ['alert', 'canary', 'coverage'] as const;
export type Gate = (typeof GATES)[number];

/** Exit code of a finished execution: 3 when a gate of --fail-on is broken, 1 when partial, else 0. */
export async function checkGates(
  store: ObjectStore,
  summary: ExecutionSummary,
  gates: readonly Gate[],
  context: Context,
): Promise<number> {
  const firing = (await readAlerts(store, summary.week, summary.execution_id)).filter(
    (alert) => alert.status === 'firing',
  );
  const broken = gates.filter((gate) => {
    if (gate === 'alert') return firing.length > 0;
    return firing.some((alert) =>
      gate === 'canary' ? alert.rule === 'canary_deviation' : alert.rule === 'coverage',
    );
  });
  if (broken.length > 0) {
    context.err(`gate ${broken.join(', ')}: ${firing.map((alert) => alert.alert_id).join(', ')}\n`);
    return EXIT.gate;
  }
  return summary.is_partial ? EXIT.failed : EXIT.ok;
}
