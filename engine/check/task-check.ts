import { isObject } from '../json.ts';
import { MAX_SECONDS } from '../limits.ts';
import { checkNumber, join } from './object-check.ts';
import type { Problems } from './problems.ts';

/** Parameters Step Functions passes to a service; others are refused when the machine is created. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  'arn:aws:states:::lambda:invoke': [
    'ClientContext',
    'FunctionName',
    'InvocationType',
    'Payload',
    'Qualifier',
  ],
  'arn:aws:states:::ecs:runTask.sync': [
    'CapacityProviderStrategy',
    'Cluster',
    'Count',
    'EnableECSManagedTags',
    'EnableExecuteCommand',
    'Group',
    'LaunchType',
    'NetworkConfiguration',
    'Overrides',
    'PlacementConstraints',
    'PlacementStrategy',
    'PlatformVersion',
    'PropagateTags',
    'ReferenceId',
    'StartedBy',
    'Tags',
    'TaskDefinition',
    'VolumeConfigurations',
  ],
};
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'arn:aws:states:::lambda:invoke': ['FunctionName'],
  'arn:aws:states:::ecs:runTask.sync': ['TaskDefinition'],
};
const LAMBDA_ARN = /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/;

/** Checks a Task beyond its field table. `resources` are those with a handler; without it, those of known form. */
export function checkTask(
  fields: Record<string, unknown>,
  path: string,
  resources: readonly string[] | undefined,
  problems: Problems,
): void {
  checkResource(fields['Resource'], join(path, 'Resource'), resources, problems);
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = fields;
  checkNumber(timeout, join(path, 'TimeoutSeconds'), { min: 1, max: MAX_SECONDS }, problems);
  checkNumber(heartbeat, join(path, 'HeartbeatSeconds'), { min: 1, max: MAX_SECONDS }, problems);
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    problems.invalid(join(path, 'HeartbeatSeconds'), 'must be smaller than TimeoutSeconds');
  }
  checkArguments(String(fields['Resource']), fields['Arguments'], join(path, 'Arguments'), problems);
}

function checkResource(
  resource: unknown,
  path: string,
  resources: readonly string[] | undefined,
  problems: Problems,
): void {
  if (resource === undefined) return; // reported as missing
  if (typeof resource !== 'string' || !resource.startsWith('arn:'))
    return problems.invalid(path, 'must be an ARN');
  if (resource.endsWith('.waitForTaskToken'))
    return problems.notImplemented(path, 'task tokens are not implemented');
  if (resource.includes(':activity:')) return problems.notImplemented(path, 'activities are not implemented');
  const known =
    resources?.includes(resource) ?? (Object.hasOwn(PARAMETERS, resource) || LAMBDA_ARN.test(resource));
  if (!known) problems.notImplemented(path, `no handler is bound to '${resource}'`);
}

function checkArguments(resource: string, args: unknown, path: string, problems: Problems): void {
  const known = Object.hasOwn(PARAMETERS, resource) ? PARAMETERS[resource] : undefined;
  if (known !== undefined && args === undefined)
    problems.notImplemented(path, `${resource} without Arguments is not implemented`);
  // A whole-field expression shows its members only when it runs.
  if (known === undefined || !isObject(args)) return;
  for (const name of Object.keys(args)) {
    if (!known.includes(name))
      problems.invalid(join(path, name), `'${name}' is not supported by Step Functions for ${resource}`);
  }
  for (const name of REQUIRED[resource] ?? []) {
    if (!Object.hasOwn(args, name)) problems.invalid(join(path, name), `${resource} needs '${name}'`);
  }
  if (Object.hasOwn(args, 'LaunchType') && Object.hasOwn(args, 'CapacityProviderStrategy')) {
    problems.invalid(join(path, 'LaunchType'), 'must be absent beside CapacityProviderStrategy');
  }
}
