import { z } from 'zod';

/** A column, or a field of a struct: what Parquet, DuckDB and Glue make their types of. */
export interface Column {
  name: string;
  type: ColumnType;
  /** May be null. List elements never are. */
  isNullable: boolean;
  /** Meaning, unit or range, from the schema's `.describe()`. */
  description: string | null;
}
export type ColumnType =
  | { kind: 'string' | 'integer' | 'double' | 'boolean' }
  | { kind: 'list'; element: ColumnType }
  | { kind: 'struct'; fields: Column[] };

/**
 * The columns of a record, in the order of its schema: enums, literals and unions of text become strings, `.int()` numbers
 * integers of 64 bits, other numbers doubles. Throws TypeError for what no table can hold (records, unknown, tuples),
 * naming the field, so that a schema change that SQL could not follow fails the tests.
 */
export function columnsOf(schema: z.ZodObject, path = ''): Column[] {
  return Object.entries(schema.shape).map(([name, field]) => columnOf(name, field as z.ZodType, path));
}

function columnOf(name: string, field: z.ZodType, path: string): Column {
  let inner = field;
  let isNullable = false;
  let description = field.description ?? null;
  while (inner instanceof z.ZodNullable || inner instanceof z.ZodOptional) {
    isNullable = true;
    inner = inner.unwrap() as z.ZodType;
    description ??= inner.description ?? null;
  }
  return { name, type: typeOf(inner, path === '' ? name : `${path}.${name}`), isNullable, description };
}

function typeOf(schema: z.ZodType, path: string): ColumnType {
  if (schema instanceof z.ZodObject) return { kind: 'struct', fields: columnsOf(schema, path) };
  if (schema instanceof z.ZodArray)
    return { kind: 'list', element: typeOf(schema.element as z.ZodType, `${path}[]`) };
  if (schema instanceof z.ZodNumber) return { kind: schema.isInt ? 'integer' : 'double' };
  if (schema instanceof z.ZodBoolean) return { kind: 'boolean' };
  if (isText(schema)) return { kind: 'string' };
  throw new TypeError(`${path}: expected a type that a table can hold, got zod ${schema.def.type}`);
}

function isText(schema: z.ZodType): boolean {
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return true;
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].every((value: unknown) => typeof value === 'string');
  return schema instanceof z.ZodUnion && schema.options.every((option) => isText(option as z.ZodType));
}
