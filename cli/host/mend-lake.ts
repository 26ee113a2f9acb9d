import { removeTornCheckpoints } from '../../adapters/local/remove-torn.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore, Telemetry } from '../../core/ports.ts';
import { readPlan } from '../../core/tasks/read-plan.ts';
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
    const runs = [
      ...plan.map((row) => ({ run_id: row.run_id, raw_key: lakeKeys.raw(row) })),
      { run_id: `canary-${execution_id}`, raw_key: null },
    ];
    for (const torn of await removeTornCheckpoints(lake, runs))
      telemetry.log(
        'warn',
        `${torn} was torn by a power cut or a broken disk, or built on what was: its call is made again`,
      );
  }
}
