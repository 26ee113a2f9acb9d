import {
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { callAws, nameOf, type RetryPorts } from './call-aws.ts';

export type Item = Record<string, AttributeValue>;
/** DynamoDB refuses numbers between 0 and 1e-130; attributes of ours only sort. */
const SMALLEST = 1e-130;

/** Attribute values by name; null leaves the attribute out, and the item out of an index sorted by it. */
export type Attributes = Readonly<Record<string, string | number | null>>;

export interface TableAccess {
  client: DynamoDBClient;
  /** Physical table name = prefix + logical name. */
  tablePrefix: string;
  retry: RetryPorts;
}

/**
 * Sets attributes of one item, leaving others as they are; `null` removes one. Repeating it changes nothing. Without the
 * condition the answer is true, else whether it held. `:name` in the condition stands for the attribute's new value.
 */
export async function setAttributes(
  access: TableAccess,
  table: string,
  key: Attributes,
  attributes: Attributes,
  condition: string | null,
): Promise<boolean> {
  const named = Object.entries(attributes);
  const sets = named.filter(([, value]) => value !== null).map(([name]) => `#${name} = :${name}`);
  const removes = named.filter(([, value]) => value === null).map(([name]) => `#${name}`);
  const command = new UpdateItemCommand({
    TableName: `${access.tablePrefix}${table}`,
    Key: toItem(key),
    UpdateExpression: `SET ${sets.join(', ')}${removes.length === 0 ? '' : ` REMOVE ${removes.join(', ')}`}`,
    ExpressionAttributeNames: Object.fromEntries(named.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: toItem(attributes, ':'),
    ...(condition === null ? {} : { ConditionExpression: condition }),
  });
  return callAws(
    `write ${access.tablePrefix}${table}`,
    async () => {
      try {
        await access.client.send(command);
        return true;
      } catch (error) {
        if (nameOf(error) === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    },
    access.retry,
  );
}

/** The items of a query, page after page. `where` is a key condition, `values` its `:name`s. */
export async function* queryItems(
  access: TableAccess,
  table: string,
  query: {
    index: string | null;
    where: string;
    values: Attributes;
    filter?: string;
    order: 'ascending' | 'descending';
  },
): AsyncGenerator<Item> {
  let from: Item | undefined;
  do {
    const input: QueryCommandInput = {
      TableName: `${access.tablePrefix}${table}`,
      KeyConditionExpression: query.where,
      ExpressionAttributeValues: toItem(query.values, ':'),
      ScanIndexForward: query.order === 'ascending',
      ...(query.index === null ? { ConsistentRead: true } : { IndexName: query.index }),
      ...(query.filter === undefined ? {} : { FilterExpression: query.filter }),
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    };
    const page = await callAws(
      `query ${input.TableName}`,
      () => access.client.send(new QueryCommand(input)),
      access.retry,
    );
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

export function toItem(attributes: Attributes, prefix = ''): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'number')
      item[`${prefix}${name}`] = { N: String(Math.abs(value) < SMALLEST ? 0 : value) };
    else if (value !== null) item[`${prefix}${name}`] = { S: value };
  }
  return item;
}
