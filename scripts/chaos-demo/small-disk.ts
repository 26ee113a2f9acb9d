import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A folder on a disk that is too small. */
export interface SmallDisk {
  /** Is it a real file system, or system calls that answer as a full one does? */
  isReal: boolean;
  /** What a process needs in its environment to meet the end of the disk. */
  environment: Readonly<Record<string, string>>;
  /** Makes it large. */
  grow(): void;
  remove(): void;
}

const LARGE = '64m';

/** Mounts so many kilobytes of memory as a disk at `folder`; without the right to mount, writes are counted instead. */
export function smallDisk(folder: string, kilobytes: number, writes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  const mount = (...args: string[]) => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
  if (mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder))
    return {
      isReal: true,
      environment: {},
      grow: () => void mount('-o', `remount,size=${LARGE}`, folder),
      remove: () => void spawnSync('umount', [folder], { stdio: 'ignore' }),
    };
  const preload = pathToFileURL(fileURLToPath(new URL('small-disk.mjs', import.meta.url))).href;
  const environment: Record<string, string> = {
    NODE_OPTIONS: `--import=${preload}`,
    DISK_WRITES: String(writes),
  };
  return {
    isReal: false,
    get environment() {
      return environment;
    },
    grow: () => {
      for (const name of Object.keys(environment)) delete environment[name];
    },
    remove: () => undefined,
  };
}
