import { NamedError } from '../../core/errors.ts';
import { ENV, ERROR } from '../../schemas/names.ts';
import type { Environment } from './aws-lake.ts';
import type { SignedCall } from './signed-call.ts';

/** Parameters of one GetParameters call; SSM takes ten. */
const MAX_PARAMETERS = 10;

/**
 * Keys of models behind OpenAI-compatible endpoints, by the variable that the registry names (`api_key_env`): those of
 * SOCRATIC_MODEL_KEYS, `OPENAI_API_KEY=/socratic-bench/openai,…`, read from Systems Manager. Containers get theirs from ECS
 * before they start; a function has no such thing. Throws InvalidConfig naming a parameter that is not there.
 */
export async function readModelKeys(
  environment: Environment,
  signed: SignedCall,
): Promise<Record<string, string>> {
  const named = parseModelKeys(environment[ENV.modelKeys] ?? '');
  if (named.length === 0) return {};
  const text = await signed({
    service: 'ssm',
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameters' },
    body: JSON.stringify({ Names: named.map(({ parameter }) => parameter), WithDecryption: true }),
  });
  const { Parameters } = JSON.parse(text) as { Parameters: { Name: string; Value: string }[] };
  const values = new Map(Parameters.map(({ Name, Value }) => [Name, Value]));
  return Object.fromEntries(
    named.map(({ variable, parameter }) => {
      const value = values.get(parameter);
      if (value === undefined)
        throw new NamedError(
          ERROR.invalidConfig,
          `${ENV.modelKeys}: expected the parameter ${parameter}, got none`,
          {
            hint: `aws ssm put-parameter --name ${parameter} --type SecureString --value <key>`,
          },
        );
      return [variable, value];
    }),
  );
}

function parseModelKeys(text: string): { variable: string; parameter: string }[] {
  const pairs = text
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [variable, parameter] = pair.split('=', 2) as [string, string | undefined];
      if (parameter === undefined)
        throw new NamedError(
          ERROR.invalidConfig,
          `${ENV.modelKeys}: expected VARIABLE=/parameter, got "${pair}"`,
        );
      return { variable, parameter };
    });
  if (pairs.length > MAX_PARAMETERS)
    throw new NamedError(
      ERROR.invalidConfig,
      `${ENV.modelKeys}: expected at most ${MAX_PARAMETERS} keys, got ${pairs.length}`,
    );
  return pairs;
}
