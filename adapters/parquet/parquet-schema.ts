import type { SchemaElement } from 'hyparquet';
import type { Column, ColumnType } from '../../schemas/column-types.ts';

/**
 * The Parquet schema of a table, depth first as the format stores it. Lists are real LIST groups of three levels (format
 * specification, LogicalTypes.md), which Trino, Athena, DuckDB and Arrow all read as lists, an empty one as empty; a field
 * is REQUIRED where its record never has null.
 */
export function parquetSchema(columns: readonly Column[]): SchemaElement[] {
  return [
    { name: 'record', num_children: columns.length },
    ...columns.flatMap(({ name, type, isNullable }) =>
      elements(name, type, isNullable ? 'OPTIONAL' : 'REQUIRED'),
    ),
  ];
}

function elements(name: string, type: ColumnType, repetition_type: 'OPTIONAL' | 'REQUIRED'): SchemaElement[] {
  switch (type.kind) {
    case 'string':
      return [{ name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'UTF8' }];
    case 'integer':
      return [{ name, repetition_type, type: 'INT64' }];
    case 'double':
      return [{ name, repetition_type, type: 'DOUBLE' }];
    case 'boolean':
      return [{ name, repetition_type, type: 'BOOLEAN' }];
    case 'list':
      return [
        { name, repetition_type, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elements('element', type.element, type.hasNulls ? 'OPTIONAL' : 'REQUIRED'),
      ];
    case 'struct':
      return [
        { name, repetition_type, num_children: type.fields.length },
        ...type.fields.flatMap((field) =>
          elements(field.name, field.type, field.isNullable ? 'OPTIONAL' : 'REQUIRED'),
        ),
      ];
  }
}
