import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { NamedError } from '../../core/errors.ts';
import type { ConfigSource } from '../../core/ports.ts';
import { ERROR } from '../../schemas/names.ts';

/** Largest config file that is read; the shipped ones stay below 3 MB. */
const MAX_CONFIG_BYTES = 20_000_000;

/** Config folders laid one over the other: a file of the same path replaces an earlier folder's, another path adds to it. */
export function createFolderConfig(folders: readonly string[]): ConfigSource {
  let read: Promise<readonly { path: string; text: string }[]> | null = null;
  return {
    files() {
      read ??= readAll(folders);
      return read;
    },
  };
}

async function readAll(folders: readonly string[]): Promise<{ path: string; text: string }[]> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const path of await listFiles(folder)) {
      const text = await readFile(join(folder, path), 'utf8');
      if (text.length > MAX_CONFIG_BYTES)
        throw new NamedError(
          ERROR.invalidConfig,
          `${join(folder, path)}: expected at most ${MAX_CONFIG_BYTES} bytes, got ${text.length}`,
        );
      files.set(path, text);
    }
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => ({ path, text }));
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  } catch (cause) {
    throw new NamedError(
      ERROR.invalidConfig,
      `${folder}: expected a config folder, got ${(cause as NodeJS.ErrnoException).code ?? 'an error'}`,
      {
        cause,
        hint: 'name an existing folder with --config; `socratic-bench init` writes a starter one',
      },
    );
  }
}
