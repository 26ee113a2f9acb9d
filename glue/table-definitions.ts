import { columnsOf, type ColumnType } from '../schemas/column-types.ts';
import { PHASES } from '../schemas/common.ts';
import { LAKE_TABLES, type LakeTable, type LakeTableName } from '../schemas/lake-tables.ts';

/** One table as AWS Glue's CreateTable takes it; `cdk/` turns it into resources. */
export interface GlueTable {
  name: LakeTableName;
  description: string;
  columns: GlueColumn[];
  partitionKeys: GlueColumn[];
  /** `s3://<bucket>/<prefix>/` */
  location: string;
  inputFormat: string;
  outputFormat: string;
  serde: { library: string; parameters: Record<string, string> };
  parameters: Record<string, string>;
}
export interface GlueColumn {
  name: string;
  /** Hive type: string, bigint, double, boolean, array<…>, struct<name:…>. */
  type: string;
  comment: string;
}

/** What partition projection enumerates; known when the stacks are synthesized. */
export interface ProjectedValues {
  /** `s3://<bucket>`, without a slash at the end. */
  lakeUrl: string;
  /** Model ids of the registry. */
  models: readonly string[];
  /** ISO weeks, past ones and those to come until the next deployment. */
  weeks: readonly string[];
  /** First `dt` of the lake, YYYY-MM-DD. */
  firstDate: string;
}

/** Glue refuses longer comments (API reference, Column). */
const MAX_COMMENT_CHARS = 255;

/**
 * The Glue tables over the lake: the columns of schemas/lake-tables.ts with partition keys declared only as partitions,
 * JSON lines through the Hive SerDe (AWS calls the OpenX one's results "non-deterministic"), and partition projection, so
 * that Monday's files are found without MSCK or BatchCreatePartition.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
export function glueTables(values: ProjectedValues): GlueTable[] {
  return (Object.keys(LAKE_TABLES) as LakeTableName[]).map((name) => glueTable(name, values));
}

function glueTable(name: LakeTableName, values: ProjectedValues): GlueTable {
  const table: LakeTable = LAKE_TABLES[name];
  const columns = columnsOf(table.schema).map((column): GlueColumn => ({
    name: column.name,
    type: hiveType(column.type),
    comment: (column.description ?? '').slice(0, MAX_COMMENT_CHARS),
  }));
  const isPartition = (column: GlueColumn) => (table.partitions as readonly string[]).includes(column.name);
  const location = `${values.lakeUrl}/${table.prefix}/`;
  return {
    name,
    description: table.description,
    columns: columns.filter((column) => !isPartition(column)),
    partitionKeys: table.partitions.map((key) => {
      const column = columns.find((one) => one.name === key);
      return { name: key, type: 'string', comment: column?.comment ?? '' };
    }),
    location,
    ...FORMATS[table.format],
    parameters: {
      EXTERNAL: 'TRUE',
      classification: table.format === 'parquet' ? 'parquet' : 'json',
      ...projection(table, location, values),
    },
  };
}

const FORMATS = {
  jsonl: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serde: { library: 'org.apache.hive.hcatalog.data.JsonSerDe', parameters: {} },
  },
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serde: {
      library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
      parameters: { 'serialization.format': '1' },
    },
  },
} as const;

function projection(table: LakeTable, location: string, values: ProjectedValues): Record<string, string> {
  if (table.partitions.length === 0) return {};
  const parameters: Record<string, string> = {
    'projection.enabled': 'true',
    'storage.location.template': `${location}${table.partitions.map((key) => `${key}=\${${key}}/`).join('')}`,
  };
  for (const key of table.partitions)
    for (const [name, value] of Object.entries(projectedAs(key, values)))
      parameters[`projection.${key}.${name}`] = value;
  return parameters;
}

function projectedAs(key: LakeTable['partitions'][number], values: ProjectedValues): Record<string, string> {
  switch (key) {
    case 'dt':
      return {
        type: 'date',
        range: `${values.firstDate},NOW`,
        format: 'yyyy-MM-dd',
        interval: '1',
        'interval.unit': 'DAYS',
      };
    case 'model':
      return { type: 'enum', values: values.models.join(',') };
    case 'phase':
      return { type: 'enum', values: PHASES.join(',') };
    case 'week':
      return { type: 'enum', values: values.weeks.join(',') };
  }
}

/** A column type in Hive's words. */
export function hiveType(type: ColumnType): string {
  switch (type.kind) {
    case 'string':
    case 'double':
    case 'boolean':
      return type.kind;
    case 'integer':
      return 'bigint';
    case 'list':
      return `array<${hiveType(type.element)}>`;
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}:${hiveType(field.type)}`).join(',')}>`;
  }
}
