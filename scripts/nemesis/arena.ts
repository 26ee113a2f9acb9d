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
      const result = await playSeed(arena, plan);
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results.sort((a, b) => a.plan.seed - b.plan.seed);
}
