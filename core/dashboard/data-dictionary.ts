import { z } from 'zod';
import { alertRulesSchema } from '../../schemas/alert-rules.ts';
import { calibrationItemSchema } from '../../schemas/calibration-item.ts';
import { canarySummarySchema } from '../../schemas/canary-result.ts';
import type { MethodsFile } from '../../schemas/dashboard-data.ts';
import { evaluationSchema } from '../../schemas/evaluation.ts';
import { unwrap } from '../../schemas/column-types.ts';
import { LAKE_TABLES, type LakeTable } from '../../schemas/lake-tables.ts';
import { modelConfigSchema } from '../../schemas/model-config.ts';
import { MEASURE_VERSION, PREFIX, SCHEMA_VERSION } from '../../schemas/names.ts';
import { phaseProfileSchema } from '../../schemas/phase-profile.ts';
import { plannedRunSchema } from '../../schemas/planned-run.ts';
import { profileSchema } from '../../schemas/profile.ts';
import { rubricSchema } from '../../schemas/rubric.ts';
import { manifestContentSchema } from '../../schemas/run-manifest.ts';
import { seedSchema } from '../../schemas/seed.ts';

type RecordDoc = MethodsFile['records'][number];
type FieldDoc = RecordDoc['fields'][number];

/** Records that are no table: what goes into an execution, and what stands beside the tables. */
const OTHER_RECORDS: readonly { record: string; place: string; description: string; schema: z.ZodType }[] = [
  {
    record: 'plan',
    place: `${PREFIX.manifests}/<manifest_id>/plans/<execution_id>.jsonl`,
    description: 'one row a run, planned or skipped and why',
    schema: plannedRunSchema,
  },
  {
    record: 'manifest',
    place: `${PREFIX.manifests}/manifest_<YYYYMMDD>_<hash8>.json`,
    description: 'the content of a manifest: everything an execution depends on, by hash',
    schema: manifestContentSchema,
  },
  {
    record: 'canary_summary',
    place: `${PREFIX.canaryResults}/dt=…/<execution_id>.summary.json`,
    description: 'the judge on the golden set, in one row',
    schema: canarySummarySchema,
  },
  {
    record: 'golden_item',
    place: `${PREFIX.goldenSets}/golden_set_v<N>.jsonl`,
    description: 'one tutor turn with expert marks',
    schema: calibrationItemSchema,
  },
  {
    record: 'evaluation',
    place: `${PREFIX.evaluator}/dt=…/<evaluation_id>.json`,
    description: 'one answer evaluated, texts scrubbed of personal data',
    schema: evaluationSchema,
  },
  {
    record: 'model',
    place: `${PREFIX.config}/models/`,
    description: 'one model of the registry',
    schema: modelConfigSchema,
  },
  {
    record: 'seed',
    place: `${PREFIX.config}/seeds/`,
    description: 'a scenario: who the student is, what they say, where good questioning would lead',
    schema: seedSchema,
  },
  {
    record: 'phase',
    place: `${PREFIX.config}/phases/`,
    description: 'the load of a phase: context, noise, pressure, decoys, meta questions',
    schema: phaseProfileSchema,
  },
  {
    record: 'rubric',
    place: `${PREFIX.config}/rubrics/`,
    description: 'weights, thresholds and questions of the measure',
    schema: rubricSchema,
  },
  {
    record: 'profile',
    place: `${PREFIX.config}/profiles/`,
    description: 'what one execution measures, and with which artefacts',
    schema: profileSchema,
  },
  {
    record: 'alert_rules',
    place: `${PREFIX.config}/alerts/`,
    description: 'thresholds of the alerts',
    schema: alertRulesSchema,
  },
];

/** The data dictionary: every record of the lake, field by field, from the schemas that write and read it. */
export function dataDictionary(): MethodsFile {
  const tables = Object.entries(LAKE_TABLES).map(([name, table]: [string, LakeTable]): RecordDoc => {
    const folders = table.partitions.map((partition) => `${partition}=…/`).join('');
    return {
      record: name,
      place: `${table.prefix}/${folders}${table.files}`,
      table: name,
      description: table.description,
      fields: fieldsOf(table.schema, ''),
    };
  });
  return {
    measure_version: MEASURE_VERSION,
    schema_version: SCHEMA_VERSION,
    records: [
      ...tables,
      ...OTHER_RECORDS.map(({ schema, ...about }) => ({
        ...about,
        table: null,
        fields: fieldsOf(schema, ''),
      })),
    ],
  };
}

/** The fields of an object and, behind each, those of its structs and lists of structs. */
function fieldsOf(schema: z.ZodType, path: string): FieldDoc[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, field]) => fieldDocs(path + name, field as z.ZodType));
}

function fieldDocs(path: string, field: z.ZodType): FieldDoc[] {
  const { inner, isNullable } = unwrap(field);
  const own: FieldDoc = {
    path,
    type: typeName(inner),
    is_nullable: isNullable,
    values: valuesOf(inner),
    description: field.description ?? inner.description ?? '',
  };
  const below = inner instanceof z.ZodArray ? unwrap(inner.element as z.ZodType).inner : inner;
  return [own, ...fieldsOf(below, inner instanceof z.ZodArray ? `${path}[].` : `${path}.`)];
}

function typeName(schema: z.ZodType): string {
  if (schema instanceof z.ZodArray) return `list of ${typeName(unwrap(schema.element as z.ZodType).inner)}`;
  if (schema instanceof z.ZodObject) return 'struct';
  if (schema instanceof z.ZodRecord) return 'map';
  if (schema instanceof z.ZodNumber) return schema.isInt ? 'integer' : 'double';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodUnknown) return 'any';
  if (schema instanceof z.ZodUnion) {
    const names = new Set(schema.options.map((option) => typeName(option as z.ZodType)));
    return [...names].join(' or ');
  }
  return 'string';
}

function valuesOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodArray) return valuesOf(unwrap(schema.element as z.ZodType).inner);
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  return [];
}
