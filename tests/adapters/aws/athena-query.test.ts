import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AthenaClient } from '@aws-sdk/client-athena';
import { createAthenaQuery } from '../../../adapters/aws/athena-query.ts';
import { serviceError, startJsonServer, type JsonServer } from '../../servers/json-server.ts';
import { testClient } from '../../servers/test-client.ts';

const COLUMNS = [
  ['model', 'varchar'],
  ['rmst_turns', 'double'],
  ['n_runs', 'bigint'],
  ['is_simulated', 'boolean'],
];
const cells = (values: (string | null)[]) => ({
  Data: values.map((value) => (value === null ? {} : { VarCharValue: value })),
});

describe('a query on Athena', () => {
  let server: JsonServer;
  let started: { QueryString: string; WorkGroup: string; ExecutionParameters?: string[] }[];
  let states: object[];
  let pages: { rows: object[]; next?: string }[];
  let waits: number[];
  let bytes: number;

  beforeEach(async () => {
    started = [];
    waits = [];
    states = [{ State: 'QUEUED' }, { State: 'RUNNING' }, { State: 'SUCCEEDED' }];
    pages = [{ rows: [cells(COLUMNS.map(([name]) => name!))] }];
    bytes = 0;
    server = await startJsonServer({
      StartQueryExecution: (input: (typeof started)[number]) => {
        started.push(input);
        return { QueryExecutionId: 'q-1' };
      },
      GetQueryExecution: () => ({
        QueryExecution: {
          QueryExecutionId: 'q-1',
          Status: states.length > 1 ? states.shift() : states[0],
          Statistics: { DataScannedInBytes: bytes, TotalExecutionTimeInMillis: 1234 },
        },
      }),
      GetQueryResults: () => {
        const page = pages.shift()!;
        const ColumnInfo = COLUMNS.map(([Name, Type]) => ({ Name, Type }));
        return {
          ResultSet: { Rows: page.rows, ResultSetMetadata: { ColumnInfo } },
          NextToken: page.next,
        };
      },
    });
  });
  afterEach(() => server.close());

  const query = () =>
    createAthenaQuery({
      client: new AthenaClient(testClient(server.url)),
      workgroup: 'socratic',
      database: 'socratic',
      usd_per_tb: 5,
      retry: {
        clock: {
          monotonicMs: () => 0,
          sleep: (ms) => {
            waits.push(ms);
            return Promise.resolve();
          },
        },
        random: () => 0,
      },
    });

  it('waits for its end and reads all pages, values as typed, nulls as null', async () => {
    pages = [
      {
        rows: [cells(COLUMNS.map(([name]) => name!)), cells(['drifter', '7.5', '12', 'true'])],
        next: 'more',
      },
      { rows: [cells(['rmst_turns', null, '9007199254740993', 'false'])] },
    ];
    const result = await query()('SELECT 1', ["'2026-W47'"]);
    expect(result.columns[1]).toEqual({ name: 'rmst_turns', type: 'double' });
    expect(result.rows).toEqual([
      ['drifter', 7.5, 12, true],
      ['rmst_turns', null, '9007199254740993', false],
    ]);
    expect(waits).toHaveLength(2);
    expect(started).toMatchObject([{ WorkGroup: 'socratic', ExecutionParameters: ["'2026-W47'"] }]);
  });

  it.each([
    [0, 0.000_05],
    [2_000_000_000_000, 10],
  ])('costs %d scanned bytes, billed from 10 MB on, as $%d', async (scanned, usd) => {
    bytes = scanned;
    const result = await query()('SELECT 1');
    expect(result).toMatchObject({ bytes_scanned: scanned, total_ms: 1234, rows: [] });
    expect(result.cost_usd).toBeCloseTo(usd, 9);
  });

  it('tells SQL that is wrong from a service that fails, in the words of Athena', async () => {
    states = [
      {
        State: 'FAILED',
        StateChangeReason: "COLUMN_NOT_FOUND: Column 'x' cannot be resolved",
        AthenaError: { ErrorCategory: 2, Retryable: false },
      },
    ];
    await expect(query()('SELECT x')).rejects.toMatchObject({
      name: 'InvalidConfig',
      message: "query q-1 failed: COLUMN_NOT_FOUND: Column 'x' cannot be resolved",
    });
    states = [{ State: 'FAILED', AthenaError: { ErrorCategory: 1, Retryable: true } }];
    await expect(query()('SELECT 1')).rejects.toMatchObject({ name: 'StoreUnavailable', isRetryable: true });
  });

  it('says what to do when the scan was cut off', async () => {
    states = [
      { State: 'CANCELLED', StateChangeReason: 'Query cancelled! : bytes scanned limit was exceeded' },
    ];
    await expect(query()('SELECT 1')).rejects.toMatchObject({ hint: expect.stringContaining('WHERE') });
  });

  it('is started again when Athena is busy', async () => {
    let refusals = 2;
    await server.close();
    server = await startJsonServer({
      StartQueryExecution: () => {
        if (refusals-- > 0) throw serviceError('TooManyRequestsException');
        return { QueryExecutionId: 'q-1' };
      },
      GetQueryExecution: () => ({ QueryExecution: { Status: { State: 'SUCCEEDED' } } }),
      GetQueryResults: () => ({ ResultSet: { Rows: [], ResultSetMetadata: { ColumnInfo: [] } } }),
    });
    expect(await query()('SELECT 1')).toMatchObject({ rows: [] });
  });
});
