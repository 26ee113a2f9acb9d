import { plannedRunSchema, type PlannedRun } from '../../schemas/planned-run.ts';
import type { ObjectStore } from '../ports.ts';
import { parseJsonLines } from './text-codec.ts';

/** The rows of a plan, or null when there is none yet. */
export async function readPlan(store: ObjectStore, plan_key: string): Promise<PlannedRun[] | null> {
  const bytes = await store.get(plan_key);
  return bytes === null
    ? null
    : parseJsonLines<PlannedRun>(bytes, plan_key).map((row) => plannedRunSchema.parse(row));
}
