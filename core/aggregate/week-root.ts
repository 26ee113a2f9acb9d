import { canonicalSha256 } from '../identity/canonical-json.ts';

/**
 * Hash over all run roots of an execution, in plan order: ties the weekly rows to every turn they were computed from.
 * @param runs one entry per plan row; root null where the row has no turn.
 */
export function weekRoot(runs: readonly { run_id: string; run_root_sha256: string | null }[]): string {
  return canonicalSha256(runs.map(({ run_id, run_root_sha256 }) => [run_id, run_root_sha256]));
}
