import type { Random } from '../../core/identity/random.ts';
import type { ChatModels, Clock, ModelsFor, Telemetry } from '../../core/ports.ts';
import { phraseBankSchema } from '../../schemas/phrase-bank.ts';
import { createBedrockModels } from './bedrock.ts';
import { openModels } from './open-models.ts';
import { createOpenAiCompatibleModels } from './openai-compatible.ts';
import { createResilientModels } from './resilient-models.ts';
import { createSimulatedModels } from './simulated/simulated-models.ts';

/**
 * Models of every provider below the one retry layer, one set a measure: simulated tutors speak from the phrase bank that
 * its manifest names. `environment` holds the providers' keys and endpoints.
 */
export function createModelsFor(ports: {
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  random: Random;
  telemetry: Telemetry;
}): ModelsFor {
  const bedrock = createBedrockModels(ports.environment);
  const openai = createOpenAiCompatibleModels(ports.environment);
  const byBank = new Map<string, ChatModels>();
  return ({ simulatedBank }) => {
    const known = byBank.get(simulatedBank);
    if (known !== undefined) return known;
    const simulated = createSimulatedModels({ bank: phraseBankSchema.parse(JSON.parse(simulatedBank)) });
    const models = createResilientModels(
      openModels({ simulated, bedrock, 'openai-compatible': openai }),
      ports,
    );
    byBank.set(simulatedBank, models);
    return models;
  };
}
