import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the installed package: the nearest one above this file that holds its package.json and config/. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) || !existsSync(join(folder, 'config'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('socratic-bench is installed without its config/ folder: install it again');
    folder = parent;
  }
  return folder;
}

/** Version of the installed package. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
