import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { createDynamoBudget } from '../../../adapters/aws/dynamo-budget.ts';
import { createS3Store } from '../../../adapters/aws/s3-store.ts';
import { testClient } from '../../servers/test-client.ts';

const ANSWER_MS = 60;

const mute = () => {};
const stalled = (response: ServerResponse) => {
  response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0', 'Content-Length': 100 });
  response.write('{"It');
};

describe('a service that does not answer', () => {
  let server: Server;
  /** What the next requests get instead of `body`. */
  let next: ((response: ServerResponse) => void)[];
  let asked: number;
  let body: string;
  beforeEach(async () => {
    next = [];
    asked = 0;
    body = '';
    server = createServer((request, response) => {
      asked += 1;
      request.resume();
      const fault = next.shift();
      if (fault === undefined) response.end(body);
      else fault(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const client = () => testClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, ANSWER_MS);
  const retry = { clock: { sleep: () => Promise.resolve() }, random: () => 0 };
  const openStore = () =>
    createS3Store({ client: new S3Client(client()), lakeBucket: 'lake', immutableBucket: 'fixed', retry });

  it.each([
    ['mute', mute],
    ['silent within the body', stalled],
  ])('is asked again when it is %s, whatever it was asked', async (_, fault) => {
    next = [fault, fault];
    body = 'kept';
    expect(new TextDecoder().decode((await openStore().get('raw/a'))!)).toBe('kept');
    expect(asked).toBe(3);

    next = [fault];
    body =
      '{"Item":{"cap_nano":{"N":"9000000000"},"remaining_nano":{"N":"7500000000"},"reservations":{"M":{}}}}';
    const budget = createDynamoBudget({ client: new DynamoDBClient(client()), table: 'budget', retry });
    expect(await budget.committed('weekly')).toBe(1.5);
    expect(asked).toBe(5);
  });

  it('is asked again to write, and given up at last with an error that says so', async () => {
    next = [mute];
    expect(await openStore().putIfAbsent('raw/a', 'x')).toBe('written');
    next = Array.from({ length: 7 }, () => mute);
    await expect(openStore().get('raw/a')).rejects.toMatchObject({
      name: 'StoreUnavailable',
      isRetryable: true,
      message: expect.stringContaining('TimeoutError'),
    });
  });
});
