import { join } from 'node:path';
import { createFolderConfig } from '../../adapters/local/folder-config.ts';
import type { ConfigSource } from '../../core/ports.ts';
import { packageRoot } from './package-root.ts';

/** The shipped config/ folder, with the user's laid over it. */
export function folderConfig(userFolder: string | undefined): ConfigSource {
  return createFolderConfig([
    join(packageRoot(), 'config'),
    ...(userFolder === undefined ? [] : [userFolder]),
  ]);
}
