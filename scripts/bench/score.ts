import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { filesBelow } from './lake-files.ts';
import { measureCommand, measureProcess } from './measure-process.ts';
import { shortTurns, withPhaseTurns, writeOverlay } from './overlay.ts';
import { processPath, root } from './processes.ts';
import type { ScoreReport, ScoreRequest } from './processes/score.ts';

const FEW_TURNS = 40;
const MANY_TURNS = 400;
/** Dialogues of each length that are scored: the tutors of `weekly`. */
const DIALOGUES = 5;

/** Heuristics and CSD of whole dialogues on one core, as `score` does it. */
export const scoreBench: Bench = {
  name: 'score',
  async run({ folder }) {
    const config = writeOverlay(join(folder, 'config'), {
      profiles: (shipped) => {
        const short = shortTurns(shipped, 1);
        return { long: { ...short, temperatures: [0.7], seeds: short.seeds.slice(0, 1) } };
      },
      phases: withPhaseTurns(MANY_TURNS),
    });
    const rawOf = async (turns: number): Promise<string[]> => {
      const lake = join(folder, `lake-${turns}`);
      const selectors = ['--profile', 'long', '--turns', String(turns)];
      await measureCommand(['run', ...selectors, '--config', config, '--lake', lake]);
      return filesBelow(join(lake, 'raw')).slice(0, DIALOGUES);
    };
    const request: ScoreRequest = {
      rubric: join(root, 'config', 'rubrics', 'rubric-1.1.json'),
      heuristics: join(root, 'config', 'heuristics', 'heuristics-1.0.json'),
      few: await rawOf(FEW_TURNS),
      many: await rawOf(MANY_TURNS),
    };
    const { stdout } = await measureProcess([await processPath('score'), JSON.stringify(request)]);
    const { few_ms, many_ms } = JSON.parse(stdout) as ScoreReport;
    return [
      { what: 'heuristics and CSD of a 40-turn dialogue, CPU', measured: few_ms, unit: 'ms', at_most: 20 },
      // Linear is 10; the rest is room for a longer dialogue's colder caches.
      { what: '400 turns against 40', measured: many_ms / few_ms, unit: '×', at_most: 12 },
    ];
  },
};
