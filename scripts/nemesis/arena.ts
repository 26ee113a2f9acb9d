import { join } from 'node:path';
import { writeMatrix } from './matrix.ts';
import { playSeed, runClean, type SeedResult } from './one-seed.ts';
import type { FaultPlan } from './plan-faults.ts';
import { startProvider } from './provider.ts';

/** Plays plans in a folder, so many at once, against one provider and one clean run. */
export async function playPlans(
  folder: string,
  plans: readonly FaultPlan[],
  workers: number,
  onResult: (result: SeedResult) => void,
): Promise<SeedResult[]> {
  await using provider = await startProvider();
  const config = writeMatrix(join(folder, 'matrix'), provider.base_url);
  const cleanLake = await runClean(folder, config, provider);
  const arena = { folder, config, provider, cleanLake };
  const waiting = [...plans];
  const results: SeedResult[] = [];
  const work = async () => {
    for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) {
      const result = await playSeed(arena, plan).catch((error: unknown) => brokenOff(plan, error));
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results.sort((a, b) => a.plan.seed - b.plan.seed);
}

/** A program that hangs, or a clean run that fails on what a disturbed one left, is a finding like any other. */
function brokenOff(plan: FaultPlan, error: unknown): SeedResult {
  const problem = error instanceof Error ? error.message : String(error);
  return { plan, problems: [problem], kills: 0, drains: 0, twins: 0, torn: 0, calls: 0, mishaps: 0 };
}
