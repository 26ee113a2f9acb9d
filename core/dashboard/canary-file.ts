import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import type { CanaryResult } from '../../schemas/canary-result.ts';
import type { CanaryFile } from '../../schemas/dashboard-runs.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';

/** The judge on the golden set, item by item with the words that were judged; null without a canary. */
export function canaryFile(
  summary: ExecutionSummary,
  results: readonly CanaryResult[],
  items: readonly CalibrationItem[],
): CanaryFile | null {
  if (summary.canary === null) return null;
  const byId = new Map(items.map((item) => [item.item_id, item]));
  return {
    summary: summary.canary,
    baseline_execution_id: summary.baseline?.execution_id ?? null,
    items: results.map((result) => {
      const item = byId.get(result.item_id);
      return {
        item_id: result.item_id,
        expert_score: result.expert_score,
        judge_score: result.judge_score,
        expert_criteria: result.expert_criteria,
        judge_criteria: result.judge_criteria,
        expert_violations: result.expert_violations,
        judge_violations: result.judge_violations,
        deviation_pts: result.deviation_pts,
        domain: item?.domain ?? '',
        tutor_text: item?.tutor_text ?? '',
        source: item?.source ?? '',
        student_text: item?.context.findLast(({ role }) => role === 'student')?.text ?? '',
      };
    }),
  };
}
