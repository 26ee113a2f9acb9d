import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { BenchStack, type Deployment } from './bench-stack.ts';
import { immutableBucket } from './write-once.ts';

/** The copy of the immutable bucket in another region. Object Lock needs it on both sides. */
export class ReplicaStack extends BenchStack {
  constructor(scope: Construct, deployment: Deployment) {
    const { settings, names } = deployment;
    super(scope, 'Replica', deployment, { env: { region: settings.replicaRegion } });
    const bucket = immutableBucket(this, 'Immutable', settings, { bucketName: names.replicaBucket });
    acknowledge(
      bucket,
      'S1',
      'Only replication writes here and nobody reads in normal times; the source bucket logs every access.',
    );
  }
}
