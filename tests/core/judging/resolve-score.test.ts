import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { needsSecondary, resolveScore, type Opinion } from '../../../core/judging/resolve-score.ts';
import { scoreCriteria } from '../../../core/metrics/score-criteria.ts';
import { CRITERION_NAMES, VIOLATIONS, type Criteria, type Violation } from '../../../schemas/common.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';

const rubric = rubricSchema.parse(
  JSON.parse(readFileSync(new URL('../../../config/rubrics/rubric-1.1.json', import.meta.url), 'utf8')),
);
/** An opinion with the same points everywhere, so that its score is those points. */
function opinion(points: number, violations: Violation[] = []): Opinion {
  const criteria = Object.fromEntries(CRITERION_NAMES.map((name) => [name, points])) as Criteria;
  return { criteria, violations, ...scoreCriteria(criteria, violations, rubric) };
}
const resolve = (heuristic: Opinion, primary: Opinion | null, secondary: Opinion | null) =>
  resolveScore(heuristic, primary, secondary, rubric);

describe('needsSecondary', () => {
  test.each([
    [10, 10, false, false],
    [10, 8, false, false],
    [8, 10, false, false],
    [10, 7.99, false, true],
    [3, 9, false, true],
    [9, 9, true, true],
    [2, 10, true, true],
  ])('heuristic %d, judge %d, injection %s: %s', (heuristic, judge, flagged, expected) => {
    expect(needsSecondary(opinion(heuristic), opinion(judge), flagged, rubric)).toBe(expected);
  });
});

describe('resolveScore', () => {
  test.each([
    // [heuristic, primary, secondary] → score, scored_by
    [6, null, null, 6, 'heuristic'],
    [6, 10, null, 10, 'judge'],
    [6, null, 4, 4, 'judge'],
    [0, 9, 8, 8.5, 'resolved'],
    [10, 4, 6, 5, 'resolved'],
    [10, 6, 4, 5, 'resolved'],
    [5, 9, 2, 5, 'resolved'],
    [10, 9, 2, 9, 'resolved'],
    [1, 9, 2, 2, 'resolved'],
    [9, 9, 2, 9, 'resolved'],
    [2, 9, 2, 2, 'resolved'],
  ])('heuristic %s, judge %s, second judge %s: %s, %s', (heuristic, primary, secondary, score, scored_by) => {
    const result = resolve(
      opinion(heuristic),
      primary === null ? null : opinion(primary),
      secondary === null ? null : opinion(secondary),
    );
    expect(result).toMatchObject({ score, scored_by });
  });

  test.each<[string, Violation[], Violation[] | null, Violation[] | null, Violation[]]>([
    ['the heuristic alone', ['advice'], null, null, ['advice']],
    ['the judge alone', ['advice'], ['telling'], null, ['telling']],
    ['the second judge alone', ['advice'], null, ['lecture'], ['lecture']],
    ['both judges', [], ['telling'], ['telling'], ['telling']],
    ['heuristic and one judge', ['telling'], ['telling'], [], ['telling']],
    ['one of three', [], ['telling'], [], []],
    ['one source twice', [], ['telling', 'telling'], [], []],
    [
      'several',
      ['advice', 'lecture'],
      ['telling', 'advice'],
      ['lecture', 'telling'],
      ['telling', 'advice', 'lecture'],
    ],
  ])('lets the violations of %s stand', (_, heuristic, primary, secondary, expected) => {
    const result = resolve(
      opinion(9, heuristic),
      primary === null ? null : opinion(9, primary),
      secondary === null ? null : opinion(9, secondary),
    );
    expect([...result.violations].sort()).toEqual([...expected].sort());
    expect(result.is_compliant).toBe(!expected.some((name) => rubric.disqualifying.includes(name)));
  });

  it('scores 0 what two of three call a refusal, and not what one does', () => {
    expect(resolve(opinion(9, ['refusal']), opinion(9, ['refusal']), opinion(9)).score).toBe(0);
    expect(resolve(opinion(9), opinion(9, ['refusal']), opinion(9)).score).toBe(9);
  });

  it('lies between the lowest and the highest source, and does not depend on which judge is first', () => {
    const points = fc.integer({ min: 0, max: 20 }).map((half) => half / 2);
    const names = fc.subarray([...VIOLATIONS].filter((name) => !rubric.zero_score.includes(name)));
    const source = fc.tuple(points, names).map(([value, violations]) => opinion(value, violations));
    fc.assert(
      fc.property(source, source, source, (heuristic, primary, secondary) => {
        const result = resolve(heuristic, primary, secondary);
        const scores = [heuristic, primary, secondary].map(({ score }) => score);
        expect(result.score).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-6);
        expect(result.score).toBeLessThanOrEqual(Math.max(...scores) + 1e-6);
        const swapped = resolve(heuristic, secondary, primary);
        expect(swapped.score).toBe(result.score);
        expect([...swapped.violations].sort()).toEqual([...result.violations].sort());
      }),
    );
  });
});
