import type { ManifestContent } from '../../schemas/run-manifest.ts';
import type { Cell } from '../../schemas/profile.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { PhaseProfile } from '../../schemas/phase-profile.ts';
import type { SkipReason } from '../../schemas/planned-run.ts';

/** A cell of the matrix in plan order, with what is known before any model is asked. */
export interface MatrixRow {
  cell: Cell;
  block: number;
  phase: PhaseProfile;
  turns: number;
  model: ModelConfig;
  skip: { reason: SkipReason; detail: string } | null;
}

/** Largest share of a context window a run may fill: the rest is for replies and for tokenisers that count more than we do. */
export const MAX_WINDOW_FRAC = 0.85;

/**
 * The matrix of a manifest, block by block. A block is (repeat × seed × temperature × phase) over all models and
 * variants; phases change fastest, so that any cut of the plan leaves the phases balanced. A model that takes no
 * temperature gets its cells once, with null; its other temperatures stand as skipped rows.
 */
export function expandMatrix(
  content: ManifestContent,
  phases: readonly PhaseProfile[],
  dt: string,
): MatrixRow[] {
  const { profile } = content;
  const rows: MatrixRow[] = [];
  let block = 0;
  for (let repeat = 1; repeat <= profile.repeats; repeat += 1) {
    for (const seed_id of profile.seeds) {
      for (const [temperatureIndex, asked] of profile.temperatures.entries()) {
        for (const phaseName of profile.phases) {
          const phase = phases.find((candidate) => candidate.phase === phaseName)!;
          for (const modelId of profile.models) {
            const model = content.models.find((candidate) => candidate.model_id === modelId)!;
            for (const variant of Object.keys(profile.variants)) {
              const isCollapsed = !model.supports.temperature && temperatureIndex > 0;
              const temperature = model.supports.temperature || isCollapsed ? asked : null;
              rows.push({
                cell: { model: modelId, variant, temperature, seed_id, phase: phaseName, repeat },
                block,
                phase,
                turns: Math.min(profile.turns ?? phase.target_turns, phase.target_turns),
                model,
                skip: isCollapsed
                  ? {
                      reason: 'temperature_unsupported',
                      detail: `${modelId} takes no temperature: one run with null stands for all`,
                    }
                  : staticSkip(model, phase, dt),
              });
            }
          }
          block += 1;
        }
      }
    }
  }
  return rows;
}

function staticSkip(
  model: ModelConfig,
  phase: PhaseProfile,
  dt: string,
): { reason: SkipReason; detail: string } | null {
  const { status, ends_at } = model.lifecycle;
  if (status === 'eol' || (ends_at !== undefined && ends_at <= dt)) {
    return {
      reason: 'eol',
      detail: `retired${ends_at === undefined ? '' : ` on ${ends_at}`} by its provider (model registry)`,
    };
  }
  const room = Math.floor(model.context_window_tokens * MAX_WINDOW_FRAC);
  if (phase.target_tokens > room) {
    return {
      reason: 'context_window',
      detail: `${phase.phase} reaches ${phase.target_tokens} tokens, ${room} fit (${MAX_WINDOW_FRAC} × ${model.context_window_tokens})`,
    };
  }
  return null;
}
