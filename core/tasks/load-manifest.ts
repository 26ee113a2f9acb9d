import { ERROR, PREFIX } from '../../schemas/names.ts';
import type { RunManifest } from '../../schemas/run-manifest.ts';
import { runManifestSchema } from '../../schemas/run-manifest.ts';
import { executionIdSchema } from '../../schemas/common.ts';
import type { ExecutionInput, LoadManifestInput, Pointers } from '../../schemas/task-io.ts';
import { loadManifestInputSchema } from '../../schemas/task-io.ts';
import { NamedError } from '../errors.ts';
import { canonicalJson, canonicalSha256 } from '../identity/canonical-json.ts';
import { sha256Hex } from '../identity/hash.ts';
import { dateOf, instantMs, isoWeekOf } from '../identity/iso-week.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { artefactKey, manifestContent } from '../manifest/build-manifest.ts';
import { describeIssues } from '../manifest/describe-issues.ts';
import { parseConfig, type ParsedConfig } from '../manifest/parse-config.ts';
import type { Budget, ConfigSource, ObjectStore } from '../ports.ts';
import { decodeUtf8 } from './text-codec.ts';

/** Profile of a raw start-execution with `{}`: the command line's default. */
export const DEFAULT_PROFILE = 'quick';

export interface LoadManifestPorts {
  store: ObjectStore;
  config: ConfigSource;
  budget: Budget;
}

/**
 * State 1. Publishes the artefacts and the manifest write-once, verifies every artefact's SHA-256 in the lake and opens
 * the budget. Idempotent: the same content finds its own bytes. Throws InvalidConfig, ArtefactChanged.
 */
export function createLoadManifest(ports: LoadManifestPorts) {
  return async (request: LoadManifestInput): Promise<Pointers> => {
    const parsed = loadManifestInputSchema.safeParse(request);
    if (!parsed.success) {
      throw new NamedError(
        ERROR.invalidConfig,
        describeIssues('execution input', request, parsed.error.issues).join('\n'),
        {
          hint: 'allowed keys: profile or manifest_key, scheduled_at, execution_id, overrides, limits, retry_errors',
        },
      );
    }
    const { input, execution_name, started_at } = parsed.data;
    const scheduled_at = scheduledTime('execution input', input.scheduled_at ?? started_at);
    const execution_id = input.execution_id ?? idOf(execution_name);
    const manifest =
      input.manifest_key === undefined
        ? await publishManifest(ports, input, scheduled_at)
        : await readManifest(ports.store, input.manifest_key);
    await verifyArtefacts(ports.store, manifest);
    const { profile } = manifest.content;
    const max_cost_usd = input.limits?.max_cost_usd ?? profile.budget_usd;
    await ports.budget.open(execution_id, max_cost_usd);
    return {
      manifest_id: manifest.manifest_id,
      manifest_key: lakeKeys.manifest(manifest.manifest_id),
      execution_id,
      execution_name,
      series: manifest.content.series,
      week: isoWeekOf(scheduled_at),
      dt: dateOf(scheduled_at),
      scheduled_at,
      max_cost_usd,
      run_concurrency: input.limits?.concurrency ?? profile.concurrency.runs,
      judge_concurrency: input.limits?.concurrency ?? profile.concurrency.judges,
      retry_errors: input.retry_errors ?? false,
    };
  };
}

/**
 * The manifest of a config, profile and overrides, not yet written. Content that was used before keeps its id: its date
 * is that of the first execution.
 */
export async function composeManifest(
  store: ObjectStore,
  config: ParsedConfig,
  profile: string,
  overrides: NonNullable<ExecutionInput['overrides']>,
  scheduled_at: string,
): Promise<RunManifest> {
  const content = manifestContent(config, profile, overrides);
  const manifest_sha256 = canonicalSha256(content);
  const hash8 = manifest_sha256.slice(0, 8);
  for await (const { key } of store.list(`${PREFIX.manifests}/manifest_`)) {
    const known = /^manifests\/(manifest_\d{8}_([0-9a-f]{8}))\.json$/.exec(key);
    if (known?.[2] === hash8) return { manifest_id: known[1]!, manifest_sha256, content };
  }
  return {
    manifest_id: `manifest_${dateOf(scheduled_at).replaceAll('-', '')}_${hash8}`,
    manifest_sha256,
    content,
  };
}

async function publishManifest(
  ports: LoadManifestPorts,
  input: ExecutionInput,
  scheduled_at: string,
): Promise<RunManifest> {
  const config = parseConfig(await ports.config.files());
  const manifest = await composeManifest(
    ports.store,
    config,
    input.profile ?? DEFAULT_PROFILE,
    input.overrides ?? {},
    scheduled_at,
  );
  for (const artefact of manifest.content.artefacts) {
    const file = config.files.get(`${artefact.kind}/${artefact.stem}`)!;
    await publish(
      ports.store,
      artefactKey(artefact.kind, artefact.stem, file.extension, file.text),
      file.text,
    );
  }
  await publish(ports.store, lakeKeys.manifest(manifest.manifest_id), `${canonicalJson(manifest)}\n`);
  return manifest;
}

/** Write-once: the same bytes are fine, a changed byte under an existing name is refused. */
async function publish(store: ObjectStore, key: string, text: string): Promise<void> {
  if ((await store.putIfAbsent(key, text)) === 'written') return;
  const stored = await store.get(key);
  if (stored === null || sha256Hex(stored) !== sha256Hex(text)) throw changed(key);
}

/** The manifest under a key, checked against its own hash. Throws ArtefactChanged, InvalidConfig. */
export async function readManifest(store: ObjectStore, key: string): Promise<RunManifest> {
  const bytes = await store.get(key);
  if (bytes === null)
    throw new NamedError(ERROR.invalidConfig, `${key}: expected a manifest in the lake, got nothing`, {
      hint: '`socratic-bench manifest build` writes one',
    });
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(bytes));
  } catch {
    throw changed(key);
  }
  const parsed = runManifestSchema.safeParse(value);
  if (!parsed.success) {
    throw new NamedError(
      ERROR.artefactChanged,
      describeIssues(key, value, parsed.error.issues).slice(0, 5).join('\n'),
      { hint: 'manifests are write-once: restore the file from a copy' },
    );
  }
  const stored = (value as { content: unknown }).content;
  if (canonicalSha256(stored) !== parsed.data.manifest_sha256) throw changed(key);
  // The id is no part of the content: the key it stands under holds it.
  if (lakeKeys.manifest(parsed.data.manifest_id) !== key) throw changed(key);
  return parsed.data;
}

async function verifyArtefacts(store: ObjectStore, manifest: RunManifest): Promise<void> {
  for (const artefact of manifest.content.artefacts) {
    const bytes = await store.get(artefact.key);
    if (bytes === null || sha256Hex(bytes) !== artefact.sha256) throw changed(artefact.key);
  }
}

function changed(key: string): NamedError {
  return new NamedError(ERROR.artefactChanged, `${key}: expected the bytes its SHA-256 names, got others`, {
    hint: 'published files are write-once: restore this one, or give the changed artefact a new version',
  });
}

/** The scheduled time in whole seconds. Throws InvalidConfig for one that the calendar does not have. */
export function scheduledTime(where: string, instant: string): string {
  const seconds = instant.replace(/\.\d+Z$/, 'Z');
  try {
    instantMs(seconds);
  } catch (cause) {
    throw new NamedError(
      ERROR.invalidConfig,
      `${where}: scheduled_at: expected an instant that the calendar has, got "${instant}"`,
      { cause, hint: 'give a UTC time such as 2026-11-16T03:00:00Z' },
    );
  }
  return seconds;
}

/** The name of the Step Functions execution as execution id. Step Functions allows more characters than keys and records do. */
function idOf(execution_name: string): string {
  const parsed = executionIdSchema.safeParse(execution_name);
  if (parsed.success) return parsed.data;
  throw new NamedError(
    ERROR.invalidConfig,
    describeIssues('execution name', execution_name, parsed.error.issues).join('\n'),
    { hint: 'start it under another name, or give the input an execution_id' },
  );
}
