import type { ManifestFile } from '../../schemas/dashboard-data.ts';
import type { Artefact, ArtefactKind, RunManifest } from '../../schemas/run-manifest.ts';
import type { Seed } from '../../schemas/seed.ts';

/** Artefacts a reader compares word by word; the others are shown by name and hash. */
const VERBATIM: ReadonlySet<ArtefactKind> = new Set([
  'rubrics',
  'phases',
  'alerts',
  'prompts/system',
  'prompts/judge',
  'prompts/student',
]);

/** The artefacts of a manifest that its file holds verbatim. */
export function verbatimArtefacts({ content }: RunManifest): Artefact[] {
  return content.artefacts.filter(({ kind }) => VERBATIM.has(kind));
}

/**
 * What was measured with what.
 * @param texts texts of `verbatimArtefacts`, in their order.
 */
export function manifestFile(
  manifest: RunManifest,
  texts: readonly string[],
  seeds: ReadonlyMap<string, Seed>,
): ManifestFile {
  const used = new Set(manifest.content.profile.seeds);
  return {
    manifest,
    texts: verbatimArtefacts(manifest).map(({ kind, stem, sha256 }, index) => ({
      kind,
      stem,
      sha256,
      format: kind.startsWith('prompts/') ? 'text' : 'json',
      text: texts[index]!,
    })),
    seeds: [...seeds.values()]
      .filter(({ seed_id }) => used.has(seed_id))
      .map(({ seed_id, vector, test_type, title, domain, persona, student_statement, goal }) => ({
        seed_id,
        vector,
        test_type,
        title,
        domain,
        persona,
        student_statement,
        goal,
      })),
  };
}
