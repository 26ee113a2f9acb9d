import type { ItemReader } from '../definition.ts';
import { evaluate, evaluateInteger } from '../evaluate.ts';
import { interruptible } from '../interruption.ts';
import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import { MAX_ITEMS } from '../limits.ts';
import type { Visit } from '../run.ts';
import { NotImplementedError, StateError } from '../state-error.ts';

/**
 * Reads a Map's items from an object: a JSON array, or JSON Lines with one value per line that is not empty.
 * @throws StateError `States.ItemReaderFailed` for a missing object, a failing store or content that is not as declared
 */
export async function readItems(reader: ItemReader, visit: Visit, retryCount: number): Promise<Json[]> {
  const location = await evaluate(visit, reader.Arguments, 'ItemReader/Arguments', { retryCount });
  const { Bucket: bucket, Key: key } = isObject(location) ? location : {};
  if (typeof bucket !== 'string' || typeof key !== 'string') {
    throw new StateError(
      'States.ItemReaderFailed',
      'ItemReader.Arguments must give a Bucket and a Key as strings',
    );
  }
  const { InputType, MaxItems } = reader.ReaderConfig;
  const range = { min: 0, max: MAX_ITEMS };
  const max =
    MaxItems === undefined
      ? 0
      : await evaluateInteger(visit, MaxItems, 'ItemReader/ReaderConfig/MaxItems', range, { retryCount });
  const text = await readText(visit, bucket, key);
  const items = InputType === 'JSONL' ? parseLines(text, key) : parseArray(text, key, visit.name);
  // 0 stands for no limit, as without the field.
  return max === 0 ? items : items.slice(0, max);
}

async function readText(visit: Visit, bucket: string, key: string): Promise<string> {
  let content: string | Uint8Array | null;
  try {
    content = await interruptible(visit.run.services.objects.get(bucket, key), visit.signal);
  } catch (error) {
    visit.signal.throwIfAborted();
    throw new StateError('States.ItemReaderFailed', `Cannot read s3://${bucket}/${key}: ${String(error)}`);
  }
  if (content === null)
    throw new StateError('States.ItemReaderFailed', `There is no object s3://${bucket}/${key}`);
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

function parseLines(text: string, key: string): Json[] {
  const items: Json[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') items.push(parseJson(line, `line ${index + 1} of ${key}`));
  }
  return items;
}

function parseArray(text: string, key: string, stateName: string): Json[] {
  if (text.trim() === '') return [];
  const value = parseJson(text, key);
  if (Array.isArray(value)) return value;
  if (isObject(value)) {
    const path = `States.${stateName}.ItemReader`;
    throw new NotImplementedError(path, 'a Map over the members of a JSON object is not implemented');
  }
  throw new StateError('States.ItemReaderFailed', `${key} does not hold a JSON array`);
}

function parseJson(text: string, where: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw new StateError('States.ItemReaderFailed', `${where} is not valid JSON`);
  }
}
