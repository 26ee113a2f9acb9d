import { Stack, Tags, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Registry } from '../registry.ts';
import type { ResourceNames } from '../resource-names.ts';
import type { Settings } from '../settings.ts';

/** What every stack is made from. */
export interface Deployment {
  settings: Settings;
  names: ResourceNames;
  registry: Registry;
  /** Absolute path of the checkout. */
  root: string;
}

/** A stack of this app, `socratic-bench-<stage>-<name>`. */
export abstract class BenchStack extends Stack {
  constructor(scope: Construct, name: string, { names, settings }: Deployment, props: StackProps) {
    super(scope, name, { stackName: `${names.base}-${name.toLowerCase()}`, ...props });
    Tags.of(this).add('project', 'socratic-bench');
    Tags.of(this).add('stage', settings.stage);
  }

  /** Two zones by name: asking the account which there are would make synth need credentials. */
  override get availabilityZones(): string[] {
    return ['a', 'b'].map((zone) => `${this.region}${zone}`);
  }
}
