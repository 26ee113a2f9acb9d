import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  type AthenaClient,
  type ColumnInfo,
  type QueryExecution,
  type Row,
} from '@aws-sdk/client-athena';
import { NamedError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { ERROR } from '../../schemas/names.ts';
import { callAws, type RetryPorts } from './call-aws.ts';

export interface AthenaOptions {
  client: AthenaClient;
  /** Its settings are enforced: result location, encryption, the cut-off of bytes scanned. */
  workgroup: string;
  database: string;
  /** US dollars per TB scanned; https://aws.amazon.com/athena/pricing/ says 5 in us-east-1. */
  usd_per_tb: number;
  retry: RetryPorts & { clock: Pick<Clock, 'sleep' | 'monotonicMs'> };
}

export interface AthenaResult {
  columns: { name: string; type: string }[];
  /** A value a column: number, boolean and text as typed; every other type (arrays, dates, decimals) as Athena's text. */
  rows: (string | number | boolean | null)[][];
  bytes_scanned: number;
  cost_usd: number;
  /** Athena's own time, queueing included. */
  total_ms: number;
}

/** Athena bills at least this much a query. */
const MIN_BILLED_BYTES = 10_000_000;
const BYTES_PER_TB = 1e12;
/** Waits between looks: short queries answer in about a second, long ones are not asked all the time. */
const FIRST_POLL_MS = 200;
const LAST_POLL_MS = 3_000;
/** Athena's own limit of a DML query is 30 minutes. */
const DEADLINE_MS = 30 * 60_000;

const NUMBERS: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'integer', 'float', 'real', 'double']);

/**
 * Runs one query in the workgroup and reads its whole result. `parameters` are bound to the `?`s in order, each a literal as
 * SQL writes it (text in single quotes). Throws InvalidConfig for SQL that Athena refuses, StoreUnavailable otherwise.
 */
export function createAthenaQuery(options: AthenaOptions) {
  const { client, retry } = options;
  return async (sql: string, parameters: readonly string[] = []): Promise<AthenaResult> => {
    const { QueryExecutionId } = await callAws(
      'start a query on Athena',
      () =>
        client.send(
          new StartQueryExecutionCommand({
            QueryString: sql,
            WorkGroup: options.workgroup,
            QueryExecutionContext: { Database: options.database },
            ...(parameters.length === 0 ? {} : { ExecutionParameters: [...parameters] }),
          }),
        ),
      retry,
    );
    const execution = await untilDone(options, QueryExecutionId!);
    const { columns, rows } = await readResult(options, QueryExecutionId!);
    const bytes_scanned = execution.Statistics?.DataScannedInBytes ?? 0;
    return {
      columns,
      rows,
      bytes_scanned,
      cost_usd: (Math.max(bytes_scanned, MIN_BILLED_BYTES) / BYTES_PER_TB) * options.usd_per_tb,
      total_ms: execution.Statistics?.TotalExecutionTimeInMillis ?? 0,
    };
  };
}

async function untilDone({ client, retry }: AthenaOptions, id: string): Promise<QueryExecution> {
  const command = new GetQueryExecutionCommand({ QueryExecutionId: id });
  const deadlineMs = retry.clock.monotonicMs() + DEADLINE_MS;
  for (let waitMs = FIRST_POLL_MS; ; waitMs = Math.min(waitMs * 1.5, LAST_POLL_MS)) {
    const { QueryExecution: execution } = await callAws(
      `look at query ${id}`,
      () => client.send(command),
      retry,
    );
    const state = execution!.Status!.State!;
    if (state === 'SUCCEEDED') return execution!;
    if (state === 'FAILED' || state === 'CANCELLED') throw refused(execution!);
    if (retry.clock.monotonicMs() > deadlineMs)
      throw new NamedError(
        ERROR.storeUnavailable,
        `query ${id}: expected an end within 30 minutes, is ${state}`,
      );
    await retry.clock.sleep(waitMs);
  }
}

/** Category 2 is the user's doing (https://docs.aws.amazon.com/athena/latest/APIReference/API_AthenaError.html). */
function refused(execution: QueryExecution): NamedError {
  const { State, StateChangeReason, AthenaError } = execution.Status!;
  const reason = StateChangeReason ?? AthenaError?.ErrorMessage ?? 'no reason given';
  const isUsers = AthenaError?.ErrorCategory === 2;
  return new NamedError(
    isUsers ? ERROR.invalidConfig : ERROR.storeUnavailable,
    `query ${execution.QueryExecutionId} ${State!.toLowerCase()}: ${reason}`,
    {
      isRetryable: AthenaError?.Retryable === true,
      ...(reason.includes('bytes scanned limit')
        ? { hint: 'name fewer weeks or days in WHERE, or raise the cut-off of the workgroup' }
        : {}),
    },
  );
}

async function readResult(
  { client, retry }: AthenaOptions,
  id: string,
): Promise<Pick<AthenaResult, 'columns' | 'rows'>> {
  let columns: ColumnInfo[] = [];
  const rows: AthenaResult['rows'] = [];
  let token: string | undefined;
  let isFirstPage = true;
  do {
    const command = new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token });
    const page = await callAws(`read query ${id}`, () => client.send(command), retry);
    columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? columns;
    const read = page.ResultSet?.Rows ?? [];
    // The first row of a SELECT repeats the names; a SHOW or DESCRIBE has no such row.
    const skip = isFirstPage && isHeader(read[0], columns) ? 1 : 0;
    for (const row of read.slice(skip)) rows.push(columns.map((column, i) => valueOf(row.Data?.[i], column)));
    token = page.NextToken;
    isFirstPage = false;
  } while (token !== undefined);
  return { columns: columns.map(({ Name, Type }) => ({ name: Name!, type: Type! })), rows };
}

function isHeader(row: Row | undefined, columns: readonly ColumnInfo[]): boolean {
  return row !== undefined && columns.every(({ Name }, i) => row.Data?.[i]?.VarCharValue === Name);
}

function valueOf(datum: { VarCharValue?: string | undefined } | undefined, { Type }: ColumnInfo) {
  const text = datum?.VarCharValue;
  if (text === undefined) return null;
  if (NUMBERS.has(Type!)) return Number(text);
  // Beyond 2^53 a bigint is no longer the number it was: then it stays text.
  if (Type === 'bigint') return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  return Type === 'boolean' ? text === 'true' : text;
}
