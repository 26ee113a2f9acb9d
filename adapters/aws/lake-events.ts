import { auditItemSchema } from '../../schemas/audit-item.ts';
import { canaryResultSchema } from '../../schemas/canary-result.ts';
import { PREFIX, TABLE } from '../../schemas/names.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { setAttributes, type TableAccess } from './dynamo-items.ts';

/** As much of an S3 event notification as is read. Keys are URL-encoded, spaces as `+`. */
export interface S3Event {
  Records: { eventTime: string; s3: { object: { key: string; size?: number } } }[];
}

/** Items written at once. */
const WRITES_AT_ONCE = 16;

/**
 * Takes created objects into the tables: a raw/ file marks its run's dialogue complete (`raw_key`, `dialogue_ended_at`), an
 * audit/ file fills the audit queue, calibration/results/ the judge's answers to golden items. Events come at least once
 * and in any order: the same event sets the same values.
 */
export function createLakeEvents(access: TableAccess, store: ObjectStore) {
  return async (event: S3Event): Promise<{ indexed: number }> => {
    let indexed = 0;
    for (const { eventTime, s3 } of event.Records) {
      const key = decodeURIComponent(s3.object.key.replaceAll('+', ' '));
      if (!key.endsWith('.jsonl')) continue;
      if (key.startsWith(`${PREFIX.raw}/`)) indexed += await markDialogue(access, key, eventTime);
      else if (key.startsWith(`${PREFIX.audit}/`))
        indexed += await recordLines(access, store, key, auditItem);
      else if (key.startsWith(`${PREFIX.canaryResults}/`))
        indexed += await recordLines(access, store, key, canaryItem);
    }
    return { indexed };
  };
}

async function markDialogue(access: TableAccess, key: string, at: string): Promise<number> {
  const run_id = /\/([0-9A-HJKMNP-TV-Z]{26})\.jsonl$/.exec(key)?.[1];
  if (run_id === undefined) return 0;
  const isFirst = await setAttributes(
    access,
    TABLE.runs,
    { run_id },
    { raw_key: key, dialogue_ended_at: at },
    'attribute_not_exists(#raw_key)',
  );
  return isFirst ? 1 : 0;
}

interface JudgeItem {
  item_id: string;
  sort: string;
  /** Null keeps the item out of the audit queue's index. */
  status: string | null;
  priority: number | null;
  record: string;
}

/** A turn for human eyes; a label that was given since is not undone by a late event. */
function auditItem(line: unknown): JudgeItem {
  const item = auditItemSchema.parse(line);
  return {
    item_id: `audit#${item.audit_id}`,
    sort: `${item.week}#${item.execution_id}`,
    status: item.status,
    priority: item.priority,
    record: JSON.stringify(item),
  };
}

function canaryItem(line: unknown): JudgeItem {
  const item = canaryResultSchema.parse(line);
  return {
    item_id: `canary#${item.golden_set}#${item.item_id}`,
    sort: `${item.week}#${item.execution_id}#${item.judge_model}`,
    status: null,
    priority: null,
    record: JSON.stringify(item),
  };
}

async function recordLines(
  access: TableAccess,
  store: ObjectStore,
  key: string,
  toItem: (line: unknown) => JudgeItem,
): Promise<number> {
  const bytes = await store.get(key);
  if (bytes === null) return 0; // replaced or expired since: nothing to index
  const lines = new TextDecoder().decode(bytes).split('\n');
  const items = lines.filter((line) => line !== '').map((line) => toItem(JSON.parse(line)));
  for (let from = 0; from < items.length; from += WRITES_AT_ONCE)
    await Promise.all(
      items
        .slice(from, from + WRITES_AT_ONCE)
        .map(({ item_id, sort, ...attributes }) =>
          setAttributes(
            access,
            TABLE.judgeItems,
            { item_id, sort },
            attributes,
            'attribute_not_exists(#record)',
          ),
        ),
    );
  return items.length;
}
