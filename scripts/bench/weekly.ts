import { join } from 'node:path';
import { median, type Bench } from './bench.ts';
import { measureCommand } from './measure-process.ts';

/** Profile `weekly` as shipped: 7,200 turns, up to 128K tokens; and 15 of its longest dialogues, whole against half. */
export const weeklyBench: Bench = {
  name: 'weekly',
  async run({ folder, repeats }) {
    const runs = [];
    for (let i = 0; i < repeats; i += 1)
      runs.push(await measureCommand(['run', '--profile', 'weekly', '--lake', join(folder, `lake-${i}`)]));
    const longest = ['run', '--profile', 'weekly', '--phases', 'P3', '--temps', '0.7'];
    const peakOf = async (turns: number): Promise<number> => {
      const peaks = [];
      for (let i = 0; i < repeats; i += 1) {
        const lake = join(folder, `longest-${turns}-${i}`);
        peaks.push((await measureCommand([...longest, '--turns', String(turns), '--lake', lake])).max_rss_mb);
      }
      return median(peaks);
    };
    const [half, whole] = [await peakOf(20), await peakOf(40)];
    return [
      {
        what: 'profile weekly, elapsed',
        measured: median(runs.map((run) => run.wall_s)),
        unit: 's',
        at_most: 60,
      },
      { what: 'the same, CPU', measured: median(runs.map((run) => run.cpu_s)), unit: 'CPU-s', at_most: null },
      {
        what: 'the same, peak memory',
        measured: median(runs.map((run) => run.max_rss_mb)),
        unit: 'MB',
        at_most: 400,
      },
      // Flat but for the dialogues themselves: 15 prompts of 512 KB are 8 MB.
      {
        what: 'peak of 15 P3 dialogues: 40 turns against 20',
        measured: whole / half,
        unit: '×',
        at_most: 1.2,
      },
    ];
  },
};
