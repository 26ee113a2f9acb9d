import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../config/', import.meta.url));

/** Text of a shipped config file, path below config/. */
export function readText(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8');
}

/** A shipped config file as JSON. */
export function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}

/** Names of the files in a folder below config/, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(`${root}${folder}`, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

/** The ids that occur more than once. */
export function repeated(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

/** Does a text hold a term as words of its own? */
export function says(text: string, term: string): boolean {
  const escaped = term.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped}(?![\p{L}\p{N}])`, 'iu').test(text);
}
