import type { z } from 'zod';
import { alertSchema } from './alert.ts';
import { auditItemSchema } from './audit-item.ts';
import { canaryResultSchema } from './canary-result.ts';
import { curatedTurnSchema } from './curated-turn.ts';
import { executionSchema } from './execution.ts';
import { ledgerRowSchema } from './ledger-row.ts';
import { PREFIX } from './names.ts';
import { runSummarySchema } from './run-summary.ts';
import { rawTurnSchema, turnSchema } from './turn.ts';
import { weeklySummarySchema } from './weekly-summary.ts';

/** One table over the lake: read by DuckDB on a laptop, by Athena on AWS. */
export interface LakeTable {
  description: string;
  schema: z.ZodObject;
  /** The folder of its files. */
  prefix: string;
  format: 'jsonl' | 'parquet';
  /** Names in `name=value` folders below the prefix, outermost first. */
  partitions: readonly ('dt' | 'model' | 'phase' | 'week')[];
  /** The files of the table below its partition folders, as a glob. */
  files: string;
}

const byRun = ['dt', 'model', 'phase'] as const;

/** The tables of the lake, by name. */
export const LAKE_TABLES = {
  turns: {
    description: 'one row a scored turn',
    schema: turnSchema,
    prefix: PREFIX.judged,
    format: 'jsonl',
    partitions: byRun,
    files: '*.jsonl',
  },
  raw_turns: {
    description: 'one row a turn as the runner saw it',
    schema: rawTurnSchema,
    prefix: PREFIX.raw,
    format: 'jsonl',
    partitions: byRun,
    files: '*.jsonl',
  },
  runs: {
    description: 'one row a planned run: its summary, skipped and failed runs too',
    schema: runSummarySchema,
    prefix: PREFIX.scores,
    format: 'jsonl',
    partitions: ['dt'],
    files: '*_summary.json',
  },
  turns_curated: {
    description: 'one row a scored turn with what its run came to, columnar',
    schema: curatedTurnSchema,
    prefix: PREFIX.curatedTurns,
    format: 'parquet',
    partitions: ['week'],
    files: '*.parquet',
  },
  weekly_summary: {
    description: 'one row a model, variant and phase of an execution, and one over its phases (phase: all)',
    schema: weeklySummarySchema,
    prefix: PREFIX.curatedWeekly,
    format: 'parquet',
    partitions: ['week'],
    files: '*.parquet',
  },
  canary_items: {
    description:
      'one row a golden item the judge was tried on; on Athena the summaries beside it show as rows without item_id',
    schema: canaryResultSchema,
    prefix: PREFIX.canaryResults,
    format: 'jsonl',
    partitions: ['dt'],
    files: '*.jsonl',
  },
  alerts: {
    description: 'one row an alert that fired or was resolved',
    schema: alertSchema,
    prefix: PREFIX.alerts,
    format: 'jsonl',
    partitions: ['week'],
    files: '*.jsonl',
  },
  audit: {
    description: 'one row a turn drawn for human eyes',
    schema: auditItemSchema,
    prefix: PREFIX.audit,
    format: 'jsonl',
    partitions: ['week'],
    files: '*.jsonl',
  },
  ledger: {
    description: 'one row a model call and what it cost, retries and re-paid calls too',
    schema: ledgerRowSchema,
    prefix: PREFIX.ledger,
    format: 'jsonl',
    partitions: ['week'],
    files: '*.jsonl',
  },
  executions: {
    description:
      'one row an execution: its state, counts and spend; on Athena the seals beside it show as rows without state',
    schema: executionSchema.omit({ input: true, versions: true }),
    prefix: PREFIX.executions,
    format: 'jsonl',
    partitions: [],
    files: '*/status.json',
  },
} as const satisfies Record<string, LakeTable>;
export type LakeTableName = keyof typeof LAKE_TABLES;
