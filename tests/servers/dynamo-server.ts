import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { INDEX_TABLES, type IndexTable } from '../../schemas/index-tables.ts';
import { testClient } from './test-client.ts';

export interface DynamoServer {
  url: string;
  client: DynamoDBClient;
  /** Requests answered, by operation. */
  calls: Map<string, number>;
  close(): Promise<void>;
}

/** dynalite, which speaks the DynamoDB protocol from memory, with our tables under a prefix. */
export async function startDynamoServer(tablePrefix: string): Promise<DynamoServer> {
  const server = dynalite({ createTableMs: 0 });
  const calls = new Map<string, number>();
  server.prependListener('request', (request: { headers: Record<string, string> }) => {
    const operation = request.headers['x-amz-target']?.split('.')[1] ?? 'Unknown';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient(testClient(url));
  for (const table of INDEX_TABLES)
    await client.send(new CreateTableCommand(createTable(table, tablePrefix)));
  calls.clear();
  return {
    url,
    client,
    calls,
    close: () =>
      new Promise((resolve) => {
        client.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createTable(table: IndexTable, prefix: string) {
  const keys = (one: Pick<IndexTable, 'partition' | 'sort'>) => [
    { AttributeName: one.partition.name, KeyType: 'HASH' as const },
    ...(one.sort === null ? [] : [{ AttributeName: one.sort.name, KeyType: 'RANGE' as const }]),
  ];
  const attributes = [table, ...table.indexes].flatMap(({ partition, sort }) =>
    sort === null ? [partition] : [partition, sort],
  );
  return {
    TableName: `${prefix}${table.name}`,
    BillingMode: 'PAY_PER_REQUEST' as const,
    KeySchema: keys(table),
    AttributeDefinitions: [...new Map(attributes.map(({ name, type }) => [name, type]))].map(
      ([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }),
    ),
    GlobalSecondaryIndexes: table.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keys(index),
      Projection: { ProjectionType: 'ALL' as const },
    })),
  };
}
