/**
 * Preloaded into the processes under test: their clock runs NEMESIS_HURRY times as fast, so that the waits of the shipped
 * retry policy (seconds to minutes) take milliseconds. Timers and the monotonic clock agree; nothing else is touched.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';

const hurry = Number(process.env.NEMESIS_HURRY ?? '1');
const promised = createRequire(import.meta.url)('node:timers/promises');
const { setTimeout: plain } = globalThis;
const { setTimeout: wait } = promised;
globalThis.setTimeout = (work, ms, ...rest) => plain(work, (ms ?? 0) / hurry, ...rest);
promised.setTimeout = (ms, ...rest) => wait((ms ?? 0) / hurry, ...rest);
const now = performance.now.bind(performance);
performance.now = () => now() * hurry;
syncBuiltinESMExports();
