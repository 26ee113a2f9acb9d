import { randomBytes } from 'node:crypto';
import { GetItemCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NamedError } from '../../core/errors.ts';
import type { Budget } from '../../core/ports.ts';
import { executionIdSchema } from '../../schemas/common.ts';
import { ERROR } from '../../schemas/names.ts';
import { callAws, nameOf, type RetryPorts } from './call-aws.ts';

export interface DynamoBudgetOptions {
  client: DynamoDBClient;
  /** Physical name of the runs table. */
  table: string;
  retry: RetryPorts;
}

/** Money is counted in whole billionths of a dollar: sums are exact, and no model bills less for a call. */
const NANO_PER_USD = 1e9;

/** Stands for the amount in the id of a reservation of nothing, which is not written. */
const FREE = 'free';

interface Account {
  cap: number;
  remaining: number;
  /** Open reservations. */
  reservations: ReadonlySet<string>;
}

/**
 * The spend of executions, shared by all workers: one item `budget#<execution_id>` of the runs table,
 * `{cap_nano, remaining_nano, reservations {id: nano}}`. A reservation is one conditional update (`remaining >= amount`), so
 * the cap holds whatever workers and models race; it is one item, not one a model, because a condition sees one item only
 * and the cap is the execution's. 30 workers with a call every few seconds write it some 15 times a second; one item takes
 * 1,000.
 *
 * A call that can cost nothing is held against the cap by a read and leaves no trace. Reserve and settle name their reservation, hence a repeat after a lost answer changes nothing. Money reserved by a worker
 * that died stays spent: nothing but `settle` gives it back.
 */
export function createDynamoBudget({ client, table, retry }: DynamoBudgetOptions): Budget {
  const keyOf = (execution_id: string) => ({
    run_id: { S: `budget#${executionIdSchema.parse(execution_id)}` },
  });

  async function read(execution_id: string): Promise<Account | null> {
    const { Item } = await callAws(
      `read the budget of ${execution_id}`,
      () =>
        client.send(new GetItemCommand({ TableName: table, Key: keyOf(execution_id), ConsistentRead: true })),
      retry,
    );
    if (Item?.['cap_nano'] === undefined) return null;
    return {
      cap: Number(Item['cap_nano'].N),
      remaining: Number(Item['remaining_nano']!.N),
      reservations: new Set(Object.keys(Item['reservations']!.M!)),
    };
  }

  /** One conditional update; false when the condition does not hold. Numbers in nano-dollars. */
  async function update(
    execution_id: string,
    expression: string,
    condition: string,
    values: Readonly<Record<string, number>>,
    reservation: string | null,
  ): Promise<boolean> {
    const numbers = Object.entries(values).map(([name, value]) => [name, { N: String(value) }]);
    const empty = expression.includes(':none') ? { ':none': { M: {} } } : {};
    return callAws(
      `account for ${execution_id}`,
      async () => {
        try {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: keyOf(execution_id),
              UpdateExpression: expression,
              ConditionExpression: condition,
              ExpressionAttributeValues: { ...Object.fromEntries(numbers), ...empty },
              ...(reservation === null ? {} : { ExpressionAttributeNames: { '#id': reservation } }),
            }),
          );
          return true;
        } catch (error) {
          if (nameOf(error) === 'ConditionalCheckFailedException') return false;
          throw error;
        }
      },
      retry,
    );
  }

  return {
    async open(execution_id, cap_usd) {
      const cap = toNano(cap_usd);
      for (;;) {
        const standing = await read(execution_id);
        if (standing?.cap === cap) return;
        if (standing === null) {
          const expression = 'SET cap_nano = :cap, remaining_nano = :cap, reservations = :none';
          const isFirst = await update(
            execution_id,
            expression,
            'attribute_not_exists(cap_nano)',
            { ':cap': cap },
            null,
          );
          if (isFirst) return;
        } else if (cap < standing.cap) {
          throw new NamedError(
            ERROR.invalidConfig,
            `budget of ${execution_id}: expected at least the $${standing.cap / NANO_PER_USD} it was started with, got $${cap_usd}`,
            { hint: 'a cap can be raised; a lower one needs another execution' },
          );
        } else {
          const isRaised = await update(
            execution_id,
            'SET cap_nano = :cap, remaining_nano = remaining_nano + :more',
            'cap_nano = :standing',
            { ':cap': cap, ':more': cap - standing.cap, ':standing': standing.cap },
            null,
          );
          if (isRaised) return;
        }
      }
    },

    async reserve(execution_id, model, usd) {
      const nano = toNano(usd);
      const id = `${model}/${randomBytes(8).toString('hex')}`;
      if (nano === 0) {
        const { remaining } = opened(await read(execution_id), execution_id);
        return remaining < 0 ? null : { reservation_id: `${execution_id}/${FREE}/${id}` };
      }
      const isGranted = await update(
        execution_id,
        'SET remaining_nano = remaining_nano - :nano, reservations.#id = :nano',
        'remaining_nano >= :nano AND attribute_not_exists(reservations.#id)',
        { ':nano': nano },
        id,
      );
      const reservation_id = `${execution_id}/${nano}/${id}`;
      if (isGranted) return { reservation_id };
      const account = opened(await read(execution_id), execution_id);
      // A try without an answer may have been carried out: then the reservation is ours.
      return account.reservations.has(id) ? { reservation_id } : null;
    },

    async settle(reservation_id, usd) {
      const [execution_id, reserved, ...id] = reservation_id.split('/');
      if (reserved === FREE) {
        // Free by its price list and billed all the same: charged once, with the id kept as the mark that it was.
        if (usd > 0)
          await update(
            execution_id!,
            'SET remaining_nano = remaining_nano - :nano, reservations.#id = :nano',
            'attribute_not_exists(reservations.#id)',
            { ':nano': toNano(usd) },
            id.join('/'),
          );
        return;
      }
      // Settled before: the first settlement stands.
      await update(
        execution_id!,
        'SET remaining_nano = remaining_nano + :back REMOVE reservations.#id',
        'attribute_exists(reservations.#id)',
        { ':back': Number(reserved) - toNano(usd) },
        id.join('/'),
      );
    },

    async committed(execution_id) {
      const account = await read(execution_id);
      return account === null ? 0 : (account.cap - account.remaining) / NANO_PER_USD;
    },
  };
}

function opened(account: Account | null, execution_id: string): Account {
  if (account !== null) return account;
  throw new NamedError(ERROR.invalidConfig, `budget of ${execution_id}: reserved before it was opened`, {
    hint: 'run the whole state machine: LoadManifest opens the budget',
  });
}

function toNano(usd: number): number {
  if (!Number.isFinite(usd) || usd < 0) throw new RangeError(`expected US dollars of 0 or more, got ${usd}`);
  return Math.round(usd * NANO_PER_USD);
}
