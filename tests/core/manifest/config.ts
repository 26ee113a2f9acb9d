import { readdirSync, readFileSync } from 'node:fs';
import { parseConfig, type ConfigFile, type ParsedConfig } from '../../../core/manifest/parse-config.ts';

const root = new URL('../../../config/', import.meta.url);

/** The shipped config folder, as LoadManifest reads it. */
export const SHIPPED: readonly ConfigFile[] = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.pathname.length).replace(/^\//, ''))
  .sort()
  .map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }));

export const PROFILES = 'profiles/profiles-1.0.json';
export const MODELS = 'models/models-1.0.json';

/** A list of one: a shipped file with its text changed. Throws when nothing changed. */
export function withText(path: string, change: (text: string) => string): ConfigFile[] {
  const text = change(textOf(path));
  if (text === textOf(path)) throw new Error(`${path}: expected a change, got none`);
  return [{ path, text }];
}

export function textOf(path: string): string {
  const file = SHIPPED.find((one) => one.path === path);
  if (file === undefined) throw new Error(`config/${path}: expected a shipped file, got none`);
  return file.text;
}

/** JSON as a test sees it: changed in place, checked by the code under test. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

/** A list of one: a shipped JSON file changed in place. */
export function withJson(path: string, change: (value: Loose) => void): ConfigFile[] {
  return withText(path, (text) => {
    const value: Loose = JSON.parse(text);
    change(value);
    return JSON.stringify(value);
  });
}

let parsed: ParsedConfig | null = null;
/** The shipped config, parsed once a test file. */
export function shippedConfig(): ParsedConfig {
  parsed ??= parseConfig(SHIPPED);
  return parsed;
}

/** The shipped config with some files changed; only those are parsed again. */
export function configWith(...changed: readonly ConfigFile[]): ParsedConfig {
  const base = shippedConfig();
  const over = parseConfig(changed);
  return {
    models: new Map([...base.models, ...over.models]),
    seeds: new Map([...base.seeds, ...over.seeds]),
    rubrics: new Map([...base.rubrics, ...over.rubrics]),
    phases: new Map([...base.phases, ...over.phases]),
    alerts: new Map([...base.alerts, ...over.alerts]),
    profiles: new Map([...base.profiles, ...over.profiles]),
    files: new Map([...base.files, ...over.files]),
  };
}

/** The message of the error that a call throws; '' when it throws none. */
export function messageOf(call: () => unknown): string {
  try {
    call();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
