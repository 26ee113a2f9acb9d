import { instantMs } from '../../core/identity/iso-week.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { executionSchema, type Execution } from '../../schemas/execution.ts';
import { PREFIX } from '../../schemas/names.ts';
import { readRecords } from './read-record.ts';

/**
 * The official execution of each series and week: the last finished one (spec 2.1), by end, then by id. In the order of
 * their weeks.
 */
export async function readOfficialExecutions(store: ObjectStore): Promise<Execution[]> {
  const official = new Map<string, Execution>();
  for await (const { key } of store.list(`${PREFIX.executions}/`)) {
    if (!key.endsWith('/status.json')) continue;
    const [execution] = (await readRecords(store, key, executionSchema)) ?? [];
    if (execution?.state !== 'finished') continue;
    const place = `${execution.series} ${execution.week}`;
    const standing = official.get(place);
    if (standing === undefined || isLater(execution, standing)) official.set(place, execution);
  }
  return [...official.values()].sort((a, b) => (a.week < b.week ? -1 : a.week > b.week ? 1 : 0));
}

function isLater(a: Execution, b: Execution): boolean {
  const [endA, endB] = [a, b].map((one) => (one.ended_at === null ? 0 : instantMs(one.ended_at)));
  return endA === endB ? a.execution_id > b.execution_id : endA! > endB!;
}
