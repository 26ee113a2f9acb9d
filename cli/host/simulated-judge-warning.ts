import type { ModelConfig } from '../../schemas/model-config.ts';
import type { Profile } from '../../schemas/profile.ts';

/**
 * What to say where a simulated judge meets tutors that are not simulated: it abstains on every one of their replies. Null
 * where it does not.
 */
export function simulatedJudgeWarning({
  profile,
  models,
}: {
  profile: Pick<Profile, 'models' | 'judges'>;
  models: readonly Pick<ModelConfig, 'model_id' | 'provider'>[];
}): string | null {
  const simulated = new Set(
    models.filter((model) => model.provider === 'simulated').map((model) => model.model_id),
  );
  const { primary } = profile.judges;
  const tutors = profile.models.filter((id) => !simulated.has(id));
  if (!simulated.has(primary) || tutors.length === 0) return null;
  return `judge ${primary} is simulated: replies of ${tutors.join(', ')} are scored by the heuristics alone; name a real judge in judges.primary of the profile`;
}
