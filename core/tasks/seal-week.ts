import { sha256Hex } from '../identity/hash.ts';
import type { PlanPointers } from '../../schemas/task-io.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { ObjectStore } from '../ports.ts';
import type { Measure } from './measure.ts';

/** A sealed file: what the seal says of it. */
export interface SealedFile {
  key: string;
  size_bytes: number;
  sha256: string;
}

/** Every file of the execution from config/ to curated/, sorted by key. */
export async function sealWeek(
  store: ObjectStore,
  measure: Measure,
  pointers: PlanPointers,
  files: readonly SealedFile[],
  week_root_sha256: string,
): Promise<void> {
  const keys = [
    ...measure.manifest.content.artefacts.map((artefact) => artefact.key),
    pointers.manifest_key,
    pointers.plan_key,
    pointers.runs_key,
    pointers.judgements_key,
    lakeKeys.canaryResults(pointers.dt, pointers.execution_id),
    lakeKeys.canarySummary(pointers.dt, pointers.execution_id),
  ];
  const read = await Promise.all(
    [...new Set(keys)].map(async (key) => {
      const bytes = await store.get(key);
      return bytes === null ? [] : [sealedFile(key, bytes)];
    }),
  );
  const all = [...read.flat(), ...files].sort((a, b) => (a.key < b.key ? -1 : 1));
  await store.put(
    lakeKeys.seal(pointers.execution_id),
    `${JSON.stringify({ execution_id: pointers.execution_id, week_root_sha256, files: all })}\n`,
  );
}

/** Writes a file of the execution and says what the seal will say of it. */
export async function putSealed(
  store: ObjectStore,
  key: string,
  body: string | Uint8Array,
): Promise<SealedFile> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  await store.put(key, bytes);
  return sealedFile(key, bytes);
}

export function sealedFile(key: string, bytes: Uint8Array): SealedFile {
  return { key, size_bytes: bytes.length, sha256: sha256Hex(bytes) };
}
