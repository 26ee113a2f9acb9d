import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runCommand, type RunOptions } from '../../cli/commands/run.ts';
import type { Execution } from '../../schemas/execution.ts';
import { temporaryFolders } from '../e2e/cli.ts';
import { listening } from './listening.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);
const SELECTED: RunOptions = {
  profile: 'mvp',
  models: ['steadfast'],
  temps: [0.2],
  turns: 3,
  week: '2026-W47',
};

const runIn = (lake: string, options: RunOptions) =>
  runCommand(options, listening({ lake, yes: true, quiet: true }).context);

test('an execution that ended before its manifest was published is resumed with the config of today', async () => {
  const whole = folders.make('whole');
  await runIn(whole, SELECTED);
  const [execution_id] = readdirSync(join(whole, 'executions'));
  const path = join('executions', execution_id!, 'status.json');
  const record = JSON.parse(readFileSync(join(whole, path), 'utf8')) as Execution;

  const lake = folders.make('unpublished');
  mkdirSync(join(lake, 'executions', execution_id!), { recursive: true });
  const manifest_id = 'manifest_20261116_00000000';
  const unpublished: Execution = {
    ...record,
    manifest_id,
    manifest_key: `manifests/${manifest_id}.json`,
    plan_key: null,
    state: 'failed',
    error: { name: 'StoreUnavailable', message: 'no space left' },
  };
  writeFileSync(join(lake, path), `${JSON.stringify(unpublished)}\n`);
  expect(await runIn(lake, { resume: execution_id! })).toBe(0);
  const resumed = JSON.parse(readFileSync(join(lake, path), 'utf8')) as Execution;
  expect(resumed).toMatchObject({ state: 'finished', n_scored: 2, manifest_key: record.manifest_key });
});
