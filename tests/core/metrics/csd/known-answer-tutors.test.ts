import { describe, expect, it, test } from '@jest/globals';
import { CSD_DIMENSIONS, type CsdDimension } from '../../../../schemas/csd-subscores.ts';
import { correlationTable } from './fixtures/correlation-table.ts';
import { play, type Played } from './fixtures/play.ts';
import { FRACTIONS, ROTA, type Script } from './fixtures/scripts.ts';
import { createSound, DEFECTIVE, type DefectName } from './fixtures/tutors.ts';

/** The dimension each tutor is built to fail, and those that its defect touches by its nature. */
const DEFECTS: Record<DefectName, { own: CsdDimension; touched: readonly CsdDimension[] }> = {
  // What is parroted stands in no question, is always the same question, and always of one kind.
  echo: { own: 'cr', touched: ['st', 'nvt', 'ap', 'tc'] },
  forgetful: { own: 'st', touched: [] },
  'decoy-chaser': { own: 'rhd', touched: [] },
  misfit: { own: 'ap', touched: [] },
  template: { own: 'nvt', touched: [] },
  // A question on another matter takes up neither the message nor a point of it.
  hopper: { own: 'tc', touched: ['cr', 'st'] },
  'contradiction-blind': { own: 'ch', touched: [] },
  'meta-deaf': { own: 'ma', touched: [] },
};
const NAMES = Object.keys(DEFECTS) as DefectName[];
const SCRIPTS: readonly Script[] = [ROTA, FRACTIONS];
/** As far as two tutors may lie apart on a dimension that has nothing to do with what parts them. */
const NOISE = 0.1;

const played = new Map(
  SCRIPTS.map((script) => [
    script,
    {
      sound: play(script, createSound()),
      ...(Object.fromEntries(NAMES.map((name) => [name, play(script, DEFECTIVE[name]())])) as Record<
        DefectName,
        Played
      >),
    },
  ]),
);
const valueOf = (script: Script, tutor: DefectName | 'sound', dimension: CsdDimension): number => {
  const value = played.get(script)![tutor].summary.subscores[dimension];
  if (value === null) throw new Error(`${tutor} has no ${dimension} in ${script.domain}`);
  return value;
};

describe.each(SCRIPTS.map((script) => [script.domain, script] as const))('in %s', (_domain, script) => {
  it('a sound tutor does well on every dimension, and best overall', () => {
    for (const dimension of CSD_DIMENSIONS) expect(valueOf(script, 'sound', dimension)).toBeGreaterThan(0.5);
    const { sound, ...others } = played.get(script)!;
    for (const { summary } of Object.values(others)) expect(summary.csd!).toBeLessThan(sound.summary.csd!);
  });

  test.each(NAMES)('the tutor built to fail, %s, ranks last on its own dimension', (name) => {
    const { own } = DEFECTS[name];
    const value = valueOf(script, name, own);
    expect(value).toBeLessThan(valueOf(script, 'sound', own) - 2 * NOISE);
    for (const other of NAMES) {
      if (other === name) continue;
      // Whom the same dimension touches may be as bad, nobody else.
      const margin = DEFECTS[other].touched.includes(own) ? -NOISE : NOISE;
      expect(valueOf(script, other, own)).toBeGreaterThan(value + margin);
    }
  });

  test.each(NAMES)('%s keeps within noise of the sound tutor on what its defect does not touch', (name) => {
    const { own, touched } = DEFECTS[name];
    for (const dimension of CSD_DIMENSIONS) {
      if (dimension === own || touched.includes(dimension)) continue;
      const distance = Math.abs(valueOf(script, name, dimension) - valueOf(script, 'sound', dimension));
      expect({ dimension, distance: distance <= NOISE ? 'noise' : distance }).toEqual({
        dimension,
        distance: 'noise',
      });
    }
  });

  it('an echo stays far below a sound tutor on context responsiveness, though all its words are the student’s', () => {
    expect(valueOf(script, 'echo', 'cr')).toBeLessThan(0.3);
  });

  it('salience recall follows salience tracking, and threads end early only with the tutor that leaves them', () => {
    const { sound, forgetful, hopper } = played.get(script)!;
    expect(sound.summary.salience_recall_at_3!).toBeGreaterThan(
      forgetful.summary.salience_recall_at_3! + 0.3,
    );
    const depthOf = ({ summary }: Played) =>
      summary.thread_depths.reduce((sum, depth) => sum + depth, 0) / summary.thread_depths.length;
    expect(depthOf(sound)).toBeGreaterThan(2 * depthOf(hopper));
  });
});

it('the dimensions are no copies of each other: over all tutors none correlates above .95 with another', () => {
  const { text, highest } = correlationTable([...played.values()].flatMap((tutors) => Object.values(tutors)));
  if (process.env['SHOW_CORRELATIONS'] !== undefined) process.stdout.write(`${text}\n`);
  expect(highest.correlation).toBeLessThan(0.95);
});
