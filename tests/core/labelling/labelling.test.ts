import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { drawTurns, parseTurnItemId, turnItemId } from '../../../core/labelling/draw-turns.ts';
import { goldenItems } from '../../../core/labelling/golden-items.ts';
import { labelStatistics } from '../../../core/labelling/label-statistics.ts';
import { planSession } from '../../../core/labelling/plan-session.ts';
import {
  consensusOf,
  needsAdjudication,
  ratingsByItem,
  ratingsOf,
  type StoredSession,
} from '../../../core/labelling/ratings.ts';
import { replaySession } from '../../../core/labelling/replay-session.ts';
import { CRITERION_NAMES, type Violation } from '../../../schemas/common.ts';
import type { Candidate, LabelMarks, LabelRecord, LabelSession } from '../../../schemas/label.ts';
import { rubricSchema } from '../../../schemas/rubric.ts';
import { readJson } from '../../config/config-files.ts';

const rubric = rubricSchema.parse(readJson('rubrics/rubric-1.1.json'));
const ids = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `item-${String(i).padStart(3, '0')}`);
const marks = (mark: number): LabelMarks =>
  Object.fromEntries(CRITERION_NAMES.map((name) => [name, mark])) as LabelMarks;

/** A session in which a rater gave these marks, in order. */
function sessionOf(
  rater: string,
  given: readonly [item_id: string, mark: number, violations?: Violation[], is_repeat?: boolean][],
  kind: LabelSession['kind'] = 'labels',
): StoredSession {
  const session: LabelSession = {
    rater,
    session: `${kind}-001`,
    queue: 'golden',
    kind,
    created_at: kind === 'labels' ? '2026-11-16T00:00:00Z' : '2026-11-17T00:00:00Z',
    items: given.map(([item_id, , , is_repeat]) => ({ item_id, is_repeat: is_repeat ?? false })),
  };
  const records = given.map(([item_id, mark, violations = []], position): LabelRecord => ({
    rater,
    session: session.session,
    seq: position + 1,
    at: '2026-11-16T00:00:00Z',
    action: 'label',
    position,
    item_id,
    marks: marks(mark),
    violations,
  }));
  return { session, records };
}

describe('a session', () => {
  const plan = (
    rater: string,
    item_ids: string[],
    ratersOf = new Map<string, Set<string>>(),
    session = 's-1',
  ) => planSession({ rater, session, item_ids, ratersOf });

  it('has 25 places, a tenth of them repeats that come at least ten items later', () => {
    const items = plan('ann', ids(60));
    expect(items).toHaveLength(25);
    expect(items.filter(({ is_repeat }) => is_repeat)).toHaveLength(3);
    for (const [place, { item_id, is_repeat }] of items.entries()) {
      const first = items.findIndex((item) => item.item_id === item_id);
      if (is_repeat) expect(place - first).toBeGreaterThan(10);
      else expect(first).toBe(place);
    }
  });

  it('is in an order of its own for each rater, the same one when asked again', () => {
    expect(plan('ann', ids(22))).toEqual(plan('ann', ids(22)));
    const order = (rater: string) => plan(rater, ids(22)).map(({ item_id }) => item_id);
    expect(order('ann')).not.toEqual(order('bob'));
    expect([...new Set(order('ann'))].sort()).toEqual([...new Set(order('bob'))].sort());
  });

  it('brings the doubly labelled share to 30% from the second rater on, whoever labels how often', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ann', 'bob', 'cyd'), { minLength: 2, maxLength: 9 }),
        (raters) => {
          const pool = ids(400);
          const ratersOf = new Map<string, Set<string>>();
          for (const [turn, rater] of raters.entries()) {
            for (const { item_id } of plan(rater, pool, ratersOf, `s-${turn}`))
              ratersOf.set(item_id, (ratersOf.get(item_id) ?? new Set()).add(rater));
            const others = new Set(raters.slice(0, turn + 1)).size;
            const double = [...ratersOf.values()].filter((some) => some.size > 1).length;
            // A rater alone can double nothing; the next other one makes it good.
            if (others > 1 && rater !== raters[turn - 1] && turn === 1)
              expect(double / ratersOf.size).toBeGreaterThanOrEqual(0.3);
          }
        },
      ),
    );
  });

  it('never shows a rater an item of an earlier session, and is empty when all are labelled', () => {
    const mine = new Map(ids(30).map((id) => [id, new Set(['ann'])]));
    expect(
      plan('ann', ids(34), mine)
        .map(({ item_id }) => item_id)
        .sort(),
    ).toEqual(ids(34).slice(30));
    expect(plan('ann', ids(30), mine)).toEqual([]);
  });
});

describe('the records of a session', () => {
  it('stand as they were made, but for what was taken back', () => {
    const { session, records } = sessionOf('ann', [
      ['a', 5],
      ['b', 4],
      ['c', 3],
    ]);
    const [first, second] = records;
    const undo: LabelRecord = {
      rater: 'ann',
      session: session.session,
      seq: 3,
      at: first!.at,
      action: 'undo',
      undoes: 2,
    };
    const state = replaySession(session, [undo, second!, first!]);
    expect([...state.acts.keys()]).toEqual([0]);
    expect([state.next, state.last?.seq, state.n_records]).toEqual([1, 1, 3]);
    expect(replaySession(session, records).next).toBeNull();
  });
});

describe('what raters say together', () => {
  const ratings = (...sessions: StoredSession[]) => ratingsByItem(ratingsOf(sessions, rubric));

  it('is the mean of close marks, and the violations that half of them name', () => {
    const item = ratings(
      sessionOf('ann', [['a', 5, ['advice', 'closed_question']]]),
      sessionOf('bob', [['a', 5, ['advice']]]),
    ).get('a')!;
    expect(consensusOf(item, rubric)).toMatchObject({
      raters: ['ann', 'bob'],
      violations: ['advice', 'closed_question'],
      score: 10,
    });
  });

  it('is nothing while they differ by more than 1.5 points, until somebody decides', () => {
    const [ann, bob] = [sessionOf('ann', [['a', 5]]), sessionOf('bob', [['a', 4]])];
    const apart = ratings(ann, bob).get('a')!;
    expect(needsAdjudication(apart)).toBe(true);
    expect(consensusOf(apart, rubric)).toBeNull();
    const decided = ratings(ann, bob, sessionOf('cyd', [['a', 4]], 'adjudication')).get('a')!;
    expect(consensusOf(decided, rubric)).toMatchObject({ score: 8, raters: ['ann', 'bob', 'cyd'] });
  });

  it('leaves repeats out', () => {
    const item = ratings(
      sessionOf('ann', [
        ['a', 5],
        ['a', 0, [], true],
      ]),
    ).get('a')!;
    expect(item.map(({ score }) => score)).toEqual([10]);
  });
});

describe('statistics of labels', () => {
  const all = ids(12);
  const give = (rater: string, mark: (i: number) => number) =>
    sessionOf(
      rater,
      all.map((id, i) => [id, mark(i)] as [string, number]),
    );

  it('are perfect for raters who agree, with the judge as far off as it is', () => {
    const sessions = [give('ann', (i) => i % 6), give('bob', (i) => i % 6)];
    const judge = new Map(all.map((id, i) => [id, Math.min(10, 2 * (i % 6) + 1)]));
    const statistics = labelStatistics('golden', ratingsOf(sessions, rubric), judge, rubric);
    expect(statistics).toMatchObject({
      n_items: 12,
      n_labels: 24,
      double_frac: 1,
      n_to_adjudicate: 0,
      alpha: { value: 1, ci_low: 1, n: 12 },
      raters_mae_pts: { value: 0 },
      by_rater: [
        { rater: 'ann', n_labels: 12, bias_pts: 0 },
        { rater: 'bob', bias_pts: 0 },
      ],
    });
    expect(statistics.by_criterion[0]).toEqual({ criterion: 'open_ended', n_pairs: 12, kappa: 1, alpha: 1 });
    expect(statistics.judge?.bias_pts?.value).toBeCloseTo(10 / 12);
  });

  it("find a severe rater's bias, and a rater who contradicts themself", () => {
    const ann = sessionOf('ann', [
      ...all.map((id, i) => [id, 1 + (i % 5)] as [string, number]),
      ['item-000', 5, [], true],
    ]);
    const { by_rater, self_mae_pts, alpha } = labelStatistics(
      'golden',
      ratingsOf([ann, give('bob', (i) => i % 5)], rubric),
      new Map(),
      rubric,
    );
    expect(by_rater.map(({ bias_pts }) => bias_pts)).toEqual([2, -2]);
    expect(self_mae_pts).toMatchObject({ value: 8, n: 1 });
    expect(alpha!.value).toBeLessThan(1);
    expect(alpha!.ci_low).toBeLessThanOrEqual(alpha!.value);
  });

  it('are null where there is nothing to measure', () => {
    const { alpha, judge, double_frac } = labelStatistics('audit', [], new Map(), rubric);
    expect([alpha, judge, double_frac]).toEqual([null, null, null]);
  });
});

describe('a golden set from labels', () => {
  it('holds what raters agree on, and says what it leaves out', () => {
    const candidates = new Map(
      ids(3).map((item_id): [string, Candidate] => [
        item_id,
        {
          item_id,
          domain: 'd',
          goal: 'g',
          reference_answer: null,
          context: [{ role: 'student', text: 's' }],
          tutor_text: 't',
          source: 'x',
        },
      ]),
    );
    const sessions = [
      sessionOf('ann', [
        ['item-000', 5],
        ['item-001', 5],
        ['item-002', 1],
      ]),
      sessionOf('bob', [
        ['item-000', 5],
        ['item-002', 5],
      ]),
    ];
    const draft = goldenItems(ratingsByItem(ratingsOf(sessions, rubric)), candidates, rubric);
    expect(draft.items.map(({ item_id, raters }) => [item_id, raters])).toEqual([
      ['item-000', ['ann', 'bob']],
      ['item-001', ['ann']],
    ]);
    expect([draft.n_single, draft.n_undecided]).toEqual([1, 1]);
  });
});

describe('turns drawn for labelling', () => {
  it('are one a run, compliant and not in turn', () => {
    const runs = ids(40).map((_, i) => ({
      run_id: `01KA0000000000000000000${String(i).padStart(3, '0')}`,
      is_compliant_by_turn: [true, null, false, true],
    }));
    const drawn = drawTurns(runs as never).map((id) => parseTurnItemId(id)!);
    expect(new Set(drawn.map(({ run_id }) => run_id)).size).toBe(40);
    expect(drawn.filter(({ turn_index }) => turn_index === 3)).toHaveLength(20);
    expect(drawn.some(({ turn_index }) => turn_index === 2)).toBe(false);
  });

  it('keep run and turn in their id', () => {
    expect(parseTurnItemId(turnItemId('01KA0000000000000000000000', 12))).toEqual({
      run_id: '01KA0000000000000000000000',
      turn_index: 12,
    });
    expect(parseTurnItemId('evaluator-01KA0000000000000000000000')).toBeNull();
  });
});
