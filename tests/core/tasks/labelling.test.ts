import { beforeAll, describe, expect, it } from '@jest/globals';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { turnItemId } from '../../../core/labelling/draw-turns.ts';
import { createAggregate } from '../../../core/tasks/aggregate.ts';
import { readCorrectionLabels } from '../../../core/tasks/correction-labels.ts';
import { createJudgeRun } from '../../../core/tasks/judge-run.ts';
import { readAudit, readTurn } from '../../../core/tasks/label-items.ts';
import { createLabelling, type Labelling } from '../../../core/tasks/labelling.ts';
import { createRunDialogue } from '../../../core/tasks/run-dialogue.ts';
import { CRITERION_NAMES } from '../../../schemas/common.ts';
import type { LabelActionRequest, LabelMarks, SessionView } from '../../../schemas/label.ts';
import { clock, createFakeIndex, GO_ON, planBench, portsOf, type Planned } from './bench.ts';
import { copyOf, FakeStore, textsOf, type Lake } from './fake-store.ts';

let planned: Planned;
let lake: Lake;
beforeAll(async () => {
  planned = await planBench();
  lake = copyOf(planned.lake);
  const store = new FakeStore(lake);
  const ports = portsOf(planned, store);
  for (const row of planned.rows) {
    await createRunDialogue(ports)(row, GO_ON);
    await createJudgeRun(ports)(row, GO_ON);
  }
  const tables = { open: () => ({ append: () => undefined, finish: () => new Uint8Array() }) };
  await createAggregate({ store, index: createFakeIndex(), tables, measure: ports.measure })(
    planned.pointers,
  );
});

const marks = (mark: number): LabelMarks =>
  Object.fromEntries(CRITERION_NAMES.map((name) => [name, mark])) as LabelMarks;
const label = (position: number, mark: number): LabelActionRequest => ({
  action: 'label',
  position,
  marks: marks(mark),
  violations: [],
});

function labellingOver(store: FakeStore): Labelling {
  const { content } = planned.measure.manifest;
  return createLabelling({
    store,
    clock,
    rubric: planned.measure.rubric,
    measure: async () => planned.measure,
    source: async () => ({
      plan_key: planned.pointers.plan_key,
      series: planned.pointers.series,
      measure_sha256: content.measure_sha256,
    }),
  });
}

/** A rater who gives every item of a session the mark that a function says. */
async function labelAll(
  labelling: Labelling,
  rater: string,
  queue: 'golden' | 'audit',
  mark: (id: string) => number,
): Promise<void> {
  let view: SessionView = await labelling.open(rater, queue, 'labels');
  while (view.position !== null)
    view = (await labelling.act(rater, view.session, label(view.position, mark(view.item!.item_id))))!;
}

describe('labelling', () => {
  it('shows a turn with its dialogue, and nothing of model, judge or score', async () => {
    const { item, queue } = await labellingOver(new FakeStore(copyOf(lake))).open('ann', 'golden', 'labels');
    expect(queue).toBe('golden');
    expect(item!.context.at(-1)!.role).toBe('student');
    expect(item!.tutor_text).not.toBe('');
    const shown = JSON.stringify(item);
    for (const row of planned.rows) expect(shown).not.toContain(`"${row.model}`);
    expect(shown).not.toMatch(/score|judge|model|heuristic/);
  });

  it('goes on where a rater stopped, and undoes by one more record', async () => {
    const store = new FakeStore(copyOf(lake));
    const first = await labellingOver(store).open('ann', 'audit', 'labels');
    await labellingOver(store).act('ann', first.session, label(0, 5));
    await labellingOver(store).act('ann', first.session, { action: 'skip', position: 1, reason: 'cut off' });
    expect(await labellingOver(store).open('ann', 'audit', 'labels')).toMatchObject({
      session: first.session,
      position: 2,
      n_done: 2,
    });
    const back = await labellingOver(store).act('ann', first.session, { action: 'undo' });
    expect(back).toMatchObject({ position: 1, n_done: 1, can_undo: true });
    const kept = Object.keys(textsOf(store.lake, `labels/ann/${first.session}/`));
    expect(kept.map((key) => key.slice(-8))).toEqual(['000.json', '001.json', '002.json', '003.json']);
  });

  it('refuses a second window that marks what the first one has marked', async () => {
    const labelling = labellingOver(new FakeStore(copyOf(lake)));
    const { session } = await labelling.open('ann', 'golden', 'labels');
    await labelling.act('ann', session, label(0, 5));
    await expect(labelling.act('ann', session, label(0, 1))).rejects.toMatchObject({ name: 'PlanConflict' });
    expect(await labelling.act('ann', 'no-such', label(0, 1))).toBeNull();
  });

  it('says when there is nothing left to label', async () => {
    const labelling = labellingOver(new FakeStore(copyOf(lake)));
    await labelAll(labelling, 'ann', 'golden', () => 4);
    await expect(labelling.open('ann', 'golden', 'labels')).rejects.toThrow(/no golden candidate/);
    await expect(labelling.open('ann', 'golden', 'adjudication')).rejects.toThrow(/nowhere differ/);
  });

  it('lets a third person decide where two differ, seeing both without names', async () => {
    const labelling = labellingOver(new FakeStore(copyOf(lake)));
    await labelAll(labelling, 'ann', 'golden', () => 5);
    await labelAll(labelling, 'bob', 'golden', () => 2);
    expect((await labelling.draft()).items).toEqual([]);
    let view = await labelling.open('cyd', 'golden', 'adjudication');
    expect(view.opinions.map((opinion) => opinion.marks.relevance).sort()).toEqual([2, 5]);
    expect(JSON.stringify(view)).not.toMatch(/ann|bob/);
    while (view.position !== null)
      view = (await labelling.act('cyd', view.session, label(view.position, 5)))!;
    const { items } = await labelling.draft();
    expect(items).toHaveLength(view.n_items);
    expect(items[0]).toMatchObject({ expert_score: 10, raters: ['ann', 'bob', 'cyd'] });
  });
});

describe('labels of the audit queue', () => {
  const facts = (week: string) => ({
    series: planned.pointers.series,
    measure_sha256: planned.measure.manifest.content.measure_sha256,
    week,
  });

  it('correct later weeks by the random control alone, with the score people agree on', async () => {
    const store = new FakeStore(copyOf(lake));
    const labelling = labellingOver(store);
    await labelAll(labelling, 'ann', 'audit', () => 3);
    const random = (await readAudit(store)).filter(({ drawn_as }) => drawn_as === 'random');
    const labels = await readCorrectionLabels(store, facts('2026-W48'), planned.measure.rubric);
    expect(labels).toHaveLength(random.length);
    for (const [index, item] of random.entries()) {
      const { turn } = (await readTurn(store, item.run_id, item.turn_index))!;
      expect(labels[index]).toEqual({
        human: 6,
        machine: turn.score,
        draw_probability: item.draw_probability,
      });
    }
    expect((await labelling.statistics('audit')).corrections).toEqual({
      n_labels: random.length,
      n_needed: 100,
      note: `not corrected (${random.length} of 100 labels)`,
    });
  });

  it('correct nothing of another measure or series, of their own week, or after twelve', async () => {
    const store = new FakeStore(copyOf(lake));
    await labelAll(labellingOver(store), 'ann', 'audit', () => 3);
    const read = (change: object) =>
      readCorrectionLabels(store, { ...facts('2026-W48'), ...change }, planned.measure.rubric);
    expect(await read({ series: 'other' })).toEqual([]);
    expect(await read({ measure_sha256: 'f'.repeat(64) })).toEqual([]);
    expect(await read({ week: '2026-W47' })).toEqual([]);
    expect(await read({ week: '2027-W06' })).not.toEqual([]);
    expect(await read({ week: '2027-W07' })).toEqual([]);
  });

  it('wait while raters disagree, and read nothing else where there is no label', async () => {
    const store = new FakeStore(copyOf(lake));
    const [item] = await readAudit(store);
    const id = turnItemId(item!.run_id, item!.turn_index);
    await labelAll(labellingOver(store), 'ann', 'audit', () => 5);
    await labelAll(labellingOver(store), 'bob', 'audit', (one) => (one === id ? 0 : 5));
    const random = (await readAudit(store)).filter(({ drawn_as }) => drawn_as === 'random').length;
    const labels = await readCorrectionLabels(store, facts('2026-W48'), planned.measure.rubric);
    expect(labels.length).toBe(random - (item!.drawn_as === 'random' ? 1 : 0));
    const bare = new FakeStore(copyOf(lake));
    await readCorrectionLabels(bare, facts('2026-W48'), planned.measure.rubric);
    expect(bare.operations).toEqual(['list labels/']);
    expect(lakeKeys.label('ann', 's', 7)).toBe('labels/ann/s/007.json');
  });
});
