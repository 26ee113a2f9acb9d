import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Accepts a finding of cdk-nag's AwsSolutions pack, and says why. A rule that reports several findings wants each by
 * itself: `IAM5[Resource::*]`.
 */
export function acknowledge(construct: IConstruct, finding: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${finding}`, reason });
}

/** Patterns that a statement may hold, and why no narrower one exists. Any other wildcard is a finding. */
const PATTERNS: readonly [pattern: RegExp, reason: string][] = [
  [
    /:s3:::[^/]+\/[a-z-]+(\/[a-z_]+)?\/([a-z*._-]+)?\*[a-z/*._-]*$/,
    'One prefix of the lake: keys below it hold dates, run ids and execution ids that do not exist at deployment.',
  ],
  [
    /:task-definition\/socratic-bench-[a-z]+-(runner|judge):\*$/,
    'Revisions of one family: the machine runs the newest, so that a deployment does not break a running execution.',
  ],
  [/:task\/socratic-bench-[a-z]+\/\*$/, 'Tasks of one cluster; their ids are given when they start.'],
  [
    /:execution:socratic-bench-[a-z]+-weekly[:/]\*$/,
    'Executions of one machine; a distributed Map starts its iterations as such (docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html).',
  ],
  [/:log-group:[^*]+:\*$/, 'Streams of one log group; the service names them.'],
  [/<[A-Za-z0-9]+\.Arn>:\*$/, 'Streams of one log group; the service names them.'],
];

/** Accepts the wildcards of hand-written statements that PATTERNS explains, on the role and all it made. */
export function acknowledgePatterns(role: IConstruct, statements: readonly PolicyStatement[]): void {
  for (const resource of new Set(statements.flatMap((statement) => statement.resources))) {
    const flat = flatten(Stack.of(role).resolve(resource));
    const reason = PATTERNS.find(([pattern]) => pattern.test(flat))?.[1];
    if (flat.includes('*') && reason !== undefined) acknowledge(role, `IAM5[Resource::${flat}]`, reason);
  }
}

/** Accepts the wildcard in one resource of a role's policy. */
export function acknowledgeResource(role: IConstruct, resource: string, reason: string): void {
  acknowledge(role, `IAM5[Resource::${flatten(Stack.of(role).resolve(resource))}]`, reason);
}

/** A resolved value in cdk-nag's spelling: `<LogicalId.Arn>` for a reference. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[key, argument] = []] = Object.entries(value as Record<string, unknown>);
  switch (key) {
    case 'Ref':
      return `<${String(argument)}>`;
    case 'Fn::GetAtt':
      return `<${(argument as string[]).join('.')}>`;
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(flatten).join(separator);
    }
    default:
      return JSON.stringify(value);
  }
}
