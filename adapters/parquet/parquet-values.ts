import type { Column, ColumnType } from '../../schemas/column-types.ts';

type Convert = (value: unknown) => unknown;

/**
 * Makes the function that turns one field of a record into what the Parquet writer takes (integers as bigint), checking
 * types on the way: the writer's own errors do not say which field. Characters of text are added to `tally`. Throws TypeError
 * naming `path`, the name of the field.
 */
export function converterOf(
  { type, isNullable }: Pick<Column, 'type' | 'isNullable'>,
  tally: { chars: number },
  path: string,
): Convert {
  const convert = converterOfType(type, tally, path);
  if (!isNullable) return convert;
  return (value) => (value === null || value === undefined ? null : convert(value));
}

function converterOfType(type: ColumnType, tally: { chars: number }, path: string): Convert {
  switch (type.kind) {
    case 'string':
      return (value) => {
        if (typeof value !== 'string') return fail(path, 'text', value);
        tally.chars += value.length;
        return value;
      };
    case 'double':
      return (value) => (typeof value === 'number' ? value : fail(path, 'a number', value));
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : fail(path, 'true or false', value));
    case 'integer':
      return (value) =>
        Number.isSafeInteger(value) ? BigInt(value as number) : fail(path, 'an integer', value);
    case 'list': {
      const convert = converterOf({ type: type.element, isNullable: type.hasNulls }, tally, `${path}[]`);
      return (value) => (Array.isArray(value) ? value.map(convert) : fail(path, 'a list', value));
    }
    case 'struct': {
      const fields = type.fields.map(
        (field) => [field.name, converterOf(field, tally, `${path}.${field.name}`)] as const,
      );
      return (value) => {
        if (typeof value !== 'object' || value === null) fail(path, 'an object', value);
        const result: Record<string, unknown> = {};
        for (const [name, convert] of fields)
          result[name] = convert((value as Record<string, unknown>)[name]);
        return result;
      };
    }
  }
}

function fail(path: string, expected: string, value: unknown): never {
  const shown = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
  throw new TypeError(`${path}: expected ${expected}, got ${shown}`);
}
