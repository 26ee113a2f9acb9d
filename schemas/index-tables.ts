import { INDEX, TABLE } from './names.ts';

/** A key attribute: its name, and S (text) or N (number). */
export interface KeyAttribute {
  name: string;
  type: 'S' | 'N';
}

export interface IndexTable {
  /** Physical name without the stage's prefix. */
  name: (typeof TABLE)[keyof typeof TABLE];
  partition: KeyAttribute;
  sort: KeyAttribute | null;
  /** Global secondary indexes; all project every attribute, because a read returns whole records. */
  indexes: readonly { name: string; partition: KeyAttribute; sort: KeyAttribute }[];
}

const S = (name: string): KeyAttribute => ({ name, type: 'S' });
const N = (name: string): KeyAttribute => ({ name, type: 'N' });

/**
 * The three DynamoDB tables and their five indexes (spec 2.3): what CDK deploys, tests create and adapters/aws reads.
 * Parts of a composite value are joined by `#`, which no name of ours may hold. `week` of weekly_summaries is
 * `<week>#<execution_id>`: two executions of one week keep a row each. An item without an index's sort attribute does
 * not appear in that index.
 */
export const INDEX_TABLES = [
  {
    name: TABLE.runs,
    partition: S('run_id'),
    sort: null,
    indexes: [
      { name: INDEX.halfLife, partition: S('series_week'), sort: S('half_life_sort') },
      { name: INDEX.compliance, partition: S('series_week'), sort: N('compliance_rate') },
      { name: INDEX.modelWeek, partition: S('model'), sort: S('week_run') },
    ],
  },
  {
    name: TABLE.weeklySummaries,
    partition: S('series_model_variant_phase'),
    sort: S('week'),
    indexes: [{ name: INDEX.week, partition: S('series_week_phase'), sort: N('rmst_turns') }],
  },
  {
    name: TABLE.judgeItems,
    partition: S('item_id'),
    sort: S('sort'),
    indexes: [{ name: INDEX.audit, partition: S('status'), sort: N('priority') }],
  },
] as const satisfies readonly IndexTable[];
