import { removeTornCheckpoints } from '../../adapters/local/remove-torn.ts';
import type { ObjectStore, Telemetry } from '../../core/ports.ts';
import { readPlan } from '../../core/tasks/generate-runs.ts';
import { PREFIX } from '../../schemas/names.ts';

/** Before an execution goes on: what a power cut tore of its checkpoints is removed, so that those calls are made again. */
export async function removeTornOf(
  store: ObjectStore,
  lake: string,
  execution_id: string,
  telemetry: Telemetry,
): Promise<void> {
  for await (const { key } of store.list(`${PREFIX.manifests}/`)) {
    if (!key.endsWith(`/plans/${execution_id}.jsonl`)) continue;
    const plan = (await readPlan(store, key)) ?? [];
    const run_ids = [...plan.map((row) => row.run_id), `canary-${execution_id}`];
    for (const torn of await removeTornCheckpoints(lake, run_ids))
      telemetry.log('warn', `${torn} was torn, by a power cut or a broken disk: its call is made again`);
  }
}
