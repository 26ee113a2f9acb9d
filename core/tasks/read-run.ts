import type { Ended } from '../../schemas/checkpoint.ts';
import { endedSchema } from '../../schemas/checkpoint.ts';
import type { LedgerRow } from '../../schemas/ledger-row.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { Turn } from '../../schemas/turn.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { ObjectStore } from '../ports.ts';
import { sealedFile, type SealedFile } from './seal-week.ts';
import { decodeUtf8, parseJsonLines } from './text-codec.ts';

/** What the lake holds of one plan row. */
export interface StoredRun {
  row: PlannedRun;
  turns: Turn[];
  ended: Ended | null;
  ledger: LedgerRow[];
  files: SealedFile[];
}

/** Plan rows read ahead: hides a store's latency, bounds memory to a few dialogues. */
const READ_AHEAD = 8;

/** The runs of a plan, in plan order, each read whole; `READ_AHEAD` of them at once. */
export async function* readRuns(store: ObjectStore, plan: readonly PlannedRun[]): AsyncGenerator<StoredRun> {
  const pending: Promise<StoredRun>[] = [];
  let next = 0;
  const fill = () => {
    while (next < plan.length && pending.length < READ_AHEAD) {
      const run = readRun(store, plan[next]!);
      // The failure is thrown where the run is awaited; until then it must not count as unhandled.
      run.catch(() => undefined);
      pending.push(run);
      next += 1;
    }
  };
  fill();
  while (pending.length > 0) {
    yield await pending.shift()!;
    fill();
  }
}

async function readRun(store: ObjectStore, row: PlannedRun): Promise<StoredRun> {
  if (row.status === 'skipped') return { row, turns: [], ended: null, ledger: [], files: [] };
  const [rawKey, judgedKey] = [lakeKeys.raw(row), lakeKeys.judged(row)];
  const [raw, judged, { ended, ledger }] = await Promise.all([
    store.get(rawKey),
    store.get(judgedKey),
    readCheckpoints(store, row.run_id),
  ]);
  const turns = judged === null ? [] : parseJsonLines<Turn>(judged, judgedKey);
  const files = [
    ...(raw === null ? [] : [sealedFile(rawKey, raw)]),
    ...(judged === null ? [] : [sealedFile(judgedKey, judged)]),
  ];
  // A raw file behind the end of a cap: a higher one paid for the rest.
  const isOvertaken = raw !== null && ended?.reason === 'budget';
  return { row, turns, ended: isOvertaken ? null : ended, ledger, files };
}

/** The ledger rows that ride in the checkpoints of a run (or of the canary), by turn, and why the run ended early. */
export async function readCheckpoints(
  store: ObjectStore,
  run_id: string,
): Promise<{ ended: Ended | null; ledger: LedgerRow[] }> {
  const keys: string[] = [];
  let n_ends = 0;
  for await (const { key } of store.list(lakeKeys.checkpoints(run_id))) {
    if (/\/ended(?:-\d{4})?\.json$/.test(key)) n_ends += 1;
    else keys.push(key);
  }
  // An answer on the way to a verdict counts where the verdict, whose checkpoint repeats it, never came.
  const whole = new Set(keys);
  const counted = keys.filter((key) => {
    const asked = /^(.*-\d{4})-\d{2}\.json$/.exec(key);
    return asked === null || !whole.has(`${asked[1]}.json`);
  });
  // One settled ledger row after the other in memory, not 80 files: rows are small, texts are dropped at once.
  const rows = await Promise.all(counted.map(async (key) => ledgerOf(await store.get(key))));
  const endedBytes = n_ends === 0 ? null : await store.get(lakeKeys.ended(run_id, n_ends));
  return {
    ended: endedBytes === null ? null : endedSchema.parse(JSON.parse(decodeUtf8(endedBytes))),
    ledger: rows
      .flat()
      .sort((a, b) => a.turn_index - b.turn_index || order(a) - order(b) || a.attempt - b.attempt),
  };
}

function ledgerOf(bytes: Uint8Array | null): LedgerRow[] {
  return bytes === null ? [] : (JSON.parse(decodeUtf8(bytes)) as { ledger: LedgerRow[] }).ledger;
}

function order(row: LedgerRow): number {
  return ['preflight', 'student', 'dialogue', 'judge', 'canary', 'secondary_judge'].indexOf(row.component);
}
