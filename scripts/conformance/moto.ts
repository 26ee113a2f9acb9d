import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStateMachineCommand, DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { SUBSTITUTIONS } from '../../workflow/bindings.ts';
import { MOTO_ACCOUNT, MOTO_KEYS } from './moto-account.ts';
import { MOTO_VERSION, startMoto } from './moto-server.ts';
import { createStacks } from './moto-stacks.ts';
import { root } from './python-tool.ts';
import { table, writeSection } from './report.ts';

/** The definition and the templates against moto's server: CreateStateMachine, and CreateStack as far as it goes. */
export async function moto(): Promise<number> {
  const server = await startMoto();
  const { endpoint } = server;
  try {
    const machine = await createMachine(endpoint);
    const stacks = await createStacks(endpoint);
    const rows = [machine, ...stacks.map(({ row }) => row)];
    const text = table(['what', 'result', 'detail'], rows);
    writeSection(
      'moto',
      `## moto ${MOTO_VERSION} (server)\n\n${text}\n\nmoto does not run state machines of this kind, checks no IAM policy and knows no Object Lock, replication or conditions of
bucket policies: what it creates shows that a template's references and required properties hold together, not that AWS takes it.`,
    );
    console.log(text);
    return machine[1] === 'created' ? 0 : 1;
  } finally {
    server.stop();
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
