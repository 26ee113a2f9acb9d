import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileBudget } from '../../../adapters/local/file-budget.ts';
import { budgetContract } from '../../contracts/budget.contract.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'budget-'));

budgetContract('a log file', async () => {
  const root = newFolder();
  return {
    worker: () => createFileBudget(root),
    close: async () => rmSync(root, { recursive: true, force: true }),
  };
});

describe('a budget on one machine', () => {
  it('survives a row torn by a full disk: what was never acknowledged never counts', async () => {
    const root = newFolder();
    const budget = createFileBudget(root);
    await budget.open('e', 1);
    await budget.reserve('e', 'a', 0.5);
    appendFileSync(join(root, '.local', 'budget', 'e.jsonl'), '\n{"op":"reserve","id":"x","usd":0.');
    expect(await budget.reserve('e', 'a', 0.4)).not.toBeNull();
    expect(await createFileBudget(root).committed('e')).toBeCloseTo(0.9, 9);
  });

  it('holds its cap over processes that are killed in the middle', async () => {
    const root = newFolder();
    await createFileBudget(root).open('e', 1);
    const script = `
      import { createFileBudget } from ${JSON.stringify(join(import.meta.dirname, '../../../adapters/local/file-budget.ts'))};
      const budget = createFileBudget(${JSON.stringify(root)});
      let granted = 0;
      while (await budget.reserve('e', 'm' + process.pid, 0.001) !== null) process.stdout.write(String(++granted) + '\\n');
      setInterval(() => {}, 1000);`;
    const children = [1, 2].map(() =>
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '' },
      }),
    );
    const counts = await Promise.all(
      children.map(
        (child) =>
          new Promise<number>((resolve) => {
            let out = '';
            child.stdout.on('data', (chunk) => {
              out += chunk;
              if (out.split('\n').length > 200) child.kill('SIGKILL');
            });
            child.on('close', () => resolve(out.trim().split('\n').length));
          }),
      ),
    );
    const budget = createFileBudget(root);
    let mine = 0;
    while ((await budget.reserve('e', 'a', 0.001)) !== null) mine += 1;
    expect(await budget.committed('e')).toBeCloseTo(1, 6);
    const rows = readFileSync(join(root, '.local', 'budget', 'e.jsonl'), 'utf8');
    const reserved = rows.split('\n').filter((line) => line.includes('"reserve"')).length;
    expect(mine + counts[0]! + counts[1]!).toBeLessThanOrEqual(1000);
    expect(reserved).toBeGreaterThanOrEqual(1000);
  });
});
