import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { columnsOf } from '../../schemas/column-types.ts';
import { LAKE_TABLES, type LakeTable } from '../../schemas/lake-tables.ts';

describe('columns of a record', () => {
  it('keep the order, types, nulls and descriptions of its schema', () => {
    const schema = z.object({
      id: z.string().describe('who'),
      kind: z.enum(['a', 'b']).nullable(),
      one: z.literal('x').or(z.string().max(3)),
      count: z.number().int().describe('how many').nullable(),
      share: z.number().min(0).optional(),
      flag: z.boolean().default(false).describe('later'),
      tags: z.array(z.string()),
      scores: z.array(z.number().nullable()),
      spans: z.array(z.object({ start: z.number().int() })),
      deep: z.object({ inner: z.object({ x: z.number().nullable() }) }).nullable(),
    });
    const string = { kind: 'string' };
    expect(columnsOf(schema)).toEqual([
      { name: 'id', type: string, isNullable: false, description: 'who' },
      { name: 'kind', type: string, isNullable: true, description: null },
      { name: 'one', type: string, isNullable: false, description: null },
      { name: 'count', type: { kind: 'integer' }, isNullable: true, description: 'how many' },
      { name: 'share', type: { kind: 'double' }, isNullable: true, description: null },
      { name: 'flag', type: { kind: 'boolean' }, isNullable: false, description: 'later' },
      {
        name: 'tags',
        type: { kind: 'list', element: string, hasNulls: false },
        isNullable: false,
        description: null,
      },
      {
        name: 'scores',
        type: { kind: 'list', element: { kind: 'double' }, hasNulls: true },
        isNullable: false,
        description: null,
      },
      {
        name: 'spans',
        type: {
          kind: 'list',
          element: {
            kind: 'struct',
            fields: [{ name: 'start', type: { kind: 'integer' }, isNullable: false, description: null }],
          },
          hasNulls: false,
        },
        isNullable: false,
        description: null,
      },
      {
        name: 'deep',
        type: {
          kind: 'struct',
          fields: [
            {
              name: 'inner',
              type: {
                kind: 'struct',
                fields: [{ name: 'x', type: { kind: 'double' }, isNullable: true, description: null }],
              },
              isNullable: false,
              description: null,
            },
          ],
        },
        isNullable: true,
        description: null,
      },
    ]);
  });

  it.each([
    [
      'a record',
      z.object({ deep: z.object({ versions: z.record(z.string(), z.string()) }) }),
      'deep.versions',
    ],
    ['anything', z.object({ input: z.unknown() }), 'input'],
    ['a tuple', z.object({ list: z.array(z.tuple([z.number(), z.string()])) }), 'list[]'],
    ['text or a number', z.object({ either: z.string().or(z.number()) }), 'either'],
  ])('refuse %s, naming the field', (_, schema, path) => {
    expect(() => columnsOf(schema)).toThrow(`${path}: expected a type that a table can hold`);
  });

  it.each(Object.entries(LAKE_TABLES))(
    'exist for the table %s, its partitions among them',
    (_, table: LakeTable) => {
      const names = columnsOf(table.schema).map((column) => column.name);
      expect(names).toEqual(expect.arrayContaining([...table.partitions]));
    },
  );
});
