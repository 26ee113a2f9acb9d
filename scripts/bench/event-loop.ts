import { join } from 'node:path';
import { median, type Bench } from './bench.ts';
import { measureCommand } from './measure-process.ts';

/** How late the event loop of `weekly` runs its timers: what a model call in flight would wait for. */
export const eventLoopBench: Bench = {
  name: 'event-loop',
  async run({ folder, repeats }) {
    const runs = [];
    for (let i = 0; i < repeats; i += 1)
      runs.push(
        await measureCommand(['run', '--profile', 'weekly', '--lake', join(folder, `lake-${i}`)], {
          watches_loop: true,
        }),
      );
    return [
      {
        what: 'event-loop lag during weekly, p99',
        measured: median(runs.map((run) => run.loop_lag_p99_ms!)),
        unit: 'ms',
        at_most: 50,
      },
      {
        what: 'the same, longest',
        measured: median(runs.map((run) => run.loop_lag_max_ms!)),
        unit: 'ms',
        at_most: null,
      },
    ];
  },
};
