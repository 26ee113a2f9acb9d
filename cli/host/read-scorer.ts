import { resolveProfile } from '../../core/manifest/build-manifest.ts';
import { parseConfig } from '../../core/manifest/parse-config.ts';
import { heuristicsModelSchema, type HeuristicsModel } from '../../schemas/heuristics-model.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { DEFAULT_PROFILE } from '../commands/select.ts';
import { folderConfig } from './folder-config.ts';

/** Heuristics and rubric of the default profile: what scores without a model. Throws InvalidConfig. */
export async function readScorer(
  configFolder: string | undefined,
): Promise<{ heuristics: HeuristicsModel; rubric: Rubric }> {
  const config = parseConfig(await folderConfig(configFolder).files());
  const { profile } = resolveProfile(config, DEFAULT_PROFILE, {});
  return {
    heuristics: heuristicsModelSchema.parse(
      JSON.parse(config.files.get(`heuristics/${profile.artefacts.heuristics}`)!.text),
    ),
    rubric: config.rubrics.get(profile.artefacts.rubric)!,
  };
}
