import { statSync } from 'node:fs';
import type { z } from 'zod';
import { createFileStore } from '../../adapters/local/file-store.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { decodeUtf8 } from '../../core/tasks/text-codec.ts';
import { executionSchema, type Execution } from '../../schemas/execution.ts';
import { executionSummarySchema, type ExecutionSummary } from '../../schemas/execution-summary.ts';
import { describeIssues } from '../../core/manifest/describe-issues.ts';
import type { AwsAccount } from './aws-account.ts';
import { isOnS3 } from './aws-environment.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { PREFIX } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';

/** The lake of a command that only reads records, or rewrites derived ones: a folder, or buckets on S3. */
export function openAnyLake(context: Pick<Context, 'lake' | 'environment'>): ObjectStore {
  return isOnS3(context.lake) ? lazyStore(async () => (await awsAccount(context)).store) : openLake(context);
}

/** The deployment of a lake on S3; the SDKs are loaded here and nowhere else. */
export async function awsAccount(context: Pick<Context, 'lake' | 'environment'>): Promise<AwsAccount> {
  const { openAwsAccount } = await import('./aws-account.ts');
  return openAwsAccount(context);
}

/** A store that is opened by its first call. */
function lazyStore(open: () => Promise<ObjectStore>): ObjectStore {
  let opened: Promise<ObjectStore> | null = null;
  const store = () => (opened ??= open());
  return {
    get: async (key) => (await store()).get(key),
    putIfAbsent: async (key, body) => (await store()).putIfAbsent(key, body),
    put: async (key, body) => (await store()).put(key, body),
    async *list(prefix) {
      yield* (await store()).list(prefix);
    },
  };
}

/** The folder that is the lake of a command. */
export function openLake(context: Pick<Context, 'lake'>): ObjectStore {
  if (context.lake.trim() === '')
    throw new CliError('usage', '--lake: expected a folder, got nothing', 'leave it out for ./lake');
  if (/^[a-z0-9+]+:\/\//i.test(context.lake)) {
    throw new CliError(
      'usage',
      `--lake: expected a folder, got "${context.lake}"`,
      'this command works on a folder; lakes on S3: run, stop and query with --target aws; status, plan, results, show, compare, cost, alerts, digest, manifest show, verify and reindex as they are',
    );
  }
  if (statSync(context.lake, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new CliError(
      'usage',
      `--lake ${context.lake}: expected a folder, got a file`,
      'name a folder; it is made when it is not there',
    );
  }
  return createFileStore(context.lake);
}

/** The execution record, or null when there is none. */
export async function readExecution(store: ObjectStore, execution_id: string): Promise<Execution | null> {
  const bytes = await store.get(lakeKeys.status(execution_id));
  return bytes === null ? null : readJson(bytes, lakeKeys.status(execution_id), executionSchema);
}

/** All executions of a lake, newest first by start. */
export async function listExecutions(store: ObjectStore): Promise<Execution[]> {
  const executions: Execution[] = [];
  for await (const { key } of store.list(`${PREFIX.executions}/`)) {
    const id = /^executions\/([^/]+)\/status\.json$/.exec(key)?.[1];
    if (id === undefined) continue;
    const execution = await readExecution(store, id);
    if (execution !== null) executions.push(execution);
  }
  return executions.sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
}

/** What Aggregate computed for an execution; null before it has. */
export async function readExecutionSummary(
  store: ObjectStore,
  execution_id: string,
): Promise<ExecutionSummary | null> {
  const bytes = await store.get(lakeKeys.summary(execution_id));
  return bytes === null ? null : readJson(bytes, lakeKeys.summary(execution_id), executionSummarySchema);
}

/** A record of the lake; one that cannot be read names its file. */
function readJson<T extends z.ZodType>(bytes: Uint8Array, key: string, schema: T): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    throw damaged([`${key}: (root): expected JSON: ${(error as Error).message}`]);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw damaged(describeIssues(key, value, parsed.error.issues));
}

function damaged(problems: readonly string[]): CliError {
  return new CliError(
    'failed',
    problems.join('\n'),
    'the file is damaged or of another version; move it away and run the same command again to rebuild it',
  );
}

/**
 * The execution that a week names: `latest`, a week (2026-W47) or an execution id. Official executions: the last finished
 * one of its series and week. Throws a usage error when there is none.
 */
export async function findExecution(store: ObjectStore, which: string): Promise<Execution> {
  const all = await listExecutions(store);
  const finished = all
    .filter((execution) => execution.state === 'finished')
    .sort((a, b) => ((a.ended_at ?? '') < (b.ended_at ?? '') ? 1 : -1));
  const weekly = finished.filter((execution) => execution.series.startsWith('weekly'));
  const preferred = weekly.length > 0 ? weekly : finished;
  const found =
    which === 'latest'
      ? [...preferred].sort((a, b) => (a.week < b.week ? 1 : a.week > b.week ? -1 : 0))[0]
      : /^\d{4}-W\d{2}$/.test(which)
        ? (preferred.find((execution) => execution.week === which) ??
          finished.find((execution) => execution.week === which))
        : all.find((execution) => execution.execution_id === which);
  if (found !== undefined) return found;
  const known = finished.map((execution) => `${execution.week} ${execution.execution_id}`).slice(0, 5);
  throw new CliError(
    'usage',
    `no ${which === 'latest' ? 'finished execution' : `execution "${which}"`} in this lake`,
    known.length === 0 ? '`socratic-bench run` makes one' : `the lake holds: ${known.join(', ')}`,
  );
}
