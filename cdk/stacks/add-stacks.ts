import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { readRegistry } from '../registry.ts';
import { resourceNames } from '../resource-names.ts';
import { readSettings } from '../settings.ts';
import { ApiStack } from './api-stack.ts';
import type { BenchStack, Deployment } from './bench-stack.ts';
import { ComputeStack } from './compute-stack.ts';
import { NotificationStack } from './notification-stack.ts';
import { ObservabilityStack } from './observability-stack.ts';
import { QueryStack } from './query-stack.ts';
import { QuickSightStack } from './quicksight-stack.ts';
import { ReplicaStack } from './replica-stack.ts';
import { SiteStack } from './site-stack.ts';
import { StorageStack } from './storage-stack.ts';
import { WorkflowStack } from './workflow-stack.ts';

/** Adds the stacks that the app's context asks for, in the order in which they are deployed. */
export function addStacks(app: App, place: { root: string; account: string }): void {
  const settings = readSettings(app.node);
  const { region, replicaRegion } = settings;
  const deployment: Deployment = {
    settings,
    root: place.root,
    registry: readRegistry(join(place.root, 'config')),
    names: resourceNames(settings.stage, {
      partition: 'aws',
      account: place.account,
      region,
      replicaRegion,
    }),
  };
  const after = <T extends BenchStack>(stack: T, ...others: BenchStack[]): T => {
    for (const other of others) stack.addStackDependency(other);
    return stack;
  };
  const replica = new ReplicaStack(app, deployment);
  const storage = after(new StorageStack(app, deployment), replica);
  const notification = new NotificationStack(app, deployment);
  const compute = after(new ComputeStack(app, deployment), storage);
  const workflow = after(new WorkflowStack(app, deployment, compute), storage, notification);
  const query = after(new QueryStack(app, deployment), storage);
  after(new ObservabilityStack(app, deployment, workflow), workflow, notification);
  after(new SiteStack(app, deployment), storage);
  if (settings.api) after(new ApiStack(app, deployment), workflow, query);
  if (settings.quicksight) after(new QuickSightStack(app, deployment), query);
}
