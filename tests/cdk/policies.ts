import { flat, type Resource, type Template } from './synthesize.ts';

/** A statement with its values as text. */
export interface Statement {
  effect: 'Allow' | 'Deny';
  actions: string[];
  resources: string[];
  conditions: Record<string, Record<string, unknown>>;
}

type Json = Record<string, unknown>;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function statementsOf(document: unknown): Statement[] {
  return list((document as Json)['Statement']).map((one) => {
    const statement = one as Json;
    return {
      effect: statement['Effect'] as Statement['effect'],
      actions: list(statement['Action']).map(String),
      resources: list(statement['Resource']).map(flat),
      conditions: (statement['Condition'] ?? {}) as Statement['conditions'],
    };
  });
}

/** The statements of every role with a name of ours, by that name without the stage's prefix. */
export function rolePolicies(templates: Map<string, Template>): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>();
  for (const { Resources } of templates.values()) {
    const names = new Map<string, string>();
    for (const [id, { Type, Properties }] of Object.entries(Resources))
      if (Type === 'AWS::IAM::Role' && typeof Properties['RoleName'] === 'string')
        names.set(id, Properties['RoleName'].replace(/^socratic-bench-[a-z]+-/, ''));
    for (const name of names.values()) found.set(name, []);
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::IAM::Policy' && Type !== 'AWS::IAM::ManagedPolicy') continue;
      for (const role of list(Properties['Roles'])) {
        const name = names.get((role as Json)['Ref'] as string);
        if (name !== undefined) found.get(name)!.push(...statementsOf(Properties['PolicyDocument']));
      }
    }
  }
  return found;
}

/** The bucket policies, by the name of the bucket. */
export function bucketPolicies(templates: Map<string, Template>): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>();
  for (const { Resources } of templates.values()) {
    const byId = (reference: unknown): Resource => Resources[(reference as Json)['Ref'] as string]!;
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::S3::BucketPolicy') continue;
      const id = (Properties['Bucket'] as Json)['Ref'] as string;
      const name = byId(Properties['Bucket']).Properties['BucketName'] as unknown as string;
      const statements = statementsOf(Properties['PolicyDocument']).map((statement) => ({
        ...statement,
        resources: statement.resources.map((resource) =>
          resource.replace(`<${id}.Arn>`, `arn:aws:s3:::${name}`),
        ),
      }));
      found.set(name, statements);
    }
  }
  return found;
}

/** What is allowed, resources by action, sorted; the account's own names shortened so that a table of them reads. */
export function permissions(statements: readonly Statement[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { effect, actions, resources } of statements)
    if (effect === 'Allow')
      for (const action of actions)
        found[action] = [...new Set([...(found[action] ?? []), ...resources.map(shorten)])].sort();
  return found;
}

function shorten(resource: string): string {
  return resource
    .replace(/^arn:aws:s3:::socratic-bench-[a-z]+-(lake|immutable)-\d+-us-east-1/, '$1')
    .replace(/^arn:aws:(\w+):us-east-1:\d{12}:/, '$1:')
    .replace(/^arn:aws:iam::\d{12}:/, '')
    .replaceAll(/socratic-bench-(dev|prod)/g, '~')
    .replaceAll(/\/socratic-bench\/(dev|prod)/g, '~')
    .replace(/^<.*Log[0-9A-F]{8}\.Arn>$/, 'own log group')
    .replace(/^<.*DeadLetters[0-9A-F]{8}\.Arn>$/, 'dead letters')
    .replace(/^arn:<AWS::Partition>:ecr:.*container-assets-.*$/, 'image repository');
}

/** May a principal with these statements do it? A condition counts as met unless `unmet` names its key. Explicit denies win. */
export function isAllowed(
  statements: readonly Statement[],
  action: string,
  resource: string,
  unmet: readonly string[] = [],
): boolean {
  const matching = statements.filter(
    (statement) =>
      statement.actions.some((pattern) => matches(pattern, action)) &&
      statement.resources.some((pattern) => matches(pattern, resource)) &&
      !Object.values(statement.conditions)
        .flatMap((condition) => Object.keys(condition))
        .some((key) => unmet.includes(key)),
  );
  return (
    matching.some(({ effect }) => effect === 'Allow') && !matching.some(({ effect }) => effect === 'Deny')
  );
}

function matches(pattern: string, value: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(value);
}
