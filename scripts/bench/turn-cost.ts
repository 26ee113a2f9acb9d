import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawTurn } from '../../schemas/turn.ts';
import { median, type Bench } from './bench.ts';
import { bytesOf, filesBelow } from './lake-files.ts';
import { measureCommand, type Measured } from './measure-process.ts';
import { shortTurns, withPhaseTurns, writeOverlay } from './overlay.ts';

const FEW_TURNS = 40;
const MANY_TURNS = 400;
/** The shortest dialogue that can be scored: what is left is the cost of a start. */
const START_TURNS = 3;

/** What a turn costs late in a long dialogue: CPU and bytes of 45 dialogues of 400 turns against 40. */
export const turnCostBench: Bench = {
  name: 'turn-cost',
  async run({ folder, repeats }) {
    const config = writeOverlay(join(folder, 'config'), {
      profiles: (shipped) => ({ long: shortTurns(shipped, 1) }),
      phases: withPhaseTurns(MANY_TURNS),
    });
    const measured = async (turns: number): Promise<{ cpu_s: number; bytes: number }> => {
      const runs: Measured[] = [];
      for (let i = 0; i < repeats; i += 1)
        runs.push(
          await measureCommand(
            ['run', '--profile', 'long', '--turns', String(turns), '--config', config].concat([
              '--lake',
              join(folder, `lake-${turns}-${i}`),
            ]),
          ),
        );
      return {
        cpu_s: median(runs.map((run) => run.cpu_s)),
        bytes: bytesOf(join(folder, `lake-${turns}-0`), ['checkpoints', 'raw', 'judged']),
      };
    };
    const [start, few, many] = [
      await measured(START_TURNS),
      await measured(FEW_TURNS),
      await measured(MANY_TURNS),
    ];

    const longest = join(folder, 'longest');
    await measureCommand([
      'run',
      '--profile',
      'weekly',
      '--phases',
      'P3',
      '--temps',
      '0.7',
      '--lake',
      longest,
    ]);
    return [
      { what: 'CPU of 400 turns against 40', measured: many.cpu_s / few.cpu_s, unit: '×', at_most: 12 },
      {
        what: 'the same without the cost of a start',
        measured: (many.cpu_s - start.cpu_s) / (few.cpu_s - start.cpu_s),
        unit: '×',
        at_most: 12,
      },
      {
        what: 'bytes written for 400 turns against 40',
        measured: many.bytes / few.bytes,
        unit: '×',
        at_most: 12,
      },
      {
        what: 'raw log of P3 dialogues against their text',
        measured: bytesOf(longest, ['raw']) / textBytes(join(longest, 'raw')),
        unit: '×',
        at_most: 2,
      },
      {
        what: 'the same with the checkpoints of the turns',
        measured:
          (bytesOf(longest, ['raw']) + bytesOf(longest, ['checkpoints'], '/turn-')) /
          textBytes(join(longest, 'raw')),
        unit: '×',
        at_most: 2,
      },
    ];
  },
};

/** UTF-8 bytes of what student and tutor said, pasted material included. */
function textBytes(raw: string): number {
  let bytes = 0;
  for (const path of filesBelow(raw))
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line === '') continue;
      const turn = JSON.parse(line) as RawTurn;
      bytes += Buffer.byteLength(turn.student.text) + Buffer.byteLength(turn.tutor_text);
    }
  return bytes;
}
