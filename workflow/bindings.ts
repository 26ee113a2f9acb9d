import type { TaskName } from '../schemas/names.ts';

/**
 * Which task each Task state runs. The host maps task names to functions; a state without an entry is an error, never a
 * fall-through. RunDialogue and JudgeRun are the child states of the Maps RunDialogues and JudgeRuns.
 */
export const BINDINGS: Readonly<Record<string, TaskName>> = {
  LoadManifest: 'load-manifest',
  GenerateRuns: 'generate-runs',
  RunDialogue: 'run-dialogue',
  JudgeRun: 'judge-run',
  Aggregate: 'aggregate',
  CheckAlerts: 'check-alerts',
  PublishMetrics: 'publish-metrics',
};

/** `${Token}`s of the ASL file; CDK substitutes ARNs, the embedded host task names and a placeholder network. */
export const SUBSTITUTIONS = [
  'LoadManifestFunctionArn',
  'GenerateRunsFunctionArn',
  'AggregateFunctionArn',
  'CheckAlertsFunctionArn',
  'PublishMetricsFunctionArn',
  'ClusterArn',
  'RunnerTaskDefinitionArn',
  'JudgeTaskDefinitionArn',
  'SubnetIds',
  'SecurityGroupIds',
  'AssignPublicIp',
  'LakeBucketName',
  'ImmutableBucketName',
] as const;
export type Substitution = (typeof SUBSTITUTIONS)[number];
