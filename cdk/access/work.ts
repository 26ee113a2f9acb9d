import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { TABLE } from '../../schemas/names.ts';
import type { ContainerName, FunctionName, ResourceNames } from '../resource-names.ts';
import { invokeModels } from './bedrock.ts';
import { lakeAccess } from './lake.ts';

/** Every task that works on a measure reads its manifest and every artefact it names, golden set included. */
const MEASURE = ['config/*', 'manifests/*', 'calibration/golden_sets/*'];

export interface Models {
  tutors: readonly ModelConfig[];
  judges: readonly ModelConfig[];
}

/** What each container's task role allows: what its task reads and writes (docs/deploy.md has the table), no delete anywhere. */
export function containerAccess(
  names: ResourceNames,
  models: Models,
): Record<ContainerName, PolicyStatement[]> {
  const lake = lakeAccess(names);
  return {
    runner: [
      lake.get(...MEASURE, 'raw/*', 'checkpoints/*'),
      lake.put('raw/*', 'checkpoints/*'),
      lake.list(),
      lake.budget(),
      ...invokeModels(models.tutors, names.place),
    ],
    judge: [
      lake.get(...MEASURE, 'raw/*', 'judged/*', 'checkpoints/*'),
      lake.put('judged/*', 'checkpoints/*', 'calibration/results/*'),
      lake.list(),
      lake.budget(),
      ...invokeModels(models.judges, names.place),
    ],
  };
}

/** What each function's role allows beside its own log group. */
export function functionAccess(
  names: ResourceNames,
  models: Models,
): Record<FunctionName, PolicyStatement[]> {
  const lake = lakeAccess(names);
  return {
    // The manifest of a start is composed, not written: a listing tells whether its content is known.
    start: [
      lake.listImmutable(),
      new PolicyStatement({
        sid: 'StartWeek',
        actions: ['states:StartExecution'],
        resources: [names.machineArn],
      }),
    ],
    'load-manifest': [
      lake.get(...MEASURE),
      lake.put('config/*', 'manifests/manifest_*.json', 'calibration/golden_sets/*'),
      lake.listImmutable(),
      lake.budget(),
    ],
    'generate-runs': [
      lake.get(...MEASURE, 'scores/*', 'executions/*', 'calibration/results/*'),
      lake.put('manifests/*/plans/*'),
      lake.list(),
      lake.readHistory(),
      ...invokeModels(unique([...models.tutors, ...models.judges]), names.place),
    ],
    aggregate: [
      lake.get(
        ...MEASURE,
        'calibration/results/*',
        'raw/*',
        'judged/*',
        'checkpoints/*',
        'executions/*',
        'dashboard/data/*',
        'labels/*',
        'audit/*',
        'scores/*',
      ),
      lake.put(
        'scores/*',
        'curated/*',
        'ledger/*',
        'audit/*',
        'executions/*/summary.json',
        'executions/*/seal.json',
        'dashboard/data/*',
      ),
      lake.abort('curated/*'),
      lake.list(),
      lake.readHistory(),
      lake.writeIndex(TABLE.runs, TABLE.weeklySummaries),
    ],
    'check-alerts': [
      lake.get(...MEASURE, 'calibration/results/*', 'executions/*', 'alerts/*', 'dashboard/data/alerts.json'),
      lake.put('alerts/*', 'dashboard/data/alerts.json'),
      lake.list(),
      new PolicyStatement({ sid: 'PublishAlerts', actions: ['sns:Publish'], resources: [names.topicArn] }),
    ],
    'publish-metrics': [
      lake.get('executions/*', 'alerts/*'),
      lake.put('executions/*/status.json'),
      lake.list(),
    ],
    index: [
      lake.get('audit/*', 'calibration/results/*'),
      lake.list(),
      lake.writeIndex(TABLE.runs, TABLE.judgeItems),
    ],
    'mail-failure': [
      lake.get('manifests/*', 'executions/*', 'alerts/*'),
      lake.list(),
      lake.readBudget(),
      new PolicyStatement({ sid: 'PublishAlerts', actions: ['sns:Publish'], resources: [names.topicArn] }),
    ],
  };
}

function unique(models: readonly ModelConfig[]): ModelConfig[] {
  return [...new Map(models.map((model) => [model.model_id, model])).values()];
}
