import { serviceError, startJsonServer, type JsonServer } from './json-server.ts';

export interface AthenaAnswer {
  columns: { Name: string; Type: string }[];
  rows: (string | null)[][];
  bytes: number;
}

/** Athena's protocol: `answer` gives a statement's result, or throws what Athena refuses. */
export async function startAthenaServer(
  answer: (sql: string, workgroup: string, database: string) => AthenaAnswer,
  workgroup = { state: 'ENABLED', cutoff: 10_000_000_000 },
): Promise<JsonServer> {
  const results = new Map<string, AthenaAnswer | Error>();
  const find = (id: string) => {
    const found = results.get(id);
    if (found === undefined) throw serviceError('InvalidRequestException');
    return found;
  };
  return startJsonServer({
    StartQueryExecution(input: {
      QueryString: string;
      WorkGroup: string;
      QueryExecutionContext: { Database: string };
    }) {
      const id = `query-${results.size + 1}`;
      try {
        results.set(id, answer(input.QueryString, input.WorkGroup, input.QueryExecutionContext.Database));
      } catch (error) {
        results.set(id, error as Error);
      }
      return { QueryExecutionId: id };
    },
    GetQueryExecution({ QueryExecutionId }: { QueryExecutionId: string }) {
      const found = find(QueryExecutionId);
      const Status =
        found instanceof Error
          ? {
              State: 'FAILED',
              StateChangeReason: found.message,
              AthenaError: { ErrorCategory: 2, Retryable: false },
            }
          : { State: 'SUCCEEDED' };
      const scanned = found instanceof Error ? 0 : found.bytes;
      return {
        QueryExecution: {
          QueryExecutionId,
          Status,
          Statistics: { DataScannedInBytes: scanned, TotalExecutionTimeInMillis: 1200 },
        },
      };
    },
    GetQueryResults({ QueryExecutionId }: { QueryExecutionId: string }) {
      const { columns, rows } = find(QueryExecutionId) as AthenaAnswer;
      const row = (cells: (string | null)[]) => ({
        Data: cells.map((value) => (value === null ? {} : { VarCharValue: value })),
      });
      return {
        ResultSet: {
          ResultSetMetadata: { ColumnInfo: columns },
          Rows: [columns.map(({ Name }) => Name), ...rows].map(row),
        },
      };
    },
    GetWorkGroup: ({ WorkGroup }: { WorkGroup: string }) => ({
      WorkGroup: {
        Name: WorkGroup,
        State: workgroup.state,
        Configuration: { EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: workgroup.cutoff },
      },
    }),
  });
}
