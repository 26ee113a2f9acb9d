import type { ModelConfig } from '../../schemas/model-config.ts';
import { attempt, ok, warn, type Check, type DoctorPlan, type DoctorPorts } from './aws-doctor-check.ts';

interface Quota {
  QuotaName: string;
  QuotaCode: string;
  Value: number;
}

/** Functions that may run at once while an execution starts, aggregates and is indexed; new accounts have ten. */
const FUNCTIONS_AT_ONCE = 50;
/** https://docs.aws.amazon.com/general/latest/gr/lambda-service.html, …/ecs-service.html */
const LAMBDA_CONCURRENCY = 'L-B99A9384';
const FARGATE_VCPU = 'L-3032A538';
const FARGATE_SPOT_VCPU = 'L-36FBB829';

/** Quotas that an execution would meet: functions and vCPUs at once, tokens of each model. */
export async function checkQuotas(ports: DoctorPorts, plan: DoctorPlan): Promise<Check[]> {
  const vcpu = plan.concurrency * plan.vcpu;
  const one = (name: string, service: string, code: string, needed: number) =>
    attempt(`quota ${name}`, 'allow servicequotas:GetServiceQuota', async () => {
      const { Value } = await readQuota(ports, service, code);
      return Value >= needed
        ? ok(`quota ${name}`, `${Value} (an execution takes up to ${needed})`)
        : warn(
            `quota ${name}`,
            `${Value}; an execution takes up to ${needed}`,
            increase(service, code, needed),
          );
    });
  return [
    ...(await Promise.all([
      one('functions', 'lambda', LAMBDA_CONCURRENCY, FUNCTIONS_AT_ONCE),
      one('fargate', 'fargate', FARGATE_VCPU, vcpu),
      one('fargate spot', 'fargate', FARGATE_SPOT_VCPU, vcpu),
    ])),
    ...(plan.models.length === 0 ? [] : await checkTokenQuotas(ports, plan.models)),
  ];
}

async function checkTokenQuotas(ports: DoctorPorts, models: readonly ModelConfig[]): Promise<Check[]> {
  const quotas: Quota[] = [];
  const listed = await attempt('quota bedrock', 'allow servicequotas:ListServiceQuotas', async () => {
    let token: string | undefined;
    do {
      const page = (await call(ports, 'ListServiceQuotas', {
        ServiceCode: 'bedrock',
        MaxResults: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      })) as { Quotas?: Quota[]; NextToken?: string };
      quotas.push(...(page.Quotas ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return ok('quota bedrock', `${quotas.length} quotas`);
  });
  if (listed.status === 'fail') return [listed];
  return models.map((model) => {
    const own = tokenQuotas(quotas, model);
    const none = own.find((quota) => quota.Value === 0);
    const name = `quota ${model.model_id}`;
    if (own.length === 0)
      return warn(name, 'no quota of tokens carries its name', 'look: Service Quotas, Amazon Bedrock');
    return none === undefined
      ? ok(name, own.map((quota) => `${quota.QuotaName}: ${quota.Value}`).join('; '))
      : warn(
          name,
          `${none.QuotaName} is 0: every call will be throttled`,
          increase('bedrock', none.QuotaCode, 100_000),
        );
  });
}

/**
 * The token quotas of a model by its name: Bedrock names them in prose, "Cross-region model inference tokens per minute for
 * Anthropic Claude Haiku 4.5". All words of our id must be there; a profile across regions has quotas of its own.
 */
export function tokenQuotas<Q extends Pick<Quota, 'QuotaName'>>(
  quotas: readonly Q[],
  model: Pick<ModelConfig, 'model_id' | 'endpoint'>,
): Q[] {
  const words = (text: string) =>
    ` ${text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, ' ')
      .trim()} `;
  const wanted = words(model.model_id).trim().split(' ');
  const reach = model.endpoint.startsWith('global.')
    ? /^global cross-region/i
    : /^(us|eu|apac|jp|au)\./.test(model.endpoint)
      ? /^cross-region/i
      : /^on-demand/i;
  return quotas.filter(({ QuotaName }) => {
    const name = words(QuotaName);
    return (
      / tokens per (minute|day) /.test(name) &&
      reach.test(QuotaName) &&
      wanted.every((word) => name.includes(` ${word} `))
    );
  });
}

async function readQuota(ports: DoctorPorts, ServiceCode: string, QuotaCode: string): Promise<Quota> {
  // An account that never asked for more has no quota of its own, only AWS's default.
  const answer = await call(ports, 'GetServiceQuota', { ServiceCode, QuotaCode }).catch((error: Error) => {
    if (!error.message.includes('NoSuchResourceException')) throw error;
    return call(ports, 'GetAWSDefaultServiceQuota', { ServiceCode, QuotaCode });
  });
  return (answer as { Quota: Quota }).Quota;
}

async function call({ signed }: DoctorPorts, operation: string, input: object): Promise<unknown> {
  return JSON.parse(
    await signed({
      service: 'servicequotas',
      method: 'POST',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `ServiceQuotasV20190624.${operation}`,
      },
      body: JSON.stringify(input),
    }),
  ) as unknown;
}

function increase(service: string, code: string, value: number): string {
  return `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${value}`;
}
