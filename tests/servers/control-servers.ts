import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { INDEX_TABLES } from '../../schemas/index-tables.ts';

/** What a test may change of the account. */
export interface AccountState {
  /** Null: the keys have expired. */
  account: string | null;
  isDeployed: boolean;
  publicBlock: boolean;
  policy: object;
  versioning: string;
  recovery: string;
  subscriptions: { endpoint: string; arn: string }[];
  definition: string;
  cutoff: number | undefined;
  functions: number;
  tokens: number;
  entitlement: string;
}

export interface ControlServers {
  environment: Record<string, string>;
  state: AccountState;
  /** Every operation that was asked for. */
  requests: string[];
  close(): Promise<void>;
}

type Answer = { status?: number; type?: string; body: string };
const json = (body: object, status = 200): Answer => ({
  status,
  type: 'application/x-amz-json-1.1',
  body: JSON.stringify(body),
});
const xml = (body: string, status = 200): Answer => ({ status, type: 'text/xml', body });
const refusal = (name: string, status = 400) => json({ __type: name, message: name }, status);

/**
 * The control planes of an account, as far as `doctor` reads them: STS, Service Quotas, Bedrock, and what S3, DynamoDB, Step
 * Functions, SNS and Athena say of buckets, tables, machine, topic and workgroup. One server under one URL a service.
 */
export async function startControlServers(deployment: {
  account: string;
  buckets: readonly string[];
  tablePrefix: string;
  definition: string;
}): Promise<ControlServers> {
  const state: AccountState = {
    account: deployment.account,
    isDeployed: true,
    publicBlock: true,
    policy: {
      Statement: [
        { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Effect: 'Deny', Condition: { Null: { 's3:if-none-match': 'true' } } },
      ],
    },
    versioning: 'Enabled',
    recovery: 'ENABLED',
    subscriptions: [{ endpoint: 'ops@example.org', arn: 'arn:aws:sns:us-east-1:123456789012:alerts:1' }],
    definition: deployment.definition,
    cutoff: 10_000_000_000,
    functions: 1000,
    tokens: 5_000_000,
    entitlement: 'AVAILABLE',
  };
  const requests: string[] = [];

  const services: Record<string, (operation: string, body: string, path: string) => Answer> = {
    STS: () =>
      state.account === null
        ? xml(
            '<ErrorResponse><Error><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>',
            403,
          )
        : xml(
            `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${state.account}:user/ann</Arn><Account>${state.account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
          ),
    SERVICE_QUOTAS(operation, body) {
      const { ServiceCode, QuotaCode, NextToken } = JSON.parse(body) as Record<string, string>;
      if (operation === 'GetServiceQuota')
        return ServiceCode === 'lambda'
          ? json({ Quota: { QuotaCode, QuotaName: 'q', Value: state.functions } })
          : refusal('NoSuchResourceException');
      if (operation === 'GetAWSDefaultServiceQuota')
        return json({ Quota: { QuotaCode, QuotaName: 'q', Value: 100 } });
      const quota = (QuotaName: string) => ({ QuotaName, QuotaCode: 'L-1', Value: state.tokens });
      const names = [
        'Global cross-region model inference tokens per minute for Anthropic Claude Haiku 4.5',
        'Global cross-region model inference tokens per minute for Anthropic Claude Sonnet 4.6',
        'Cross-region model inference tokens per minute for Meta Llama 4 Maverick V1',
        'On-demand model inference tokens per minute for Amazon Nova Pro',
        'On-demand model inference tokens per minute for Amazon Nova Lite',
      ];
      return NextToken === undefined
        ? json({ Quotas: names.slice(0, 2).map(quota), NextToken: 'more' })
        : json({ Quotas: names.slice(2).map(quota) });
    },
    BEDROCK: (_operation, _body, path) =>
      path.startsWith('/inference-profiles/')
        ? json({ status: 'ACTIVE' })
        : json({
            agreementAvailability: { status: 'AVAILABLE' },
            authorizationStatus: 'AUTHORIZED',
            entitlementAvailability: state.entitlement,
            regionAvailability: 'AVAILABLE',
          }),
    S3(_operation, _body, path) {
      const url = new URL(path, 'http://s3');
      const bucket = url.pathname.split('/')[1]!;
      if (!state.isDeployed || !deployment.buckets.includes(bucket))
        return xml('<Error><Code>NoSuchBucket</Code><Message>none</Message></Error>', 404);
      if (url.searchParams.has('policy')) return json(state.policy);
      if (url.searchParams.has('versioning'))
        return xml(`<VersioningConfiguration><Status>${state.versioning}</Status></VersioningConfiguration>`);
      const names = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];
      return xml(
        `<PublicAccessBlockConfiguration>${names.map((name) => `<${name}>${state.publicBlock}</${name}>`).join('')}</PublicAccessBlockConfiguration>`,
      );
    },
    DYNAMODB(operation, body) {
      const { TableName } = JSON.parse(body) as { TableName: string };
      const table = INDEX_TABLES.find(({ name }) => `${deployment.tablePrefix}${name}` === TableName);
      if (!state.isDeployed || table === undefined) return refusal('ResourceNotFoundException');
      return operation === 'DescribeTable'
        ? json({
            Table: {
              TableName,
              TableStatus: 'ACTIVE',
              GlobalSecondaryIndexes: table.indexes.map(({ name }) => ({
                IndexName: name,
                IndexStatus: 'ACTIVE',
              })),
            },
          })
        : json({
            ContinuousBackupsDescription: {
              ContinuousBackupsStatus: 'ENABLED',
              PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: state.recovery },
            },
          });
    },
    SFN: () =>
      state.isDeployed
        ? json({
            name: 'weekly',
            status: 'ACTIVE',
            type: 'STANDARD',
            definition: state.definition,
            creationDate: 0,
          })
        : refusal('StateMachineDoesNotExist'),
    SNS: () =>
      state.isDeployed
        ? xml(
            `<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>${state.subscriptions
              .map(
                ({ endpoint, arn }) =>
                  `<member><Protocol>email</Protocol><Endpoint>${endpoint}</Endpoint><SubscriptionArn>${arn}</SubscriptionArn></member>`,
              )
              .join('')}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
          )
        : xml(
            '<ErrorResponse><Error><Code>NotFound</Code><Message>none</Message></Error></ErrorResponse>',
            404,
          ),
    ATHENA: () =>
      state.isDeployed
        ? json({
            WorkGroup: {
              Name: 'w',
              State: 'ENABLED',
              Configuration: {
                EnforceWorkGroupConfiguration: true,
                BytesScannedCutoffPerQuery: state.cutoff,
              },
            },
          })
        : refusal('InvalidRequestException'),
  };

  const servers = await Promise.all(
    Object.entries(services).map(async ([service, answer]) => {
      const server = createServer((request, response) => {
        let body = '';
        request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        request.on('end', () => {
          const target = request.headers['x-amz-target'];
          const operation =
            target === undefined
              ? (new URLSearchParams(body).get('Action') ?? request.method!)
              : String(target).split('.')[1]!;
          requests.push(`${service} ${operation} ${request.url}`);
          const { status = 200, type = 'text/plain', body: text } = answer(operation, body, request.url!);
          response.writeHead(status, { 'content-type': type }).end(text);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { service, server };
    }),
  );
  return {
    environment: Object.fromEntries(
      servers.map(({ service, server }) => [`AWS_ENDPOINT_URL_${service}`, urlOf(server)]),
    ),
    state,
    requests,
    close: async () => {
      await Promise.all(
        servers.map(
          ({ server }) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
