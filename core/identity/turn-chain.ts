import { rawTurnSchema, type RawTurn } from '../../schemas/turn.ts';
import { canonicalJson, canonicalSha256 } from './canonical-json.ts';
import { sha256Hex } from './hash.ts';

/** Circumstance, not content: a repeat on another host may differ here and still be the same turn. */
type Circumstance = 'attempts' | 'latency_ms' | 'parent_hash' | 'turn_hash';
const CIRCUMSTANCE: readonly string[] = ['attempts', 'latency_ms', 'parent_hash', 'turn_hash'];
const CONTENT_KEYS = Object.keys(rawTurnSchema.shape).filter((key) => !CIRCUMSTANCE.includes(key));

/** What a turn hash covers. */
export type TurnContent = Omit<RawTurn, Circumstance>;

/** `parent_hash` of turn 1: ties the chain to the manifest and the run. */
export function firstParentHash(manifest_sha256: string, run_id: string): string {
  return canonicalSha256([manifest_sha256, run_id]);
}

/**
 * Hash of one turn: SHA-256 over the parent's hash followed by the canonical JSON of the turn's content (every field of a
 * raw turn but attempts, latency and the hashes). Costs O(this turn); fields that scoring adds later do not enter.
 */
export function turnHash(parent_hash: string, turn: TurnContent): string {
  const fields = turn as Readonly<Record<string, unknown>>;
  const content: Record<string, unknown> = {};
  for (const key of CONTENT_KEYS) content[key] = fields[key];
  return sha256Hex(parent_hash + canonicalJson(content));
}

/**
 * Recomputes the chain of a run.
 * @returns the 1-based index of the first turn whose index, parent or hash is not what the chain demands; null when sound.
 */
export function firstBrokenTurn(
  manifest_sha256: string,
  run_id: string,
  turns: Iterable<RawTurn>,
): number | null {
  let parent = firstParentHash(manifest_sha256, run_id);
  let index = 0;
  for (const turn of turns) {
    index += 1;
    const isSound =
      turn.run_id === run_id &&
      turn.turn_index === index &&
      turn.parent_hash === parent &&
      turn.turn_hash === turnHash(parent, turn);
    if (!isSound) return index;
    parent = turn.turn_hash;
  }
  return null;
}
