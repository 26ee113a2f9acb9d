import { afterAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../../core/identity/random.ts';
import { executionSchema } from '../../schemas/execution.ts';
import { run, temporaryFolders } from '../e2e/cli.ts';
import type { S3Fault } from '../servers/s3-server.ts';
import { openAwsAccount } from './aws-account.ts';
import { runStateMachine } from './state-machine.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);

const FAULTS: S3Fault[] = [
  { status: 503, code: 'SlowDown' },
  { status: 500, code: 'InternalError' },
  { status: 409, code: 'ConditionalRequestConflict' },
  'reset',
  'carried-out',
];
const FAULT_FRAC = 0.08;

it('AWS path: with a failing S3, a killed and a drained container the bytes are those of a clean run', async () => {
  const lake = folders.make('clean');
  const command =
    'run --profile mvp --models steadfast --temps 0.2 --week 2026-W47 --concurrency 2 --progress none --lake';
  expect(await run([...command.split(' '), lake])).toMatchObject({ status: 0 });
  const [execution_id] = readdirSync(join(lake, 'executions'));
  const status = readFileSync(join(lake, 'executions', execution_id!, 'status.json'), 'utf8');
  const { input } = executionSchema.parse(JSON.parse(status));

  const random = randomFrom('faults on the AWS path');
  let injected = 0;
  let onTurn: (run_id: string, turn: number) => void = () => {};
  const account = await openAwsAccount({
    fault() {
      if (random() >= FAULT_FRAC) return null;
      injected += 1;
      return FAULTS[Math.floor(random() * FAULTS.length)]!;
    },
    onCreated(key) {
      const turn = /^checkpoints\/([^/]+)\/turn-(\d+)\.json$/.exec(key);
      if (turn !== null) onTurn(turn[1]!, Number(turn[2]));
    },
  });
  const signals: (NodeJS.Signals | null)[] = ['SIGKILL', 'SIGTERM'];
  const doomed = new Map<string, () => void>();
  onTurn = (run_id, turn) => {
    if (turn === 4) doomed.get(run_id)?.();
  };
  const tried = new Map<string, number>();
  const result = await runStateMachine(account, execution_id!, JSON.stringify(input), {
    hurry: 100,
    onContainer(process, run_id) {
      tried.set(run_id, (tried.get(run_id) ?? 0) + 1);
      const signal = tried.get(run_id) === 1 ? signals.shift() : undefined;
      if (signal) doomed.set(run_id, () => doomed.delete(run_id) && process.kill(signal));
    },
  });
  await account.settleEvents();
  const onAws = new Map([...account.objects('curated/'), ...account.objects('scores/')]);
  await account.close();

  expect(result).toMatchObject({ status: 'SUCCEEDED', output: { planned: 2, scored: 2 } });
  expect(injected).toBeGreaterThan(10);
  expect(doomed.size).toBe(0);
  // A runner and a judge a run, and another runner for each that was stopped.
  expect([...tried.values()].filter((tries) => tries > 2)).toHaveLength(2);
  expect(onAws.size).toBe(4);
  for (const [key, bytes] of onAws)
    expect({ key, isSame: bytes.equals(readFileSync(join(lake, key))) }).toEqual({ key, isSame: true });
}, 300_000);
