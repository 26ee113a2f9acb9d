import type { Node } from 'constructs';
import { z } from 'zod';

const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
const year = z.coerce.number().int().min(2020).max(2100);
const arnOrEmpty = z
  .string()
  .regex(/^(arn:aws[a-z-]*:\S+)?$/, 'expected an ARN or nothing')
  .transform((value) => (value === '' ? null : value));
const textOrEmpty = z.string().transform((value) => (value === '' ? null : value));

/** Retention periods that CloudWatch Logs knows, up to a year. */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365] as const;

/** The context keys of cdk.json, which documents each; `-c key=value` gives another value for one deployment. */
const settingsSchema = z.strictObject({
  stage: z.enum(['dev', 'prod']),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as us-east-1'),
  replicaRegion: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as us-west-2'),
  weeklyProfile: z.string().min(1),
  schedule: onOff,
  bedrockProfiles: z.preprocess(
    // `-c bedrockProfiles=a,b` arrives as text.
    (value) => (typeof value === 'string' ? value.split(',').filter((name) => name !== '') : value),
    z.array(z.string()),
  ),
  modelKeys: z
    .string()
    .regex(
      /^([A-Z][A-Z0-9_]*=(\/[\w.-]+)+(,|$)){0,10}$/,
      'expected VARIABLE=/parameter by commas, such as OPENAI_API_KEY=/socratic-bench/openai, or nothing',
    )
    .transform((text) =>
      text
        .split(',')
        .filter((pair) => pair !== '')
        .map((pair) => ({ variable: pair.split('=')[0]!, parameter: pair.split('=')[1]! })),
    ),
  network: z.enum(['public', 'private']),
  alertEmail: textOrEmpty,
  slackWebhookParameter: z
    .string()
    .regex(/^(\/[\w.-]+)*$/, 'expected a parameter name such as /socratic-bench/slack, or nothing')
    .transform((value) => (value === '' ? null : value)),
  weeklyCostAlarmUsd: z.coerce.number().positive(),
  costAnomalyMonitor: z.union([
    z.enum(['create', 'off']),
    z.string().regex(/^arn:aws[a-z-]*:ce::\d{12}:\S+$/),
  ]),
  logRetentionDays: z.coerce
    .number()
    .refine(
      (days) => (RETENTION_DAYS as readonly number[]).includes(days),
      `expected one of ${RETENTION_DAYS.join(', ')}`,
    ),
  athenaCutoffBytes: z.coerce.number().int().min(10_000_000),
  firstYear: year,
  lastYear: year,
  breakGlassArn: arnOrEmpty,
  domainName: textOrEmpty,
  certificateArn: arnOrEmpty,
  waf: onOff,
  api: onOff,
  quicksight: onOff,
  quicksightPrincipalArn: arnOrEmpty,
  hostsDir: z.string().min(1),
});
export type Settings = z.infer<typeof settingsSchema>;

/** The context keys that the stacks read. */
export const SETTING_NAMES = Object.keys(settingsSchema.shape) as (keyof Settings)[];

/** Reads the settings of a deployment from the app's context. Throws naming each key that is missing or wrong. */
export function readSettings(node: Node): Settings {
  const given = Object.fromEntries(SETTING_NAMES.map((name) => [name, node.tryGetContext(name) as unknown]));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) =>
        `cdk.json: context.${path.join('.')}: ${message}, got ${JSON.stringify(given[String(path[0])])}`,
    );
    throw new Error(`${problems.join('\n')}\ncdk.json documents every key; -c key=value sets one`);
  }
  const settings = parsed.data;
  const conflicts = [
    ...(settings.lastYear < settings.firstYear ? ['lastYear: expected a year not before firstYear'] : []),
    ...((settings.domainName === null) !== (settings.certificateArn === null)
      ? ['domainName: a name of your own needs certificateArn beside it, and the other way round']
      : []),
    ...(settings.quicksight && settings.quicksightPrincipalArn === null
      ? ['quicksightPrincipalArn: quicksight=on needs the user or group that owns data sets and dashboard']
      : []),
    ...(settings.region === settings.replicaRegion
      ? ['replicaRegion: expected another region than region']
      : []),
    ...(settings.waf && settings.region !== 'us-east-1'
      ? ['waf: CloudFront takes web ACLs of us-east-1 only; deploy there, or set waf=off']
      : []),
  ];
  if (conflicts.length > 0) throw new Error(conflicts.map((line) => `cdk.json: context.${line}`).join('\n'));
  return settings;
}
