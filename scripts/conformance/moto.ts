import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateStateMachineCommand, DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { SUBSTITUTIONS } from '../../workflow/bindings.ts';
import { MOTO_ACCOUNT, MOTO_KEYS } from './moto-account.ts';
import { createStacks } from './moto-stacks.ts';
import { installPython, root } from './python-tool.ts';
import { table, writeSection } from './report.ts';

const VERSION = '5.2.5';
const START_MS = 60_000;
/** The definition and the templates against moto's server: CreateStateMachine, and CreateStack as far as it goes. */
export async function moto(): Promise<number> {
  const bin = installPython('moto', VERSION, '[server]');
  const port = await freePort();
  const server = spawn(join(bin, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  try {
    const endpoint = `http://127.0.0.1:${port}`;
    await untilUp(endpoint, server);
    const machine = await createMachine(endpoint);
    const stacks = await createStacks(endpoint);
    const rows = [machine, ...stacks.map(({ row }) => row)];
    const text = table(['what', 'result', 'detail'], rows);
    writeSection(
      'moto',
      `## moto ${VERSION} (server)\n\n${text}\n\nmoto does not run state machines of this kind, checks no IAM policy and knows no Object Lock, replication or conditions of
bucket policies: what it creates shows that a template's references and required properties hold together, not that AWS takes it.`,
    );
    console.log(text);
    return machine[1] === 'created' ? 0 : 1;
  } finally {
    server.kill();
  }
}

async function createMachine(endpoint: string): Promise<string[]> {
  const client = new SFNClient({ endpoint, region: 'us-east-1', credentials: MOTO_KEYS, maxAttempts: 1 });
  let definition = readFileSync(join(root, 'workflow', 'weekly-benchmark.asl.json'), 'utf8');
  for (const token of SUBSTITUTIONS)
    definition = definition.replaceAll(
      `\${${token}}`,
      `arn:aws:lambda:us-east-1:${MOTO_ACCOUNT}:function:${token}`,
    );
  try {
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name: 'weekly',
        definition,
        roleArn: `arn:aws:iam::${MOTO_ACCOUNT}:role/machine`,
      }),
    );
    const found = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    const isSame = found.definition === definition;
    return ['CreateStateMachine, the ASL file', isSame ? 'created' : 'changed', `status ${found.status}`];
  } catch (error) {
    return ['CreateStateMachine, the ASL file', 'refused', (error as Error).message];
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilUp(endpoint: string, server: ChildProcess): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(300)) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}`);
    const answer = await fetch(`${endpoint}/moto-api/data.json`).catch(() => null);
    if (answer?.ok === true) return;
  }
  throw new Error(`moto_server did not answer within ${START_MS / 1000} s`);
}
