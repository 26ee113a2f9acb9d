import {
  CreateBucketCommand,
  PutObjectCommand,
  S3Client,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3';
import { MOTO_ACCOUNT, MOTO_KEYS } from './moto-account.ts';
import { synthesizeStacks, type Synthesized } from './synthesized.ts';

/** An empty zip archive: functions need code to be created, not to run. */
const EMPTY_ZIP = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
/** The order in which the stacks are deployed. */
const ORDER = ['Replica', 'Storage', 'Notification', 'Compute', 'Workflow', 'Query', 'Observability', 'Site'];

/** Creates each stack of stage prod (dev's emptying of buckets waits for a callback that moto's functions never send); one row a stack: how far moto came. */
export async function createStacks(endpoint: string): Promise<{ row: string[] }[]> {
  const stacks = synthesizeStacks(MOTO_ACCOUNT, { stage: 'prod' });
  await putBootstrap(endpoint, stacks);
  const rows: { row: string[] }[] = [];
  for (const name of ORDER) {
    const stack = stacks.find((one) => one.stack === name)!;
    const region = name === 'Replica' ? 'us-west-2' : 'us-east-1';
    const total = Object.keys(stack.resources).length;
    const answer = await call(endpoint, 'cloudformation', region, {
      Action: 'CreateStack',
      StackName: name,
      TemplateBody: stack.body,
      'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    });
    if (!answer.ok) {
      rows.push({ row: [`CreateStack ${name}`, 'refused', brief(answer.text)] });
      continue;
    }
    const described = await call(endpoint, 'cloudformation', region, {
      Action: 'DescribeStacks',
      StackName: name,
    });
    const listed = await call(endpoint, 'cloudformation', region, {
      Action: 'DescribeStackResources',
      StackName: name,
    });
    const status = /<StackStatus>(\w+)</.exec(described.text)?.[1] ?? 'unknown';
    const made = [...listed.text.matchAll(/<ResourceType>([^<]+)</g)].map((match) => match[1]!);
    const missing = Object.values(stack.resources).map(({ Type }) => Type);
    for (const type of made) {
      const at = missing.indexOf(type);
      if (at >= 0) missing.splice(at, 1);
    }
    const left = [...new Set(missing)].sort().join(', ');
    rows.push({
      row: [
        `CreateStack ${name}`,
        status,
        `${made.length} of ${total} resources${left === '' ? '' : `; moto lists none of type ${left}`}`,
      ],
    });
  }
  return rows;
}

/** What `cdk bootstrap` and `cdk deploy` leave before a stack is created: the version parameter, and the assets. */
async function putBootstrap(endpoint: string, stacks: readonly Synthesized[]): Promise<void> {
  for (const region of ['us-east-1', 'us-west-2'] as const) {
    const s3 = new S3Client({ endpoint, region, credentials: MOTO_KEYS, forcePathStyle: true });
    const Bucket = `cdk-hnb659fds-assets-${MOTO_ACCOUNT}-${region}`;
    await s3.send(
      new CreateBucketCommand({
        Bucket,
        ...(region === 'us-east-1'
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }),
      }),
    );
    const keys = stacks.flatMap(({ body }) =>
      [...body.matchAll(/"((?:S3)?Key)": "([0-9a-f]{64}\.\w+)"/g)].map((match) => match[2]!),
    );
    for (const Key of new Set(keys)) await s3.send(new PutObjectCommand({ Bucket, Key, Body: EMPTY_ZIP }));
    await call(endpoint, 'ssm', region, {
      Action: 'PutParameter',
      Name: '/cdk-bootstrap/hnb659fds/version',
      Value: '30',
      Type: 'String',
    });
  }
}

/** A call of a query or JSON protocol; moto checks no signature, it reads service and region from it. */
async function call(
  endpoint: string,
  service: 'cloudformation' | 'ssm',
  region: string,
  { Action, ...parameters }: Record<string, string>,
): Promise<{ ok: boolean; text: string }> {
  const isJson = service === 'ssm';
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=moto/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': isJson ? 'application/x-amz-json-1.1' : 'application/x-www-form-urlencoded',
      ...(isJson ? { 'x-amz-target': `AmazonSSM.${Action}` } : {}),
    },
    body: isJson
      ? JSON.stringify(parameters)
      : new URLSearchParams({ Action: Action!, Version: '2010-05-15', ...parameters }).toString(),
  });
  return { ok: answer.ok, text: await answer.text() };
}

/** The message of an error answer, or its beginning. */
function brief(text: string): string {
  const message =
    /<Message>([\s\S]*?)<\/Message>/.exec(text)?.[1] ??
    text.split('\n').findLast((line) => line.trim() !== '') ??
    text;
  return message.slice(0, 300);
}
