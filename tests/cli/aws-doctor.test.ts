import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { doctorCommand } from '../../cli/commands/doctor.ts';
import type { Check } from '../../cli/host/aws-doctor-check.ts';
import { tokenQuotas } from '../../cli/host/aws-doctor-quotas.ts';
import { startControlServers, type ControlServers } from '../servers/control-servers.ts';
import { listening } from './listening.ts';

const LAKE = 'socratic-bench-dev-lake-123456789012-us-east-1';
const IMMUTABLE = 'socratic-bench-dev-immutable-123456789012-us-east-1';
const definition = readFileSync(new URL('../../workflow/weekly-benchmark.asl.json', import.meta.url), 'utf8');
const before = { ...process.env };
let servers: ControlServers;

beforeEach(async () => {
  servers = await startControlServers({
    account: '123456789012',
    buckets: [LAKE, IMMUTABLE],
    tablePrefix: 'socratic-bench-dev-',
    definition: definition.replaceAll(/\$\{\w+\}/g, 'arn:aws:something'),
  });
  Object.assign(process.env, servers.environment, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  await servers.close();
});

async function diagnose(profile = 'weekly-bedrock') {
  const { context, printed } = listening(
    { lake: `s3://${LAKE}`, json: true },
    { environment: servers.environment },
  );
  const code = await doctorCommand({ target: 'aws', profile }, { lake: context.lake }, context);
  const { checks } = JSON.parse(printed()) as { checks: Check[] };
  const find = (name: string) => checks.find((check) => check.name.startsWith(name));
  return { code, checks, find, problems: checks.filter(({ status }) => status !== 'ok') };
}

describe('doctor --target aws', () => {
  it('finds nothing to mend in a sound deployment, and only reads', async () => {
    const { code, checks, problems } = await diagnose();
    expect(problems).toEqual([]);
    expect(code).toBe(0);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'account',
        'region',
        `bucket ${LAKE}`,
        'table socratic-bench-dev-runs',
        'state machine',
        'alert topic',
        'athena workgroup',
        'quota functions',
        'quota claude-haiku-4-5',
        'model claude-haiku-4-5',
        'model nova-pro',
      ]),
    );
    for (const request of servers.requests) expect(request).toMatch(/Get|Describe|List|GET/);
  });

  it('names each thing that is wrong and what mends it', async () => {
    servers.state.publicBlock = false;
    servers.state.policy = { Statement: [] };
    servers.state.versioning = 'Suspended';
    servers.state.recovery = 'DISABLED';
    servers.state.subscriptions = [{ endpoint: 'ops@example.org', arn: 'PendingConfirmation' }];
    servers.state.definition = JSON.stringify({ ...JSON.parse(definition), TimeoutSeconds: 60 });
    servers.state.cutoff = undefined;
    servers.state.functions = 10;
    servers.state.tokens = 0;
    servers.state.entitlement = 'NOT_AVAILABLE';
    const { code, find } = await diagnose();
    expect(code).toBe(1);
    expect(find(`bucket ${IMMUTABLE}`)).toMatchObject({
      status: 'fail',
      detail:
        'it is not versioned; public access is not blocked; its policy lets requests without TLS pass; its policy lets written keys be replaced',
      mend: 'npx cdk deploy socratic-bench-dev-storage -c stage=dev',
    });
    expect(find('table socratic-bench-dev-runs')).toMatchObject({ status: 'warn' });
    expect(find('state machine')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('/TimeoutSeconds'),
    });
    expect(find('alert topic')).toMatchObject({
      status: 'warn',
      detail: 'ops@example.org has not confirmed',
    });
    expect(find('athena workgroup')).toMatchObject({ status: 'warn' });
    expect(find('quota functions')).toMatchObject({
      status: 'warn',
      mend: 'aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 50',
    });
    expect(find('quota claude-haiku-4-5')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('is 0'),
    });
    expect(find('model claude-haiku-4-5')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('not open yet'),
    });
  });

  it('says what is missing where nothing was deployed', async () => {
    servers.state.isDeployed = false;
    const { code, find } = await diagnose('weekly');
    expect(code).toBe(1);
    for (const name of [`bucket ${LAKE}`, 'table socratic-bench-dev-runs', 'state machine', 'alert topic'])
      expect(find(name)).toMatchObject({ status: 'fail', mend: expect.stringContaining('npx cdk deploy') });
  });

  it('stops at an account that is not the lake’s, or refuses its keys', async () => {
    servers.state.account = '999999999999';
    expect((await diagnose()).problems).toMatchObject([
      { name: 'account', status: 'fail', mend: 'AWS_PROFILE=<profile of 123456789012>' },
    ]);
    servers.state.account = null;
    expect((await diagnose()).problems).toMatchObject([
      { name: 'account', status: 'fail', detail: expect.stringContaining('ExpiredToken') },
    ]);
  });
});

describe('token quotas of a model', () => {
  const quotas = [
    'Cross-region model inference tokens per minute for Anthropic Claude Haiku 4.5',
    'Global cross-region model inference tokens per minute for Anthropic Claude Haiku 4.5',
    'Global cross-region model inference requests per minute for Anthropic Claude Haiku 4.5',
    'On-demand model inference tokens per minute for Amazon Nova Pro',
    'Cross-region model inference tokens per minute for Amazon Nova Pro',
  ].map((QuotaName) => ({ QuotaName }));

  it.each([
    ['claude-haiku-4-5', 'global.anthropic.claude-haiku-4-5-20251001-v1:0', [1]],
    ['claude-haiku-4-5', 'us.anthropic.claude-haiku-4-5-20251001-v1:0', [0]],
    ['nova-pro', 'amazon.nova-pro-v1:0', [3]],
    ['nova-premier', 'us.amazon.nova-premier-v1:0', []],
  ])('%s by %s', (model_id, endpoint, expected) => {
    expect(tokenQuotas(quotas, { model_id, endpoint })).toEqual(expected.map((n) => quotas[n]));
  });
});
