import { estimateLevers, type Lever } from '../../core/cost/estimate-levers.ts';
import { estimatePlan, type PlanEstimate } from '../../core/cost/estimate-plan.ts';
import { defaultExecutionId } from '../../core/identity/execution-id.ts';
import { dateOf } from '../../core/identity/iso-week.ts';
import { expandMatrix, type MatrixRow } from '../../core/manifest/expand-matrix.ts';
import { parseConfig } from '../../core/manifest/parse-config.ts';
import type { ConfigSource, ObjectStore } from '../../core/ports.ts';
import { composeManifest } from '../../core/tasks/load-manifest.ts';
import { buildMeasure, type Measure } from '../../core/tasks/measure.ts';
import { planSizes } from '../../core/tasks/plan-sizes.ts';
import { createExpectation } from '../../core/tasks/row-expectation.ts';
import { affordableOf } from '../../core/tasks/shed-blocks.ts';
import type { Overrides } from '../../schemas/profile.ts';

export interface LocalPlan {
  measure: Measure;
  matrix: MatrixRow[];
  estimate: PlanEstimate;
  /** What each lever would save; reckoned when it is asked for. */
  levers: () => Lever[];
  /** What a cap holds of the plan: blocks behind it are dropped whole. */
  underCap: (cap_usd: number) => { blocks: number; blocks_held: number; runs_held: number };
  /** `<profile>-<week>-<manifest12>`: the same command in the same week is the same execution. */
  executionId: (week: string) => string;
}

/** Plans without a model call and without a written byte: manifest, matrix, predicted cost. */
export async function planLocally(
  store: ObjectStore,
  source: ConfigSource,
  profile: string,
  overrides: Overrides,
  scheduled_at: string,
): Promise<LocalPlan> {
  const config = parseConfig(await source.files());
  const manifest = await composeManifest(store, config, profile, overrides, scheduled_at);
  const measure = buildMeasure(
    manifest,
    manifest.content.artefacts.map((artefact) => config.files.get(`${artefact.kind}/${artefact.stem}`)!.text),
  );
  const matrix = expandMatrix(manifest.content, measure.phases.profiles, dateOf(scheduled_at));
  const planned = matrix.filter((row) => row.skip === null).map(({ cell, turns }) => ({ cell, turns }));
  const sizes = planSizes(measure);
  return {
    measure,
    matrix,
    estimate: estimatePlan(planned, sizes),
    levers: () => estimateLevers(planned, sizes),
    underCap: (cap_usd) => {
      const expected = createExpectation(sizes);
      const rows = matrix
        .filter((row) => row.skip === null)
        .map(({ cell, block, turns, phase }) => ({
          model: cell.model,
          block,
          turns,
          target_tokens: phase.target_tokens,
          ...expected(cell, turns),
        }));
      const { blocks } = affordableOf(measure, rows, cap_usd);
      return {
        blocks: new Set(rows.map(({ block }) => block)).size,
        blocks_held: blocks.size,
        runs_held: rows.filter(({ block }) => blocks.has(block)).length,
      };
    },
    executionId: (week) => defaultExecutionId(profile, week, manifest.manifest_sha256),
  };
}
