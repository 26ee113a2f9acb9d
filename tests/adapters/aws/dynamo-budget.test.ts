import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoBudget } from '../../../adapters/aws/dynamo-budget.ts';
import { budgetContract } from '../../contracts/budget.contract.ts';
import { startDynamoServer, type DynamoServer } from '../../servers/dynamo-server.ts';

const retry = { clock: { sleep: () => Promise.resolve() }, random: () => 0 };
const open = (client: DynamoDBClient) => createDynamoBudget({ client, table: 'test-runs', retry });

budgetContract('DynamoDB', async () => {
  const server = await startDynamoServer('test-');
  return { worker: () => open(server.client), close: () => server.close() };
});

describe('a budget shared through DynamoDB', () => {
  let server: DynamoServer;
  beforeEach(async () => {
    server = await startDynamoServer('test-');
  });
  afterEach(() => server.close());

  /** A client whose updates are carried out, but the answer of every other one is lost. */
  function losingAnswers(): DynamoDBClient {
    let count = 0;
    const send = async (command: never) => {
      const answer = await server.client.send(command);
      count += 1;
      if (count % 2 === 1) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return answer;
    };
    return { send } as unknown as DynamoDBClient;
  }

  it('counts no call twice when answers are lost', async () => {
    await open(server.client).open('e', 1);
    const budget = open(losingAnswers());
    const held = await budget.reserve('e', 'a', 0.4);
    expect(held).not.toBeNull();
    expect(await open(server.client).committed('e')).toBeCloseTo(0.4, 9);
    await budget.settle(held!.reservation_id, 0.1);
    expect(await open(server.client).committed('e')).toBeCloseTo(0.1, 9);
  });

  it('asks the table to be deployed when it is not there', async () => {
    const elsewhere = createDynamoBudget({ client: server.client, table: 'other-runs', retry });
    await expect(elsewhere.reserve('e', 'a', 1)).rejects.toMatchObject({
      name: 'StoreUnavailable',
      isRetryable: false,
      hint: expect.stringContaining('SOCRATIC_TABLE_PREFIX'),
    });
  });
});
