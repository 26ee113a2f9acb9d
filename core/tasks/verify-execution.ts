import { sealSchema, type Seal } from '../../schemas/execution.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import { weekRoot } from '../aggregate/week-root.ts';
import { sha256Hex } from '../identity/hash.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { firstBrokenTurn } from '../identity/turn-chain.ts';
import type { ObjectStore } from '../ports.ts';
import { readPlan } from './read-plan.ts';
import { readManifest } from './load-manifest.ts';
import { decodeUtf8, parseJsonLines } from './text-codec.ts';

export interface Verification {
  files: number;
  bytes: number;
  runs: number;
  turns: number;
  /** Files that are not what the seal says, in its order. */
  brokenFiles: { key: string; problem: string }[];
  /** First record that the hash chain refuses, or null. */
  brokenRecord: { key: string; turn_index: number } | null;
  /** Do the roots of the runs hash to the week's root? */
  isRootSound: boolean;
}

/**
 * Recomputes the seal (every file's size and SHA-256) and the chain (every turn's hash, from the manifest to the week's
 * root) of an execution. Reads one file at a time. Null when the execution has no seal.
 */
export async function verifyExecution(
  store: ObjectStore,
  execution: { execution_id: string; manifest_key: string; plan_key: string },
): Promise<Verification | null> {
  const sealBytes = await store.get(lakeKeys.seal(execution.execution_id));
  if (sealBytes === null) return null;
  const result: Verification = {
    files: 0,
    bytes: 0,
    runs: 0,
    turns: 0,
    brokenFiles: [],
    brokenRecord: null,
    isRootSound: true,
  };
  const seal = readSeal(sealBytes);
  if (seal === null) {
    result.brokenFiles.push({ key: lakeKeys.seal(execution.execution_id), problem: 'is no seal' });
    return result;
  }
  for (const file of seal.files) {
    const bytes = await store.get(file.key);
    result.files += 1;
    result.bytes += bytes?.length ?? 0;
    const problem =
      bytes === null
        ? 'is gone'
        : bytes.length !== file.size_bytes
          ? `has ${bytes.length} bytes, sealed with ${file.size_bytes}`
          : sha256Hex(bytes) !== file.sha256
            ? 'has other bytes than when it was sealed'
            : null;
    if (problem === null) continue;
    result.brokenFiles.push({ key: file.key, problem });
  }
  // A damaged manifest or plan is reported by the seal; the chain below needs both to be read.
  const needed = [execution.manifest_key, execution.plan_key];
  if (result.brokenFiles.some(({ key }) => needed.includes(key))) return result;

  const { manifest_sha256 } = await readManifest(store, execution.manifest_key);
  const roots: { run_id: string; run_root_sha256: string | null }[] = [];
  for (const row of (await readPlan(store, execution.plan_key)) ?? []) {
    let root: string | null = null;
    const lengths: { key: string; turns: number }[] = [];
    for (const key of row.status === 'planned' ? [lakeKeys.raw(row), lakeKeys.judged(row)] : []) {
      const turns = await readTurns(store, key);
      if (turns === null) continue;
      if (turns === 'unreadable') {
        result.brokenRecord ??= { key, turn_index: 1 };
        continue;
      }
      const brokenTurn = firstBrokenTurn(manifest_sha256, row.run_id, turns);
      if (brokenTurn !== null) result.brokenRecord ??= { key, turn_index: brokenTurn };
      root = turns.at(-1)?.turn_hash ?? null;
      lengths.push({ key, turns: turns.length });
      if (key === lakeKeys.judged(row)) result.turns += turns.length;
    }
    // A chain cannot tell that its end is missing; the other file of the same run can.
    const [a, b] = lengths.toSorted((one, other) => one.turns - other.turns);
    if (a !== undefined && b !== undefined && a.turns < b.turns)
      result.brokenRecord ??= { key: a.key, turn_index: a.turns + 1 };
    if (root !== null) result.runs += 1;
    // What was begun and left out (its block met the cap, its judge never came) has turns and enters no figure.
    const counts = root !== null && (await hasRoot(store, lakeKeys.score(row.dt, row.run_id)));
    roots.push({ run_id: row.run_id, run_root_sha256: counts ? root : null });
  }
  result.isRootSound = weekRoot(roots) === seal.week_root_sha256;
  return result;
}

/** Does the summary of a run stand for turns? One that cannot be read is reported by the seal. */
async function hasRoot(store: ObjectStore, key: string): Promise<boolean> {
  const bytes = await store.get(key);
  const summary =
    bytes === null
      ? undefined
      : readable(() => JSON.parse(decodeUtf8(bytes)) as { run_root_sha256?: unknown });
  return summary?.run_root_sha256 !== null;
}

/** The seal, or null where the bytes are none. */
function readSeal(bytes: Uint8Array): Seal | null {
  const value = readable(() => JSON.parse(decodeUtf8(bytes)) as unknown);
  const parsed = sealSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

async function readTurns(store: ObjectStore, key: string): Promise<RawTurn[] | 'unreadable' | null> {
  const bytes = await store.get(key);
  if (bytes === null) return null;
  const turns = readable(() => parseJsonLines<RawTurn | null>(bytes, key));
  if (turns === undefined) return 'unreadable';
  const objects = turns.filter((turn) => typeof turn === 'object' && turn !== null);
  return objects.length === turns.length ? objects : 'unreadable';
}

/** Not JSON, and not UTF-8. By name: the decoder's errors are of the host's making, not of this realm. */
const UNREADABLE: ReadonlySet<unknown> = new Set(['SyntaxError', 'TypeError']);

/** What `read` gives; undefined where the bytes are no JSON: that is what verify looks for, not a failure of verify. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error !== null && typeof error === 'object' && 'name' in error && UNREADABLE.has(error.name))
      return undefined;
    throw error;
  }
}
