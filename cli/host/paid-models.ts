import type { ModelConfig } from '../../schemas/model-config.ts';

/** Models whose calls somebody bills: not simulated, and not priced at nothing. */
export function paidModels(models: readonly ModelConfig[]): ModelConfig[] {
  return models.filter(
    (model) =>
      model.provider !== 'simulated' &&
      (model.usd_per_1m_input_tokens > 0 || model.usd_per_1m_output_tokens > 0),
  );
}
