import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ResourceNames } from '../resource-names.ts';
import type { Settings } from '../settings.ts';

/**
 * Reading the keys of OpenAI-compatible models, each parameter by its name. A SecureString under the account's default key
 * needs no kms:Decrypt (docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html); under a key of
 * one's own, the key's policy grants it.
 */
export function readModelKeys({ modelKeys }: Settings, names: ResourceNames): PolicyStatement[] {
  if (modelKeys.length === 0) return [];
  return [
    new PolicyStatement({
      sid: 'ReadModelKeys',
      actions: ['ssm:GetParameters'],
      resources: modelKeys.map(({ parameter }) => names.parameterArn(parameter)),
    }),
  ];
}
