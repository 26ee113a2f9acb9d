import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openLakeDatabase } from '../../adapters/local/lake-database.ts';
import { glueTables, type GlueTable } from '../../glue/table-definitions.ts';
import { LAKE_TABLES, type LakeTable } from '../../schemas/lake-tables.ts';
import { sampleRecords } from '../contracts/sample-records.ts';

const tables = glueTables({
  lakeUrl: 's3://lake',
  models: ['haiku-4.5', 'nova-pro'],
  weeks: ['2026-W47', '2026-W48'],
  firstDate: '2026-01-05',
});

/** Does a JSON value fit a Hive type? Written from the type's text alone: an independent reader of the definitions. */
function misfit(value: unknown, type: string, path: string): string | null {
  if (value === null) return null;
  const array = /^array<(.*)>$/s.exec(type)?.[1];
  if (array !== undefined) {
    if (!Array.isArray(value)) return `${path}: no array`;
    return value.map((one, i) => misfit(one, array, `${path}[${i}]`)).find((one) => one !== null) ?? null;
  }
  const struct = /^struct<(.*)>$/s.exec(type)?.[1];
  if (struct !== undefined) {
    if (typeof value !== 'object') return `${path}: no struct`;
    const fields = new Map(splitFields(struct));
    for (const [name, one] of Object.entries(value)) {
      const fieldType = fields.get(name);
      if (fieldType === undefined) return `${path}.${name}: not declared`;
      const found = misfit(one, fieldType, `${path}.${name}`);
      if (found !== null) return found;
    }
    return null;
  }
  const fits =
    type === 'bigint'
      ? Number.isInteger(value)
      : type === 'double'
        ? typeof value === 'number'
        : typeof value === type;
  return fits ? null : `${path}: ${JSON.stringify(value)} is no ${type}`;
}

/** `a:bigint,b:struct<c:string,d:double>` → pairs of name and type. */
function splitFields(text: string): [string, string][] {
  const fields: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [i, character] of [...text].entries()) {
    if (character === '<') depth += 1;
    if (character === '>') depth -= 1;
    if (character === ',' && depth === 0) {
      fields.push(text.slice(start, i));
      start = i + 1;
    }
  }
  fields.push(text.slice(start));
  return fields.map((field) => [field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 1)]);
}

describe.each(tables)('the Glue table $name', (table: GlueTable) => {
  const source: LakeTable = LAKE_TABLES[table.name];

  it('declares every field of its records, with types that hold them', () => {
    const record = `struct<${[...table.columns, ...table.partitionKeys].map(({ name, type }) => `${name}:${type}`).join(',')}>`;
    for (const row of sampleRecords(source.schema, 20)) expect(misfit(row, record, table.name)).toBeNull();
  });

  it('declares no column that its records do not have', () => {
    const [row] = sampleRecords(source.schema, 1);
    const fields = new Set(Object.keys(row!));
    expect(table.columns.filter(({ name }) => !fields.has(name))).toEqual([]);
  });

  it('declares partition keys as partitions only, projected, in the order of the folders', () => {
    const columns = new Set(table.columns.map(({ name }) => name));
    const keys = table.partitionKeys.map(({ name }) => name);
    expect(keys.filter((key) => columns.has(key))).toEqual([]);
    expect(keys).toEqual(source.partitions);
    if (keys.length === 0) return expect(table.parameters['projection.enabled']).toBeUndefined();
    expect(table.parameters['storage.location.template']).toBe(
      `${table.location}${keys.map((key) => `${key}=$\{${key}}/`).join('')}`,
    );
    for (const key of keys) expect(table.parameters[`projection.${key}.type`]).toMatch(/^(date|enum)$/);
  });

  it('has lower-case names and comments that Glue takes', () => {
    for (const { name, comment } of [...table.columns, ...table.partitionKeys]) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(comment.length).toBeLessThanOrEqual(255);
      expect(comment).not.toMatch(/[\r\n]/);
    }
  });

  it('reads JSON with the Hive SerDe and Parquet with its own', () => {
    expect(table.serde.library).toBe(
      source.format === 'parquet'
        ? 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
        : 'org.apache.hive.hcatalog.data.JsonSerDe',
    );
  });

  it('agrees with what DuckDB shows of the same table', async () => {
    const db = await openLakeDatabase(mkdtempSync(join(tmpdir(), 'glue-')));
    const { batches } = await db.query(`DESCRIBE ${table.name}`);
    const types = new Map<string, string>();
    for await (const batch of batches) for (const row of batch) types.set(String(row[0]), String(row[1]));
    db.close();
    for (const { name, type } of [...table.columns, ...table.partitionKeys])
      expect([name, duckDbText(type)]).toEqual([name, types.get(name)?.replaceAll('"', '')]);
    expect(types.size).toBe(table.columns.length + table.partitionKeys.length);
  });
});

/** A Hive type as DuckDB writes it. */
function duckDbText(type: string): string {
  const array = /^array<(.*)>$/s.exec(type)?.[1];
  if (array !== undefined) return `${duckDbText(array)}[]`;
  const struct = /^struct<(.*)>$/s.exec(type)?.[1];
  if (struct !== undefined)
    return `STRUCT(${splitFields(struct)
      .map(([name, one]) => `${name} ${duckDbText(one)}`)
      .join(', ')})`;
  return { string: 'VARCHAR', bigint: 'BIGINT', double: 'DOUBLE', boolean: 'BOOLEAN' }[type] ?? type;
}

describe('partition projection', () => {
  it('enumerates models, phases and weeks and runs dates up to now', () => {
    const turns = tables.find(({ name }) => name === 'turns')!;
    expect(turns.parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.range': '2026-01-05,NOW',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.model.values': 'haiku-4.5,nova-pro',
      'projection.phase.values': 'P0,P1,P2,P3',
      'storage.location.template': 's3://lake/judged/dt=${dt}/model=${model}/phase=${phase}/',
    });
    const curated = tables.find(({ name }) => name === 'turns_curated')!;
    expect(curated.parameters).toMatchObject({ 'projection.week.values': '2026-W47,2026-W48' });
  });

  it('has no two tables in one folder', () => {
    const locations = tables.map(({ name, location }) =>
      name === 'raw_turns' ? `raw ${location}` : location,
    );
    expect(new Set(locations).size).toBe(tables.length);
    for (const one of locations)
      expect(locations.filter((other) => other !== one && other.startsWith(one))).toEqual([]);
  });
});
