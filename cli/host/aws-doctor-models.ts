import type { ModelConfig } from '../../schemas/model-config.ts';
import { attempt, fail, ok, warn, type Check, type DoctorPorts } from './aws-doctor-check.ts';

/** As much of GetFoundationModelAvailability as is read (docs.aws.amazon.com/bedrock/latest/APIReference). */
interface Availability {
  agreementAvailability?: { status?: string };
  authorizationStatus?: string;
  entitlementAvailability?: string;
  regionAvailability?: string;
}

/** May this account call the models? Bedrock's control plane says so without a call that bills. */
export function checkModels(ports: DoctorPorts, models: readonly ModelConfig[]): Promise<Check[]> {
  const mend = 'allow bedrock:GetFoundationModelAvailability and bedrock:GetInferenceProfile';
  return Promise.all(
    models.map((model) => attempt(`model ${model.model_id}`, mend, () => checkModel(ports, model))),
  );
}

async function checkModel(ports: DoctorPorts, { model_id, endpoint }: ModelConfig): Promise<Check> {
  const name = `model ${model_id}`;
  const foundation = endpoint.replace(/^(global|us|us-gov|eu|apac|jp|au|ca)\./, '');
  const console_ = 'Bedrock console, Model catalogue: open it once (Anthropic wants its use-case form)';
  const found = (await get(
    ports,
    `/foundation-model-availability/${encodeURIComponent(foundation)}`,
  )) as Availability;
  if (found.authorizationStatus === 'NOT_AUTHORIZED')
    return fail(name, `${foundation}: this account is not authorized`, console_);
  if (found.entitlementAvailability === 'NOT_AVAILABLE')
    return fail(name, `${foundation}: not open yet`, console_);
  if (foundation !== endpoint) {
    const profile = (await get(ports, `/inference-profiles/${encodeURIComponent(endpoint)}`)) as {
      status?: string;
    };
    if (profile.status !== 'ACTIVE')
      return fail(
        name,
        `inference profile ${endpoint} is ${profile.status ?? 'unknown'}`,
        'correct its endpoint in config/models',
      );
  } else if (found.regionAvailability === 'NOT_AVAILABLE')
    return fail(
      name,
      `${foundation}: not in this region`,
      'give it an inference profile as endpoint in config/models',
    );
  const agreement = found.agreementAvailability?.status ?? 'AVAILABLE';
  return agreement === 'AVAILABLE'
    ? ok(name, `${endpoint} may be called`)
    : warn(name, `agreement is ${agreement}; the first call makes the subscription`, console_);
}

async function get({ signed }: DoctorPorts, path: string): Promise<unknown> {
  return JSON.parse(
    await signed({ service: 'bedrock', method: 'GET', path, headers: {}, body: '' }),
  ) as unknown;
}
