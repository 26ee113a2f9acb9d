import { createJsonLineTelemetry } from '../adapters/local/json-line-telemetry.ts';
import { createSystemClock } from '../adapters/local/system-clock.ts';
import { createModelsFor } from '../adapters/models/models-for.ts';
import { createMeasureLoader } from '../core/tasks/measure.ts';
import type { RunDialoguePorts } from '../core/tasks/run-dialogue.ts';
import { openLake } from './open-lake.ts';

/** The ports of runner and judge from the environment of their container; progress goes to stdout. */
export async function composePorts(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RunDialoguePorts> {
  const clock = createSystemClock();
  const telemetry = createJsonLineTelemetry((line) => void process.stdout.write(line));
  const { store, budget } = await openLake(environment, clock);
  const models = createModelsFor({ environment, clock, random: Math.random, telemetry });
  return { store, budget, clock, telemetry, models, measure: createMeasureLoader(store) };
}
