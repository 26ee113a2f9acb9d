import {
  endedSchema,
  turnCheckpointSchema,
  type Ended,
  type TurnCheckpoint,
} from '../../schemas/checkpoint.ts';
import { ERROR } from '../../schemas/names.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import { NamedError } from '../errors.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { ObjectStore } from '../ports.ts';
import { openDialogue, replyOf, type DialogueSession } from './dialogue-session.ts';
import type { Measure } from './measure.ts';
import { decodeUtf8 } from './text-codec.ts';

/** What a run has left in checkpoints/: its unbroken prefix of turns, and why it ended early if it did. */
export interface RunProgress {
  turns: TurnCheckpoint[];
  ended: Ended | null;
}

/** The checkpoints of a run by their names alone. */
export interface CheckpointKeys {
  turnKeys: readonly string[];
  /** How often the run ended early; 2 and more where it was tried again. */
  n_ends: number;
  /** Turns that have judge checkpoints: a verdict, or answers on the way to one. */
  judged: ReadonlySet<number>;
}

/** One listing; no file is read. */
export async function listCheckpoints(store: ObjectStore, run_id: string): Promise<CheckpointKeys> {
  const turnKeys: string[] = [];
  const judged = new Set<number>();
  let n_ends = 0;
  for await (const { key } of store.list(lakeKeys.checkpoints(run_id))) {
    const match = /\/(?:(turn)-\d{4}|judge-(\d{4})(?:-\d{2})?|(ended)(?:-\d{4})?)\.json$/.exec(key);
    if (match?.[1] === 'turn') turnKeys.push(key);
    else if (match?.[2] !== undefined) judged.add(Number(match[2]));
    else if (match?.[3] === 'ended') n_ends += 1;
  }
  return { turnKeys, n_ends, judged };
}

/**
 * Records why a run ended early, write-once. One that was taken up again, by a retry or under a higher cap, and ends too
 * leaves its own record behind the earlier ones: the last says how the run stands.
 */
export async function recordEnd(store: ObjectStore, row: PlannedRun, ended: Ended): Promise<void> {
  const body = JSON.stringify(ended);
  if (!row.retry_errors && (await store.putIfAbsent(lakeKeys.ended(row.run_id), body)) === 'written') return;
  const { n_ends } = await listCheckpoints(store, row.run_id);
  const standing = n_ends === 0 ? null : await readEnd(store, row.run_id, n_ends);
  const isReopened = row.retry_errors || standing?.reason === 'budget';
  const isSame =
    standing?.reason === 'budget' && ended.reason === 'budget' && standing.last_turn === ended.last_turn;
  if (isReopened && !isSame) await store.putIfAbsent(lakeKeys.ended(row.run_id, n_ends + 1), body);
}

/** Reads a run's turns, one get a file. A hole ends the prefix: what lies behind it is not adopted. */
export async function readProgress(
  store: ObjectStore,
  run_id: string,
  { turnKeys, n_ends }: CheckpointKeys,
): Promise<RunProgress> {
  const checkpoints = await Promise.all(
    turnKeys.map((key) => readJson(store, key, (value) => turnCheckpointSchema.parse(value))),
  );
  const turns: TurnCheckpoint[] = [];
  for (const checkpoint of checkpoints) {
    if (checkpoint.turn_index !== turns.length + 1) break;
    turns.push(checkpoint);
  }
  return { turns, ended: n_ends === 0 ? null : await readEnd(store, run_id, n_ends) };
}

function readEnd(store: ObjectStore, run_id: string, n_ends: number): Promise<Ended> {
  return readJson(store, lakeKeys.ended(run_id, n_ends), (value) => endedSchema.parse(value));
}

/**
 * Replays checkpoints through the student. Throws PlanConflict when a replayed turn has another hash than its checkpoint:
 * then code or config changed under a running execution, and going on would mix two measures.
 */
export function replay(
  measure: Measure,
  row: PlannedRun,
  checkpoints: readonly TurnCheckpoint[],
): { session: DialogueSession; turns: RawTurn[] } {
  const session = openDialogue(measure, row);
  const turns: RawTurn[] = [];
  for (const checkpoint of checkpoints) {
    const asked = session.ask();
    if (asked.kind === 'asks') session.hear(checkpoint.student_text ?? '');
    const turn = session.answer(replyOf(checkpoint));
    if (turn.turn_hash !== checkpoint.turn_hash) {
      throw new NamedError(
        ERROR.planConflict,
        `${lakeKeys.turnCheckpoint(row.run_id, checkpoint.turn_index)}: expected turn hash ${checkpoint.turn_hash}, got ${turn.turn_hash} on replay`,
        {
          hint: 'the program changed since this execution began: finish it with that version, or start another with --new',
        },
      );
    }
    turns.push(turn);
  }
  return { session, turns };
}

async function readJson<T>(store: ObjectStore, key: string, parse: (value: unknown) => T): Promise<T> {
  const bytes = await store.get(key);
  if (bytes === null) throw new NamedError(ERROR.storeUnavailable, `${key}: listed but gone`);
  return parse(JSON.parse(decodeUtf8(bytes)));
}
