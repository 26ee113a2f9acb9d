import type { ChatModels } from '../../core/ports.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';

/** One ChatModels over all providers: each model is opened by the adapter its configuration names. */
export function openModels(byProvider: Readonly<Record<ModelConfig['provider'], ChatModels>>): ChatModels {
  return { open: (config) => byProvider[config.provider].open(config) };
}
