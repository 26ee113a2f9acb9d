import type { S3Client } from '@aws-sdk/client-s3';
import type { Environment } from '../../adapters/aws/aws-lake.ts';
import type { SignedCall } from '../../adapters/aws/signed-call.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';

/** One line of `doctor`: what was looked at, how it is, and the command that mends it. */
export interface Check {
  name: string;
  status: 'ok' | 'warn' | 'fail';
  detail: string;
  mend?: string;
}

/** What the checks of a deployment share. Every call of theirs reads. */
export interface DoctorPorts {
  environment: Environment;
  /** `socratic-bench-<stage>`; a deployment of other names has none. */
  base: string | null;
  s3: S3Client;
  signed: SignedCall;
  /** A call without a second try beyond the throttled ones. */
  ask: <T>(what: string, call: () => Promise<T>) => Promise<T>;
}

export interface DoctorPlan {
  /** Bedrock models that the profile would call. */
  models: readonly ModelConfig[];
  /** Containers at once. */
  concurrency: number;
  vcpu: number;
}

export const ok = (name: string, detail: string): Check => ({ name, status: 'ok', detail });
export const warn = (name: string, detail: string, mend: string): Check => ({
  name,
  status: 'warn',
  detail,
  mend,
});
export const fail = (name: string, detail: string, mend: string): Check => ({
  name,
  status: 'fail',
  detail,
  mend,
});

/** A look that AWS refuses is a finding with AWS's own words, not the end of the others. */
export async function attempt(name: string, mend: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    return fail(name, (error as Error).message, mend);
  }
}

/** `npx cdk deploy <stack>` of the deployment, or of all where its names are its own. */
export function deployCommand(base: string | null, stack: string): string {
  if (base === null) return 'npx cdk deploy --all';
  return `npx cdk deploy ${base}-${stack} -c stage=${base.replace(/^socratic-bench-/, '')}`;
}
