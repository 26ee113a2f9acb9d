import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { playPlans } from '../../scripts/nemesis/arena.ts';
import { planFaults, type FaultPlan } from '../../scripts/nemesis/plan-faults.ts';

const folder = mkdtempSync(join(tmpdir(), 'socratic-nemesis-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The first seeds with one blow each, in one process, and one whose replies are samples, as that takes a clean run of its own.
 * `npm run nemesis` plays more of them, with more.
 */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const short = (plan: FaultPlan): FaultPlan => ({
  ...plan,
  rounds: plan.rounds.slice(0, 1),
  isRepeated: false,
});

it('keeps every promise under eight seeds of kills, drains, double starts, torn files and a failing provider', async () => {
  const results = await playPlans(folder, SEEDS.map(planFaults).map(short), 2, () => undefined);
  expect(results.map(({ plan, problems }) => ({ seed: plan.seed, problems }))).toEqual(
    SEEDS.map((seed) => ({ seed, problems: [] })),
  );
  const total = (value: 'kills' | 'drains' | 'mishaps') => results.reduce((sum, one) => sum + one[value], 0);
  // Faults that never came would keep every promise too.
  expect(total('kills') + total('drains')).toBeGreaterThanOrEqual(4);
  expect(total('mishaps')).toBeGreaterThan(0);
}, 300_000);
