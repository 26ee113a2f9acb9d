import { beforeAll, describe, expect, it } from '@jest/globals';
import { rmstOf, survivalOf } from '../../core/aggregate/run-group.ts';
import type { ClusterMean } from '../../core/statistics/cluster-mean.ts';
import { CSD_DIMENSIONS } from '../../schemas/csd-subscores.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import {
  DEFECTS,
  declineBeyond,
  declineOf,
  declines,
  declinesClaimed,
  dimensionGaps,
  dimensionMean,
  halfLifeAnswers,
  measureDimensions,
  measureHalfLives,
  measureShortPhases,
  PHASES,
} from './known-answers.ts';

/**
 * On a dimension that a defect does not touch, a tutor may differ from steadfast by this much; every planted defect lies
 * beyond it with its whole interval, so that no bystander is mistaken for a culprit.
 */
const NOISE_MARGIN = 0.15;

const rangeText = ({ mean, ci_low, ci_high }: ClusterMean) =>
  `${mean.toFixed(2)} [${ci_low!.toFixed(2)}, ${ci_high!.toFixed(2)}]`;
const of = (runs: readonly RunSummary[], model: string) => runs.filter((run) => run.model === model);

let halfLives: RunSummary[] = [];
beforeAll(async () => {
  halfLives = await measureHalfLives();
}, 120_000);

describe('half-life of tutors whose truth is known, through the real tasks', () => {
  let runs: RunSummary[] = [];
  let short: RunSummary[] = [];
  beforeAll(async () => {
    runs = halfLives;
    short = await measureShortPhases();
  }, 120_000);

  it.each(PHASES)(
    'finds the turn from which drifters tell, within one turn, in at least 95%% of runs: %s',
    (phase) => {
      const answers = halfLifeAnswers(runs).filter((answer) => answer.phase === phase);
      console.info(
        answers
          .map(
            (one) => `${one.model} ${phase}: exact ${one.n_exact}, ±1 ${one.n_within_one} of ${one.n_runs}`,
          )
          .join('\n'),
      );
      const n_runs = answers.reduce((sum, answer) => sum + answer.n_runs, 0);
      const n_within_one = answers.reduce((sum, answer) => sum + answer.n_within_one, 0);
      expect(n_runs).toBeGreaterThanOrEqual(20);
      expect(n_within_one / n_runs).toBeGreaterThanOrEqual(0.95);
    },
  );

  it('censors steadfast at the horizon, always', () => {
    const steadfast = of(runs, 'steadfast');
    expect(steadfast.length).toBeGreaterThanOrEqual(20);
    expect(new Set(steadfast.map(({ censor_reason }) => censor_reason))).toEqual(new Set(['horizon']));
  });

  it('gives inconsistent-05 half-lives and no decline: it fails at random and never changes', () => {
    const inconsistent = of(runs, 'inconsistent-05');
    const reached = inconsistent.filter(({ half_life_turn }) => half_life_turn !== null).length;
    const claimed = declinesClaimed(runs, 'inconsistent-05');
    const pooled = declineOf(runs, 'inconsistent-05');
    // The script's later turns are a little harder for everybody: steadfast on the same cells shows by how much.
    const beyond = declineBeyond(runs, 'inconsistent-05', 'steadfast');
    console.info(
      `inconsistent-05: half-life in ${reached} of ${inconsistent.length}, a decline claimed in ${claimed}; ` +
        `decline ${rangeText(pooled)}, beyond steadfast ${rangeText(beyond)}, steadfast ${rangeText(declineOf(runs, 'steadfast'))}`,
    );
    expect(reached / inconsistent.length).toBeGreaterThan(0.5);
    // Every change of config/ draws anew. Bounds at the nominal level would be red in one draw of twenty without a reason,
    // so they leave room: three runs of twenty, and a quarter point.
    expect(claimed / inconsistent.length).toBeLessThanOrEqual(0.15);
    expect(beyond.ci_low!).toBeLessThan(0.25);
  });

  it('does not say of steadfast that it declines; of single runs hardly ever, its interval being one of 95%', () => {
    expect(declines(runs, 'steadfast')).toBe(false);
    expect(declinesClaimed(runs, 'steadfast')).toBeLessThanOrEqual(2);
  });

  it('shows a decline where there is one', () => {
    expect(declines(runs, 'drifter-20')).toBe(true);
    expect(declineBeyond(runs, 'drifter-20', 'steadfast').ci_low!).toBeGreaterThan(5);
  });

  it('censors a drifter whose turn lies beyond the last one of a short phase', () => {
    for (const run of short) {
      const truth = Number(run.model.split('-')[1]);
      if (truth > run.planned_turns)
        expect(run).toMatchObject({ half_life_turn: null, censor_reason: 'horizon' });
      else expect(Math.abs((run.half_life_turn ?? Infinity) - truth)).toBeLessThanOrEqual(1);
    }
    expect(short.some(({ is_censored }) => is_censored)).toBe(true);
  });
});

describe('dimensions of tutors that fail in one way each', () => {
  let runs: RunSummary[] = [];
  beforeAll(async () => {
    runs = await measureDimensions(halfLives);
    const rows = ['steadfast', ...DEFECTS.map(({ model }) => model)].map((model) =>
      [
        model.padEnd(20),
        ...CSD_DIMENSIONS.map((name) => dimensionMean(runs, model, name)?.toFixed(2).padStart(6) ?? '     –'),
      ].join(''),
    );
    console.info(
      [`${' '.repeat(20)}${CSD_DIMENSIONS.map((name) => name.padStart(6)).join('')}`, ...rows].join('\n'),
    );
  }, 120_000);

  it.each(DEFECTS)('$model is last on $dimension, by a gap that excludes 0', ({ model, dimension }) => {
    const others = ['steadfast', ...DEFECTS.map((defect) => defect.model)].filter((name) => name !== model);
    for (const other of others) {
      const { gap } = dimensionGaps(runs, model, other).find((one) => one.dimension === dimension)!;
      const isTouched = DEFECTS.some(
        (defect) => defect.model === other && defect.touches.includes(dimension),
      );
      // A tutor whose own defect touches the dimension may come as low, but no lower.
      if (isTouched) expect({ other, is_lower: gap.ci_high! < 0 }).toEqual({ other, is_lower: false });
      else expect({ other, is_higher: gap.ci_low! > 0 }).toEqual({ other, is_higher: true });
    }
  });

  it.each(DEFECTS)('$model stays within noise of steadfast on dimensions it does not touch', (defect) => {
    const gaps = dimensionGaps(runs, defect.model, 'steadfast').filter(
      ({ dimension }) => dimension !== defect.dimension && !defect.touches.includes(dimension),
    );
    expect(gaps.length).toBeGreaterThanOrEqual(3);
    const beyond = gaps.filter(({ gap }) => Math.abs(gap.mean) > NOISE_MARGIN);
    expect(beyond.map(({ dimension, gap }) => `${dimension} ${gap.mean.toFixed(3)}`)).toEqual([]);
  });

  it('separates every planted defect from that noise, its whole interval', () => {
    for (const { model, dimension } of DEFECTS) {
      const { gap } = dimensionGaps(runs, model, 'steadfast').find((one) => one.dimension === dimension)!;
      expect({ model, isClear: gap.ci_low! > NOISE_MARGIN }).toEqual({ model, isClear: true });
    }
  });

  it.each(['template', 'echo'])('%s does not reach the half-life of steadfast', (model) => {
    const rmst = (name: string) => rmstOf({ summaries: of(runs, name), horizon: 40 }, survivalOf)!;
    console.info(`RMST ${model} ${rmst(model).toFixed(1)}, steadfast ${rmst('steadfast').toFixed(1)} of 40`);
    expect(rmst(model)).toBeLessThan(rmst('steadfast') - 10);
  });
});
