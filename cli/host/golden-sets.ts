import { parseConfig } from '../../core/manifest/parse-config.ts';
import { resolveProfile } from '../../core/manifest/build-manifest.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { decodeUtf8 } from '../../core/tasks/text-codec.ts';
import { calibrationItemSchema, type CalibrationItem } from '../../schemas/calibration-item.ts';
import { PREFIX } from '../../schemas/names.ts';
import { DEFAULT_PROFILE } from '../commands/select.ts';
import { CliError } from '../failure.ts';
import { folderConfig } from './folder-config.ts';

export interface GoldenSet {
  stem: string;
  /** Where it was found: a lake key, or the path in config/. */
  place: string;
  items: CalibrationItem[];
}

/** A golden set by name, from the lake or else from config/; without a name that of the default profile. */
export async function readGoldenSet(
  store: ObjectStore,
  name: string | undefined,
  configFolder: string | undefined,
): Promise<GoldenSet> {
  const config = parseConfig(await folderConfig(configFolder).files());
  const stem = name ?? resolveProfile(config, DEFAULT_PROFILE, {}).profile.artefacts.golden_set;
  const key = lakeKeys.goldenSet(stem);
  const bytes = /^[a-z0-9][a-z0-9._-]*$/.test(stem) ? await store.get(key) : null;
  if (bytes !== null) return { stem, place: key, items: parseItems(decodeUtf8(bytes), key) };
  const file = config.files.get(`golden/${stem}`);
  if (file !== undefined)
    return { stem, place: `config/${file.path}`, items: parseItems(file.text, `config/${file.path}`) };
  const inConfig = [...config.files.values()].filter(({ kind }) => kind === 'golden').map((one) => one.stem);
  const known = [...new Set([...inConfig, ...(await goldenStems(store))])].sort();
  throw new CliError('usage', `no golden set "${stem}"`, `there are: ${known.join(', ')}`);
}

/** Names of the golden sets in a lake. */
export async function goldenStems(store: ObjectStore): Promise<string[]> {
  const stems: string[] = [];
  for await (const { key } of store.list(`${PREFIX.goldenSets}/`)) {
    const stem = /\/([^/]+)\.jsonl$/.exec(key)?.[1];
    if (stem !== undefined) stems.push(stem);
  }
  return stems;
}

function parseItems(text: string, place: string): CalibrationItem[] {
  return text.split('\n').flatMap((line, index) => {
    if (line === '') return [];
    const parsed = calibrationItemSchema.safeParse(JSON.parse(line));
    if (parsed.success) return [parsed.data];
    const issue = parsed.error.issues[0]!;
    throw new CliError('config', `${place}:${index + 1}: ${issue.path.join('.')}: ${issue.message}`);
  });
}
