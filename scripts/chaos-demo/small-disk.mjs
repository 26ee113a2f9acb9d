/** Preloaded where no small disk can be mounted: after DISK_WRITES writes the disk is full, as the kernel would say it. */
import { createRequire, syncBuiltinESMExports } from 'node:module';

const fs = createRequire(import.meta.url)('node:fs');
const { writeSync } = fs;
let left = Number(process.env.DISK_WRITES);
fs.writeSync = (fd, ...rest) => {
  if (fd > 2) left -= 1;
  if (left < 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  return writeSync(fd, ...rest);
};
syncBuiltinESMExports();
