import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { ColumnType } from '../../schemas/column-types.ts';

/** A value of a query result, as JSON has it. */
export type SqlValue = string | number | boolean | null | SqlValue[] | { [name: string]: SqlValue };

type Convert = (value: DuckDBValue) => SqlValue;

/**
 * Type and converter of a result column. Whole numbers become numbers where they are exact, else text of their digits;
 * decimals become doubles; dates, times, maps and all other types the text DuckDB prints.
 */
export function resultColumn(type: DuckDBType): { type: ColumnType; convert: Convert } {
  const { type: kind, convert } = convertible(type);
  return { type: kind, convert: (value) => (value === null ? null : convert(value)) };
}

/** DuckDB's type ids (its C API, duckdb.h); written out because importing the enum would load the library. */
const BOOLEAN = [1];
const INTEGERS = [2, 3, 4, 5, 6, 7, 8, 9, 16, 32];
const DOUBLES = [10, 11];
const DECIMAL = 19;
const LIST = 24;
const STRUCT = 25;

function convertible(type: DuckDBType): { type: ColumnType; convert: Convert } {
  const id: number = type.typeId;
  if (BOOLEAN.includes(id)) return { type: { kind: 'boolean' }, convert: (value) => value as boolean };
  if (INTEGERS.includes(id))
    return { type: { kind: 'integer' }, convert: (value) => integer(value as number | bigint) };
  if (DOUBLES.includes(id)) return { type: { kind: 'double' }, convert: (value) => value as number };
  if (id === DECIMAL)
    return { type: { kind: 'double' }, convert: (value) => (value as { toDouble(): number }).toDouble() };
  if (id === LIST) {
    const element = resultColumn((type as unknown as { valueType: DuckDBType }).valueType);
    return {
      type: { kind: 'list', element: element.type, hasNulls: true },
      convert: (value) => (value as unknown as { items: DuckDBValue[] }).items.map(element.convert),
    };
  }
  if (id === STRUCT)
    return structColumn(type as unknown as { entryNames: string[]; entryTypes: DuckDBType[] });
  return { type: { kind: 'string' }, convert: (value) => String(value) };
}

function structColumn({ entryNames, entryTypes }: { entryNames: string[]; entryTypes: DuckDBType[] }) {
  const fields = entryNames.map((name, i) => ({ name, ...resultColumn(entryTypes[i]!) }));
  const type: ColumnType = {
    kind: 'struct',
    fields: fields.map((field) => ({
      name: field.name,
      type: field.type,
      isNullable: true,
      description: null,
    })),
  };
  const convert: Convert = (value) => {
    const { entries } = value as unknown as { entries: Record<string, DuckDBValue> };
    return Object.fromEntries(
      fields.map((field) => [field.name, field.convert(entries[field.name] ?? null)]),
    );
  };
  return { type, convert };
}

function integer(value: number | bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
