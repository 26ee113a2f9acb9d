import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { MEASURE_VERSION } from '../schemas/names.ts';
import { replay, type Recording } from './measure/recording.ts';

const recorded = JSON.parse(
  readFileSync(new URL('fixtures/measure-recording.json', import.meta.url), 'utf8'),
) as Recording;

/**
 * Trends compare weeks of one `measure_sha256`. Config is hashed into it; code is not, but for MEASURE_VERSION. So code that
 * changes what students say or what turns score must raise it, or two measures would pass for one.
 */
describe('MEASURE_VERSION (when red: raise it in schemas/names.ts, then `npx tsx scripts/record-measure.ts`)', () => {
  let today: Awaited<ReturnType<typeof replay>>;
  beforeAll(async () => {
    today = await replay(recorded);
  }, 60_000);

  it('is that of the recording', () => {
    expect(recorded.measure_version).toBe(MEASURE_VERSION);
  });

  it('belongs to the config that was recorded (red after a change of config/: record again, no version needed)', () => {
    expect(today.measure_sha256).toBe(recorded.measure_sha256);
  });

  it.each(recorded.results.map((run, index) => [`${run.model} ${run.phase}`, index] as const))(
    'stands for the same student, scores, CSD and half-life: %s',
    (_name, index) => {
      expect(today.results[index]).toEqual(recorded.results[index]);
    },
  );

  it('covers injections: what the student says and what a turn scores differ between turns', () => {
    const turns = recorded.results.flatMap((run) => run.turns);
    expect(new Set(turns.map(({ student }) => student)).size).toBeGreaterThan(20);
    expect(turns.some(({ score }) => score! < 5) && turns.some(({ score }) => score! > 9)).toBe(true);
    expect(turns.some(({ csd }) => csd.rhd !== null) && turns.some(({ csd }) => csd.ma !== null)).toBe(true);
  });
});
