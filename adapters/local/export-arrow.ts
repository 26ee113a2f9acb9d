import type { Builder, DataType, Field } from 'apache-arrow';
import { NamedError } from '../../core/errors.ts';
import type { ColumnType } from '../../schemas/column-types.ts';
import { ERROR } from '../../schemas/names.ts';
import type { SqlValue } from './duckdb-values.ts';
import type { QueryResult } from './lake-database.ts';

type Arrow = typeof import('apache-arrow');

const INT64_MAX = 2n ** 63n;

/** A query result as one Arrow IPC file (Feather version 2), uncompressed: what pyarrow, R and Observable open as they are. */
export async function encodeArrow({ columns, batches }: QueryResult): Promise<Uint8Array> {
  const arrow = await import('apache-arrow');
  const builders = columns.map(({ type }): Builder =>
    arrow.makeBuilder({ type: arrowType(arrow, type), nullValues: [null, undefined] }),
  );
  const converters = columns.map(({ name, type }) => toArrow(type, name));
  for await (const batch of batches)
    for (const row of batch)
      for (const [i, value] of row.entries()) builders[i]!.append(converters[i]!(value));
  const vectors = columns.map(({ name }, i) => [name, builders[i]!.finish().toVector()] as const);
  return arrow.tableToIPC(new arrow.Table(Object.fromEntries(vectors)), 'file');
}

function arrowType(arrow: Arrow, type: ColumnType): DataType {
  const field = (name: string, one: ColumnType): Field => new arrow.Field(name, arrowType(arrow, one), true);
  switch (type.kind) {
    case 'string':
      return new arrow.Utf8();
    case 'integer':
      return new arrow.Int64();
    case 'double':
      return new arrow.Float64();
    case 'boolean':
      return new arrow.Bool();
    case 'list':
      return new arrow.List(field('item', type.element));
    case 'struct':
      return new arrow.Struct(type.fields.map((one) => field(one.name, one.type)));
  }
}

/** Arrow's builders take 64-bit integers as bigint, at every depth. */
function toArrow(type: ColumnType, name: string): (value: SqlValue) => unknown {
  switch (type.kind) {
    case 'integer':
      return (value) => (value === null ? null : int64(BigInt(value as number | string), name));
    case 'list': {
      const convert = toArrow(type.element, name);
      return (value) => (value === null ? null : (value as SqlValue[]).map(convert));
    }
    case 'struct': {
      const fields = type.fields.map(
        (field) => [field.name, toArrow(field.type, `${name}.${field.name}`)] as const,
      );
      return (value) => {
        if (value === null) return null;
        const struct = value as { [field: string]: SqlValue };
        return Object.fromEntries(fields.map(([field, convert]) => [field, convert(struct[field] ?? null)]));
      };
    }
    default:
      return (value) => value;
  }
}

function int64(value: bigint, name: string): bigint {
  if (value >= -INT64_MAX && value < INT64_MAX) return value;
  throw new NamedError(ERROR.invalidConfig, `export: ${name}: expected a 64-bit integer, got ${value}`, {
    hint: `CAST(${name} AS DOUBLE) or CAST(${name} AS VARCHAR) in the query`,
  });
}
