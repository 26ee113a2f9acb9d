import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { INDEX_TABLES, type IndexTable } from '../../schemas/index-tables.ts';
import { LAKE_TABLES } from '../../schemas/lake-tables.ts';
import { INDEX, PREFIX, TABLE } from '../../schemas/names.ts';
import { permissions, rolePolicies } from '../cdk/policies.ts';
import { flat, resourcesOf, root, synthesize } from '../cdk/synthesize.ts';

const templates = synthesize('dev');

describe('the tables that are deployed', () => {
  const deployed = resourcesOf(templates, 'AWS::DynamoDB::Table').map(({ Properties }) => Properties);
  const schema = (keys: unknown) =>
    Object.fromEntries(
      (keys as { AttributeName: string; KeyType: string }[]).map((key) => [key.KeyType, key.AttributeName]),
    );

  it('are the tables of the names file', () => {
    expect(
      deployed
        .map((table) => table['TableName'])
        .map(String)
        .sort(),
    ).toEqual(
      Object.values(TABLE)
        .map((name) => `socratic-bench-dev-${name}`)
        .sort(),
    );
  });

  it.each(INDEX_TABLES.map((table): [string, IndexTable] => [table.name, table]))(
    '%s has the keys and indexes that the adapters read',
    (name, table) => {
      const found = deployed.find((one) => String(one['TableName']) === `socratic-bench-dev-${name}`)!;
      const types = Object.fromEntries(
        (found['AttributeDefinitions'] as { AttributeName: string; AttributeType: string }[]).map((one) => [
          one.AttributeName,
          one.AttributeType,
        ]),
      );
      const keys = (partition: { name: string }, sort: { name: string } | null) => ({
        HASH: partition.name,
        ...(sort === null ? {} : { RANGE: sort.name }),
      });
      expect(schema(found['KeySchema'])).toEqual(keys(table.partition, table.sort));
      const indexes = found['GlobalSecondaryIndexes'] as {
        IndexName: string;
        KeySchema: unknown;
        Projection: { ProjectionType: string };
      }[];
      expect(
        indexes.map(({ IndexName, KeySchema, Projection }) => [
          IndexName,
          schema(KeySchema),
          Projection.ProjectionType,
        ]),
      ).toEqual(table.indexes.map((index) => [index.name, keys(index.partition, index.sort), 'ALL']));
      const attributes = [
        table.partition,
        table.sort,
        ...table.indexes.flatMap((index) => [index.partition, index.sort]),
      ];
      for (const attribute of attributes)
        if (attribute !== null) expect(types[attribute.name]).toBe(attribute.type);
      expect(found).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    },
  );

  it('have five indexes together, each known by name', () => {
    const names = INDEX_TABLES.flatMap((table) => table.indexes.map((index) => index.name));
    expect(names.sort()).toEqual(Object.values(INDEX).sort());
  });
});

describe('the prefixes that stacks name', () => {
  const known = [...Object.values(PREFIX), 'calibration'];

  it('are prefixes of the lake', () => {
    const inRoles = [...rolePolicies(templates).values()]
      .flatMap((statements) => Object.values(permissions(statements)).flat())
      .flatMap((resource) => /^(?:lake|immutable)\/(.+)$/.exec(resource)?.[1] ?? []);
    const inRules = resourcesOf(templates, 'AWS::S3::Bucket').flatMap(({ Properties }) =>
      (
        (Properties['LifecycleConfiguration'] as { Rules: { Prefix?: string }[] } | undefined)?.Rules ?? []
      ).flatMap(({ Prefix }) => Prefix ?? []),
    );
    expect(inRoles.length).toBeGreaterThan(30);
    expect(inRules.length).toBeGreaterThan(5);
    const unknown = [...inRoles, ...inRules].filter(
      (path) =>
        !known.some(
          (prefix) => path.startsWith(`${prefix}/`) || prefix.startsWith(path.replace(/\/\*$/, '/')),
        ),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the SQL side', () => {
  const tables = resourcesOf(templates, 'AWS::Glue::Table').map(
    ({ Properties }) =>
      Properties['TableInput'] as {
        Name: string;
        StorageDescriptor: { Location: unknown };
        PartitionKeys: { Name: string }[];
        Parameters: Record<string, string>;
      },
  );

  it('has every table of the lake, in the bucket that holds its prefix, with its partitions projected', () => {
    expect(tables.map((table) => table.Name).sort()).toEqual(Object.keys(LAKE_TABLES).sort());
    for (const table of tables) {
      const { prefix, partitions } = LAKE_TABLES[table.Name as keyof typeof LAKE_TABLES];
      const bucket = prefix.startsWith('calibration/') ? 'immutable' : 'lake';
      expect(flat(table.StorageDescriptor.Location)).toBe(
        `s3://socratic-bench-dev-${bucket}-111111111111-us-east-1/${prefix}/`,
      );
      expect(table.PartitionKeys.map((key) => key.Name)).toEqual([...partitions]);
      for (const key of partitions)
        expect(table.Parameters[`projection.${key}.type`]).toMatch(/^(date|enum)$/);
    }
  });

  it('knows the weeks of all its years', () => {
    const { Parameters } = tables.find((table) => table.Name === 'weekly_summary')!;
    const weeks = Parameters['projection.week.values']!.split(',');
    expect(weeks).toEqual(expect.arrayContaining(['2026-W01', '2026-W53', '2030-W52']));
    expect(new Set(weeks).size).toBe(weeks.length);
  });

  it('offers every saved query in the workgroup, which stops dear ones whatever the client asks', () => {
    const files = readdirSync(join(root, 'glue', 'queries')).filter((file) => file.endsWith('.sql'));
    const saved = resourcesOf(templates, 'AWS::Athena::NamedQuery').map(({ Properties }) => Properties);
    expect(saved.map((query) => `${String(query['Name'])}.sql`).sort()).toEqual(files.sort());
    expect(new Set(saved.map((query) => query['WorkGroup']))).toEqual(new Set(['socratic-bench-dev']));
    expect(
      resourcesOf(templates, 'AWS::Athena::WorkGroup')[0]!.Properties['WorkGroupConfiguration'],
    ).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      BytesScannedCutoffPerQuery: 10_000_000_000,
    });
  });
});
