/**
 * Names that cross a border — environment variables, key prefixes, tables, indexes, metrics, errors — each written once.
 * Code, state machine, CDK and tests import them from here; `tests/parity` holds the JSON files against them.
 */

/** Raised when student or scoring code changes results; part of `measure_sha256` (spec: identity). */
export const MEASURE_VERSION = 1;
/** Version of the record layout in raw/, judged/, scores/ and curated/. */
export const SCHEMA_VERSION = 1;

/** The seven states of workflow/weekly-benchmark.asl.json, in order. */
export const STATE_NAMES = [
  'LoadManifest',
  'GenerateRuns',
  'RunDialogues',
  'JudgeRuns',
  'Aggregate',
  'CheckAlerts',
  'PublishMetrics',
] as const;

/** The seven tasks; a host maps each name to a function, `workflow/bindings.ts` maps states to names. */
export const TASK_NAMES = [
  'load-manifest',
  'generate-runs',
  'run-dialogue',
  'judge-run',
  'aggregate',
  'check-alerts',
  'publish-metrics',
] as const;
export type TaskName = (typeof TASK_NAMES)[number];

/**
 * Environment variables read by hosts and the command line. The SDKs' own (AWS_REGION, AWS_ENDPOINT_URL_S3 …) are theirs.
 * On AWS every function and task definition sets `lake` (`s3://<bucket>`), `immutableBucket` and `tablePrefix`; each of
 * the others only where the host reads it.
 */
export const ENV = {
  /** A folder, or `s3://<lake bucket>`. */
  lake: 'SOCRATIC_LAKE',
  /** Bucket of IMMUTABLE_PREFIXES, where the lake is on S3. */
  immutableBucket: 'SOCRATIC_IMMUTABLE_BUCKET',
  /** Physical table name = prefix + a name of TABLE. */
  tablePrefix: 'SOCRATIC_TABLE_PREFIX',
  /** Topic of CheckAlerts. */
  alertTopicArn: 'SOCRATIC_ALERT_TOPIC_ARN',
  /** Address of the dashboard, for links in messages; without it they carry none. */
  siteUrl: 'SOCRATIC_SITE_URL',
  /** Machine that the start function and `run --target aws` start. */
  stateMachineArn: 'SOCRATIC_STATE_MACHINE_ARN',
  /** Workgroup and database of `query --target aws`. */
  athenaWorkgroup: 'SOCRATIC_ATHENA_WORKGROUP',
  athenaDatabase: 'SOCRATIC_ATHENA_DATABASE',
  /** Folder of the shipped config/ where it does not lie beside the bundled host. */
  configDir: 'SOCRATIC_CONFIG_DIR',
  /** Keys of models that GenerateRuns probes: `VARIABLE=/parameter` by commas. */
  modelKeys: 'SOCRATIC_MODEL_KEYS',
  /** Digests for the execution record: `runner=sha256:…,judge=sha256:…`. */
  imageDigests: 'SOCRATIC_IMAGE_DIGESTS',
  config: 'SOCRATIC_CONFIG',
  manifestKey: 'SOCRATIC_MANIFEST_KEY',
  executionId: 'SOCRATIC_EXECUTION_ID',
  runId: 'SOCRATIC_RUN_ID',
  plannedRun: 'SOCRATIC_PLANNED_RUN',
  bedrockEndpoint: 'SOCRATIC_BEDROCK_ENDPOINT',
  /** Login of `view --host`. */
  viewToken: 'SOCRATIC_VIEW_TOKEN',
} as const;

/** Environment names of seed 4's evaluator, which keep working. */
export const SEED_ENV = {
  key: 'OPENAI_API_KEY',
  model: 'MASTER_MODEL_NAME',
  maxTokens: 'MASTER_MAX_NEW_TOKENS',
  temperature: 'MASTER_TEMPERATURE',
  dataset: 'DATA_PATH',
  log: 'LOG_PATH',
  sentiment: 'SENTIMENT_MODEL_NAME',
} as const;

/** First path segment of every lake key. */
export const PREFIX = {
  config: 'config',
  manifests: 'manifests',
  checkpoints: 'checkpoints',
  mapRuns: 'map-runs',
  executions: 'executions',
  raw: 'raw',
  judged: 'judged',
  scores: 'scores',
  curatedTurns: 'curated/turns',
  curatedWeekly: 'curated/weekly_summary',
  goldenSets: 'calibration/golden_sets',
  canaryResults: 'calibration/results',
  ledger: 'ledger',
  alerts: 'alerts',
  audit: 'audit',
  exports: 'exports',
  evaluator: 'evaluator',
  labels: 'labels',
  dashboard: 'dashboard/data',
} as const;

/** Prefixes that on AWS live in the immutable bucket; all others live in the lake bucket. On a laptop both are one folder. */
export const IMMUTABLE_PREFIXES = ['config/', 'manifests/', 'calibration/'] as const;
/** Prefixes whose objects are written once and never replaced. The rest is derived and may be rewritten by its own execution. */
export const WRITE_ONCE_PREFIXES = [
  ...IMMUTABLE_PREFIXES,
  'checkpoints/',
  'raw/',
  'labels/',
  'evaluator/',
] as const;

/** DynamoDB tables and indexes. */
export const TABLE = {
  runs: 'runs',
  weeklySummaries: 'weekly_summaries',
  judgeItems: 'judge_items',
} as const;
export const INDEX = {
  halfLife: 'HalfLifeIndex',
  compliance: 'ComplianceIndex',
  modelWeek: 'ModelWeekIndex',
  week: 'WeekIndex',
  audit: 'AuditIndex',
} as const;

/** CloudWatch metrics, dimensions {model, phase} only. */
export const METRIC = {
  namespace: 'SocraticBench',
  halfLifeTurn: 'socratic.half_life_turn',
  complianceRate: 'socratic.compliance_rate',
  judgeLatencyP95: 'socratic.judge_latency_p95',
  costPerRunUsd: 'socratic.cost_per_run_usd',
  coverageFrac: 'socratic.coverage_frac',
} as const;

/** Error names shared by code and state machine. */
export const ERROR = {
  retryable: 'RetryableError',
  nothingToRun: 'NothingToRun',
  nothingMeasured: 'NothingMeasured',
  artefactChanged: 'ArtefactChanged',
  invalidConfig: 'InvalidConfig',
  planConflict: 'PlanConflict',
  storeUnavailable: 'StoreUnavailable',
  budgetExhausted: 'BudgetExhausted',
} as const;

/** Exit codes of the runner and judge containers (spec 1.5). */
export const CONTAINER_EXIT = { ended: 0, tryAgain: 75, drained: 143 } as const;
/** Exit codes of the command line (spec 4.1). */
export const EXIT = { ok: 0, failed: 1, usage: 2, gate: 3, budget: 4, interrupted: 130 } as const;

/** Value of the `phase` column in rows over all phases, and of `model` in none. */
export const ALL_PHASES = 'all';
