import { createFileBudget } from '../../adapters/local/file-budget.ts';
import { createLoadManifest, readManifest } from '../../core/tasks/load-manifest.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { EXIT } from '../../schemas/names.ts';
import type { RunManifest } from '../../schemas/run-manifest.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { folderConfig } from '../host/folder-config.ts';
import { findExecution, openAnyLake, openLake } from '../host/local-lake.ts';
import { DEFAULT_PROFILE, overridesOf, scheduledAt, type SelectorOptions } from './select.ts';

/** `manifest build`: publishes artefacts and manifest write-once, without running anything. */
export async function manifestBuildCommand(options: SelectorOptions, context: Context): Promise<number> {
  const store = openLake(context);
  const scheduled_at = scheduledAt(options.week, new Date().toISOString());
  const load = createLoadManifest({
    store,
    config: folderConfig(context.configFolder),
    budget: createFileBudget(context.lake),
  });
  const pointers = await load({
    input: { profile: options.profile ?? DEFAULT_PROFILE, scheduled_at, overrides: overridesOf(options) },
    execution_name: 'manifest-build',
    started_at: scheduled_at,
  });
  context.out(
    context.json
      ? `${JSON.stringify({ manifest_id: pointers.manifest_id, manifest_key: pointers.manifest_key })}\n`
      : `${pointers.manifest_key}\n`,
  );
  return EXIT.ok;
}

/** `manifest show <id|execution|week>`. */
export async function manifestShowCommand(which: string, context: Context): Promise<number> {
  const manifest = await find(which, context);
  if (context.json) {
    context.out(`${JSON.stringify(manifest)}\n`);
    return EXIT.ok;
  }
  const { content } = manifest;
  const { bold, dim } = context.colors;
  context.out(
    `${bold(manifest.manifest_id)}\nsha256   ${manifest.manifest_sha256}\nmeasure  ${content.measure_sha256} ${dim(`(version ${content.measure_version})`)}\nprofile  ${content.profile_name}, series ${content.series}\nmodels   ${content.profile.models.join(', ')}\njudges   ${content.profile.judges.primary}${content.profile.judges.secondary === null ? '' : `, ${content.profile.judges.secondary}`}\n${content.artefacts.map((artefact) => `${artefact.key} ${dim(artefact.sha256)}`).join('\n')}\n`,
  );
  return EXIT.ok;
}

/** `manifest diff <a> <b>`: every path whose value differs. */
export async function manifestDiffCommand(a: string, b: string, context: Context): Promise<number> {
  const [left, right] = [await find(a, context), await find(b, context)];
  const differences = diff(left.content, right.content, '');
  if (context.json)
    context.out(
      `${JSON.stringify({ a: left.manifest_id, b: right.manifest_id, is_same_measure: left.content.measure_sha256 === right.content.measure_sha256, differences })}\n`,
    );
  else if (differences.length === 0) context.out('the same content\n');
  else
    context.out(
      `${left.manifest_id} → ${right.manifest_id}: ${left.content.measure_sha256 === right.content.measure_sha256 ? 'the same measure' : 'another measure: scores are not comparable'}\n${differences.map((d) => `${d.path}: ${d.a} → ${d.b}`).join('\n')}\n`,
    );
  return EXIT.ok;
}

async function find(which: string, context: Context): Promise<RunManifest> {
  const store = openAnyLake(context);
  if (/^manifest_\d{8}_[0-9a-f]{8}$/.test(which)) return readManifest(store, lakeKeys.manifest(which));
  const execution = await findExecution(store, which);
  if (execution.manifest_key === null)
    throw new CliError('failed', `${execution.execution_id} has no manifest yet`);
  return readManifest(store, execution.manifest_key);
}

function diff(a: unknown, b: unknown, path: string): { path: string; a: string; b: string }[] {
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) =>
      diff(
        (a as Record<string, unknown>)[key],
        (b as Record<string, unknown>)[key],
        path === '' ? key : `${path}.${key}`,
      ),
    );
  }
  return a === b ? [] : [{ path, a: short(a), b: short(b) }];
}

function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
