import type { ModelConfig } from '../../schemas/model-config.ts';

/** What a model is asked when a week is planned. */
export const PROBE_TEXT = 'Hi';

/**
 * Temperature of the probe: no provider's default, so that a model which takes none, against its configuration, says so before
 * its first dialogue. Null where the configuration says that it takes none.
 */
export function probeTemperature({ supports }: ModelConfig): number | null {
  return supports.temperature ? 0.7 : null;
}
