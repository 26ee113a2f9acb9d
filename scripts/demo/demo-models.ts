import type { ModelsFor } from '../../core/ports.ts';
import { phraseBankSchema } from '../../schemas/phrase-bank.ts';
import type { StoryEvent } from './story.ts';

/** Name of the drifted judge's confusion matrix, in the bank of that week's process alone. */
const DRIFTED = 'drifted';

/**
 * The models of a week in which the judge behind an unchanged name has changed: what providers do without telling. Nothing
 * of it is in the manifest, so only the canary can notice.
 */
export function withDriftedJudge(
  models: ModelsFor,
  judge: string,
  { confusion }: Extract<StoryEvent, { kind: 'judge_drift' }>,
): ModelsFor {
  return ({ simulatedBank }) => {
    const bank = phraseBankSchema.parse(JSON.parse(simulatedBank));
    const usual = models({ simulatedBank });
    const drifted = models({
      simulatedBank: JSON.stringify({
        ...bank,
        confusions: { ...bank.confusions, [DRIFTED]: { ...bank.confusions['default'], ...confusion } },
      }),
    });
    return {
      open: (config) =>
        config.model_id === judge && config.simulated?.kind === 'judge'
          ? drifted.open({ ...config, simulated: { ...config.simulated, confusion: DRIFTED } })
          : usual.open(config),
    };
  };
}
