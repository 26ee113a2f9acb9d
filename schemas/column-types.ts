import { z } from 'zod';

/** A column, or a field of a struct: what Parquet, DuckDB and Glue make their types of. */
export interface Column {
  name: string;
  type: ColumnType;
  isNullable: boolean;
  /** Meaning, unit or range, from the schema's `.describe()`. */
  description: string | null;
}
export type ColumnType =
  | { kind: 'string' | 'integer' | 'double' | 'boolean' }
  | { kind: 'list'; element: ColumnType; hasNulls: boolean }
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
  const { inner, isNullable } = unwrap(field);
  return {
    name,
    type: typeOf(inner, path === '' ? name : `${path}.${name}`),
    isNullable,
    description: field.description ?? inner.description ?? null,
  };
}

/** A field as it is written: a default is for readers of records that lack it. */
export function unwrap(field: z.ZodType): { inner: z.ZodType; isNullable: boolean } {
  let inner = field;
  let isNullable = false;
  for (;;) {
    if (inner instanceof z.ZodNullable || inner instanceof z.ZodOptional) isNullable = true;
    else if (!(inner instanceof z.ZodDefault)) return { inner, isNullable };
    inner = inner.unwrap() as z.ZodType;
  }
}

function typeOf(schema: z.ZodType, path: string): ColumnType {
  if (schema instanceof z.ZodObject) return { kind: 'struct', fields: columnsOf(schema, path) };
  if (schema instanceof z.ZodArray) {
    const { inner, isNullable } = unwrap(schema.element as z.ZodType);
    return { kind: 'list', element: typeOf(inner, `${path}[]`), hasNulls: isNullable };
  }
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
