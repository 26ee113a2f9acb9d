import { auditItemSchema, type AuditItem } from '../../schemas/audit-item.ts';
import { candidateSchema, type Candidate } from '../../schemas/label.ts';
import { PREFIX } from '../../schemas/names.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';
import { dateOfMs } from '../identity/iso-week.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { ulidTimeMs } from '../identity/ulid.ts';
import { parseTurnItemId } from '../labelling/draw-turns.ts';
import type { ObjectStore } from '../ports.ts';
import type { Measure } from './measure.ts';
import { decodeUtf8, parseJsonLines } from './text-codec.ts';

/** A turn of the lake with the run it belongs to. */
export interface StoredTurn {
  run: RunSummary;
  turn: Turn;
  /** The turns before it, oldest first. */
  before: readonly Turn[];
}

/** Pasted material of a message is cut for the rater as for the judge: it is told how much there was. */
const SAID_ONLY = (turn: Turn): string => {
  const { text, said_chars } = turn.student;
  const pasted = text.length - said_chars;
  const said = text.slice(0, said_chars).trim();
  return pasted > 0 ? `${said}\n[the student pasted ${pasted} characters of material here]` : said;
};

/** The turn that a label item names, or null when the lake has it not (any more). */
export async function readTurn(
  store: ObjectStore,
  run_id: string,
  turn_index: number,
): Promise<StoredTurn | null> {
  const summary = await store.get(lakeKeys.score(dateOfMs(ulidTimeMs(run_id)), run_id));
  if (summary === null) return null;
  const run = runSummarySchema.parse(JSON.parse(decodeUtf8(summary)));
  const key = lakeKeys.judged(run);
  const bytes = await store.get(key);
  const turns = bytes === null ? [] : parseJsonLines<Turn>(bytes, key);
  const at = turns.findIndex((turn) => turn.turn_index === turn_index);
  return at < 0 ? null : { run, turn: turns[at]!, before: turns.slice(0, at) };
}

/** What a rater sees of an item, blind; null when it is not in the lake. */
export async function readCandidate(
  store: ObjectStore,
  item_id: string,
  measureOf: (manifest_key: string) => Promise<Measure>,
): Promise<Candidate | null> {
  const place = parseTurnItemId(item_id);
  if (place === null) {
    const bytes = await store.get(lakeKeys.candidate(item_id));
    return bytes === null ? null : candidateSchema.parse(JSON.parse(decodeUtf8(bytes)));
  }
  const found = await readTurn(store, place.run_id, place.turn_index);
  if (found === null) return null;
  const { run, turn, before } = found;
  const measure = await measureOf(lakeKeys.manifest(run.manifest_id));
  const seed = measure.seed(run.seed_id);
  const window = before.slice(-(measure.rubric.judge.window_exchanges - 1));
  return {
    item_id,
    domain: seed.vector,
    goal: seed.goal.slice(0, 1000),
    reference_answer: seed.reference_answer?.slice(0, 400) ?? null,
    context: [
      ...window.flatMap((earlier) => [
        { role: 'student' as const, text: SAID_ONLY(earlier) },
        { role: 'tutor' as const, text: earlier.tutor_text },
      ]),
      { role: 'student' as const, text: SAID_ONLY(turn) },
    ],
    tutor_text: turn.tutor_text,
    source: `run ${run.run_id}`,
  };
}

/** The audit queue of weeks, newest week first, the urgent first within it. */
export async function readAudit(store: ObjectStore, weeks?: readonly string[]): Promise<AuditItem[]> {
  const prefixes =
    weeks === undefined ? [`${PREFIX.audit}/`] : weeks.map((week) => `${PREFIX.audit}/week=${week}/`);
  const items: AuditItem[] = [];
  for (const prefix of prefixes)
    for await (const { key } of store.list(prefix))
      for (const value of parseJsonLines<unknown>((await store.get(key))!, key))
        items.push(auditItemSchema.parse(value));
  return items.sort(
    (a, b) =>
      (a.week < b.week ? 1 : a.week > b.week ? -1 : 0) ||
      b.priority - a.priority ||
      (a.audit_id < b.audit_id ? -1 : 1),
  );
}
