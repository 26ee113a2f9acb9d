import { join } from 'node:path';
import { median, type Bench } from './bench.ts';
import { measureCommand } from './measure-process.ts';
import { shortTurns, writeOverlay } from './overlay.ts';

/** Samples of a cell that make 180 dialogues of 5 models × 3 temperatures × 3 seeds. */
const REPEATS = 4;

/** The whole pipeline over 7,200 short turns: dialogue, heuristics, judge, CSD, summaries, Parquet. */
export const shortTurnsBench: Bench = {
  name: 'short-turns',
  async run({ folder, repeats }) {
    const config = writeOverlay(join(folder, 'config'), {
      profiles: (shipped) => ({ short: shortTurns(shipped, REPEATS) }),
    });
    const runs = [];
    for (let i = 0; i < repeats; i += 1)
      runs.push(
        await measureCommand([
          'run',
          '--profile',
          'short',
          '--config',
          config,
          '--lake',
          join(folder, `lake-${i}`),
        ]),
      );
    return [
      {
        what: '7,200 short turns, whole pipeline',
        measured: median(runs.map((run) => run.cpu_s)),
        unit: 'CPU-s',
        at_most: 9,
      },
      {
        what: 'the same, peak memory',
        measured: median(runs.map((run) => run.max_rss_mb)),
        unit: 'MB',
        at_most: 300,
      },
      {
        what: 'the same, elapsed',
        measured: median(runs.map((run) => run.wall_s)),
        unit: 's',
        at_most: null,
      },
    ];
  },
};
