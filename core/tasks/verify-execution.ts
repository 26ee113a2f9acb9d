import { sealSchema } from '../../schemas/execution.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import { weekRoot } from '../aggregate/week-root.ts';
import { sha256Hex } from '../identity/hash.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { firstBrokenTurn } from '../identity/turn-chain.ts';
import type { ObjectStore } from '../ports.ts';
import { readPlan } from './generate-runs.ts';
import { readManifest } from './load-manifest.ts';
import { decodeUtf8, parseJsonLines } from './text-codec.ts';

export interface Verification {
  files: number;
  bytes: number;
  runs: number;
  turns: number;
  /** First file that is not what the seal says, or null. */
  brokenFile: { key: string; problem: string } | null;
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
  const seal = sealSchema.parse(JSON.parse(decodeUtf8(sealBytes)));
  const result: Verification = {
    files: 0,
    bytes: 0,
    runs: 0,
    turns: 0,
    brokenFile: null,
    brokenRecord: null,
    isRootSound: true,
  };
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
    if (problem !== null) result.brokenFile ??= { key: file.key, problem };
  }
  // A damaged manifest or plan is reported by the seal; the chain below needs both to be read.
  if (
    result.brokenFile !== null &&
    [execution.manifest_key, execution.plan_key].includes(result.brokenFile.key)
  )
    return result;

  const { manifest_sha256 } = await readManifest(store, execution.manifest_key);
  const roots: { run_id: string; run_root_sha256: string | null }[] = [];
  for (const row of (await readPlan(store, execution.plan_key)) ?? []) {
    let root: string | null = null;
    for (const key of row.status === 'planned' ? [lakeKeys.raw(row), lakeKeys.judged(row)] : []) {
      const turns = await readTurns(store, key);
      if (turns === null) continue;
      if (turns === 'unreadable') {
        result.brokenRecord ??= { key, turn_index: 1 };
        continue;
      }
      const broken = firstBrokenTurn(manifest_sha256, row.run_id, turns);
      if (broken !== null) result.brokenRecord ??= { key, turn_index: broken };
      root = turns.at(-1)?.turn_hash ?? null;
      if (key === lakeKeys.judged(row)) result.turns += turns.length;
    }
    if (root !== null) result.runs += 1;
    roots.push({ run_id: row.run_id, run_root_sha256: root });
  }
  result.isRootSound = weekRoot(roots) === seal.week_root_sha256;
  return result;
}

async function readTurns(store: ObjectStore, key: string): Promise<RawTurn[] | 'unreadable' | null> {
  const bytes = await store.get(key);
  if (bytes === null) return null;
  try {
    return parseJsonLines<RawTurn>(bytes, key);
  } catch (error) {
    // Bytes that are no JSON lines are what verify looks for, not a failure of verify.
    if (error instanceof SyntaxError || error instanceof TypeError) return 'unreadable';
    throw error;
  }
}
