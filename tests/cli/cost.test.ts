import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFileBudget } from '../../adapters/local/file-budget.ts';
import { costCommand } from '../../cli/commands/cost.ts';
import { runCommand } from '../../cli/commands/run.ts';
import { listening } from './listening.ts';

const lake = mkdtempSync(join(tmpdir(), 'socratic-cost-'));
afterAll(() => rmSync(lake, { recursive: true, force: true }));

const heard = (json: boolean) => listening({ lake, quiet: true, json });
async function cost(json: boolean): Promise<string> {
  const { context, printed } = heard(json);
  expect(await costCommand('latest', context)).toBe(0);
  return printed();
}

describe('cost of an execution whose process was killed', () => {
  beforeAll(async () => {
    await runCommand(
      { models: ['metered-haiku-4-5'], phases: ['P0'], turns: 3, maxCostUsd: 5 },
      heard(true).context,
    );
  }, 60_000);

  it('says what calls without a record may have cost beside what was billed', async () => {
    const before = JSON.parse(await cost(true)) as {
      execution_id: string;
      billed_usd: number;
      lost_usd: number;
    };
    expect(before.billed_usd).toBeGreaterThan(0);
    expect(before.lost_usd).toBeCloseTo(0, 9);
    expect(await cost(false)).not.toContain('more');
    // A reservation that nobody is left to settle.
    const { execution_id } = before;
    expect(await createFileBudget(lake).reserve(execution_id, 'metered-haiku-4-5', 0.25)).not.toBeNull();
    const after = JSON.parse(await cost(true)) as typeof before;
    expect(after.billed_usd).toBe(before.billed_usd);
    expect(after.lost_usd).toBeCloseTo(0.25, 9);
    // A probe of planning is in the ledger alone: it must not hide what was lost.
    const [ledger] = readdirSync(join(lake, 'ledger'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.jsonl'),
    );
    const file = join(lake, 'ledger', ledger!);
    const [row] = readFileSync(file, 'utf8').split('\n');
    appendFileSync(
      file,
      `${JSON.stringify({ ...JSON.parse(row!), component: 'preflight', turn_index: 0, cost_usd: 0.1 })}\n`,
    );
    const probed = JSON.parse(await cost(true)) as typeof before;
    expect(probed.lost_usd).toBeCloseTo(0.25, 9);
    expect(await cost(false)).toContain('and up to $0.25 more: calls under way when a process was killed');
  });
});
