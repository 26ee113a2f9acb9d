import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { INDEX_TABLES, type IndexTable } from '../../schemas/index-tables.ts';
import { principalOf } from './principal.ts';
import { testClient } from './test-client.ts';

export interface DynamoRequest {
  principal: string;
  operation: string;
  table: string;
  index: string | null;
  /** Partition key of the one item that is read or written. */
  key: string | null;
}

export interface DynamoServer {
  url: string;
  client: DynamoDBClient;
  /** Requests answered, by operation. */
  calls: Map<string, number>;
  close(): Promise<void>;
}

/** dynalite, which speaks the DynamoDB protocol from memory, with our tables under a prefix. */
export async function startDynamoServer(
  tablePrefix: string,
  onRequest: (request: DynamoRequest) => void = () => {},
): Promise<DynamoServer> {
  const server = dynalite({ createTableMs: 0 });
  const calls = new Map<string, number>();
  server.prependListener('request', (request: IncomingMessage) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? 'Unknown';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const { TableName, IndexName, Key } = JSON.parse(body) as Record<string, string> & {
        Key?: Record<string, { S: string }>;
      };
      const partition = INDEX_TABLES.find(({ name }) => `${tablePrefix}${name}` === TableName)?.partition
        .name;
      onRequest({
        principal: principalOf(request),
        operation,
        table: TableName!,
        index: IndexName ?? null,
        key: (partition !== undefined && Key?.[partition]?.S) || null,
      });
    });
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

/** CreateTable's input for one of our tables. */
export function createTable(table: IndexTable, prefix: string) {
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
