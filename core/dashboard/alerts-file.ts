import type { Alert } from '../../schemas/alert.ts';
import type { AlertsFile } from '../../schemas/dashboard-data.ts';

/** alerts.json with one execution more, or with its entry replaced. */
export function addToAlerts(
  stored: AlertsFile | null,
  checked: { execution_id: string; series: string; week: string; digest: string; alerts: readonly Alert[] },
): AlertsFile {
  const others = (stored?.executions ?? []).filter(
    ({ execution_id }) => execution_id !== checked.execution_id,
  );
  const place = (one: { week: string; series: string; execution_id: string }) =>
    `${one.week} ${one.series} ${one.execution_id}`;
  return {
    executions: [...others, { ...checked, alerts: [...checked.alerts] }].sort((a, b) =>
      place(a) < place(b) ? -1 : 1,
    ),
  };
}
