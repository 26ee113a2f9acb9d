import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiHandler } from '../../api/http.ts';
import { problemSchema } from '../../api/problem.ts';
import { executionSummarySchema } from '../../schemas/execution-summary.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { FakeStore } from '../core/tasks/fake-store.ts';
import { addExecution, apiOver, get } from './lake.ts';

const store = new FakeStore();
let api: ApiHandler;
let runs: RunSummary[];
beforeAll(async () => {
  await addExecution(store, 'weekly-1', '2026-W46', 3);
  await addExecution(store, 'weekly-2-first', '2026-W47', 4, { ended_at: '2026-11-16T04:00:00Z' });
  runs = await addExecution(store, 'weekly-2', '2026-W47', 13);
  await addExecution(store, 'weekly-2-failed', '2026-W47', 1, {
    state: 'failed',
    ended_at: '2026-11-16T09:00:00Z',
  });
  await addExecution(store, 'mine', '2026-W48', 2, { series: 'quick' });
  api = apiOver(store);
});
const json = async (path: string, query = '') => {
  const { status, body } = await get(api, path, query);
  return { status, body: JSON.parse(body) };
};

describe('GET /runs', () => {
  it('reads the last finished execution of the week, in plan order', async () => {
    const { status, body } = await json('/runs', 'week=2026-W47&limit=200');
    expect(status).toBe(200);
    expect(body).toMatchObject({ execution_id: 'weekly-2', series: 'weekly', next_cursor: null });
    expect(body.items.map((run: RunSummary) => run.run_id)).toEqual(runs.map(({ run_id }) => run_id));
  });

  it('takes the newest week of the weekly series when none is named', async () => {
    expect((await json('/runs')).body.week).toBe('2026-W47');
    expect((await json('/runs', 'series=quick')).body.execution_id).toBe('mine');
  });

  it.each([1, 2, 5, 13, 50])('pages through everything once, %i at a time', async (limit) => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await json('/runs', `limit=${limit}${cursor}`);
      expect(body.items.length).toBeLessThanOrEqual(limit);
      seen.push(...body.items.map((run: RunSummary) => run.run_id));
      cursor = body.next_cursor === null ? '' : `&cursor=${encodeURIComponent(body.next_cursor)}`;
    } while (cursor !== '');
    expect(seen).toEqual(runs.map(({ run_id }) => run_id));
  });

  it('goes on with the execution that a listing began with, when another one becomes official', async () => {
    const lake = new FakeStore();
    const first = await addExecution(lake, 'one', '2026-W47', 4);
    const other = apiOver(lake);
    const page = JSON.parse((await get(other, '/runs', 'limit=2')).body);
    await addExecution(lake, 'two', '2026-W47', 4, { ended_at: '2026-11-17T00:00:00Z' });
    const rest = JSON.parse((await get(other, '/runs', `limit=2&cursor=${page.next_cursor}`)).body);
    expect([...page.items, ...rest.items].map((run: RunSummary) => run.run_id)).toEqual(
      first.map((run) => run.run_id),
    );
  });

  it('filters by model and phase', async () => {
    const { body } = await json('/runs', 'model=drifter&phase=P3');
    expect(body.items).toHaveLength(
      runs.filter(({ model, phase }) => model === 'drifter' && phase === 'P3').length,
    );
    expect(new Set(body.items.map((run: RunSummary) => `${run.model} ${run.phase}`))).toEqual(
      new Set(['drifter P3']),
    );
  });

  it('refuses a cursor under other filters, and one that it did not write', async () => {
    const { body } = await json('/runs', 'limit=2&model=drifter');
    for (const query of [`model=steadfast&cursor=${body.next_cursor}`, 'cursor=abc', 'cursor=W10'])
      expect((await json('/runs', query)).body).toMatchObject({
        status: 400,
        errors: [{ path: 'query.cursor' }],
      });
  });

  it('ranks through the index, one page, without filters', async () => {
    const ranked = apiOver(store, {
      index: { worstHalfLives: async () => [runs[3]!] } as never,
    });
    const { items, next_cursor } = JSON.parse((await get(ranked, '/runs', 'sort=worst_half_life')).body);
    expect([items[0].run_id, next_cursor]).toEqual([runs[3]!.run_id, null]);
    expect((await get(ranked, '/runs', 'sort=worst_half_life&model=drifter')).status).toBe(400);
  });
});

describe('single records', () => {
  it('finds a run and its turns by the id alone', async () => {
    const { run_id } = runs[5]!;
    expect((await json(`/runs/${run_id}`)).body.run_id).toBe(run_id);
    const { body } = await json(`/runs/${run_id}/turns`);
    expect(body.turns.map((turn: { turn_index: number }) => turn.turn_index)).toEqual([1, 2]);
  });

  it('finds a week, a trend oldest first, and an execution', async () => {
    const week = (await json('/weeks/2026-W47')).body;
    expect(executionSummarySchema.parse(week).execution_id).toBe('weekly-2');
    const { points } = (await json('/models/steadfast/trend')).body;
    expect(points.map((point: { week: string }) => point.week)).toEqual(['2026-W46', '2026-W47']);
    expect((await json('/models/steadfast/trend', 'weeks=1')).body.points).toHaveLength(1);
    expect((await json('/executions/weekly-2-failed')).body.state).toBe('failed');
  });

  it.each([
    ['/runs/01KAAAAAAAAAAAAAAAAAAAAAAA', ''],
    ['/weeks/2026-W02', ''],
    ['/models/nobody/trend', ''],
    ['/models/steadfast/trend', 'phase=P1'],
    ['/executions/none', ''],
    ['/nowhere', ''],
    ['/runs', 'series=none'],
  ])('answers 404 with a problem for %s %s', async (path, query) => {
    const { status, headers, body } = await get(api, path, query);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect(problemSchema.parse(JSON.parse(body)).status).toBe(404);
  });

  it.each([
    ['/runs/..%2F..%2Fetc%2Fpasswd', 'path.id'],
    ['/runs/%00', 'path.id'],
    [`/runs/${'A'.repeat(300)}`, 'path.id'],
    ['/executions/%E2%80%AEgnp', 'path.id'],
    ['/models/..%2f/trend', 'path.id'],
    ['/weeks/2026-W47%0A', 'path.week'],
    ['/runs/%C3%28', 'path'],
  ])('refuses the hostile id in %s, naming it', async (path, named) => {
    const { status, body } = await get(api, path);
    expect(status).toBe(400);
    expect(problemSchema.parse(JSON.parse(body)).errors?.[0]?.path).toBe(named);
    expect(store.operations.some((operation) => operation.includes('passwd'))).toBe(false);
  });

  it.each([
    '?week=x',
    '?wek=2026-W47',
    '?limit=0',
    '?limit=2.5',
    '?week=2026-W47&week=2026-W46',
    `?cursor=${'x'.repeat(3000)}`,
  ])('refuses %s', async (query) => expect((await get(api, '/runs', query.slice(1))).status).toBe(400));

  it('answers 405 with the methods that a path takes', async () => {
    const { status, headers } = await api({
      method: 'DELETE',
      path: '/runs',
      query: '',
      headers: {},
      body: null,
      client: '',
    });
    expect([status, headers['allow']]).toEqual([405, 'GET']);
  });

  it('says of a store that cannot answer to try again, and of a fault nothing but that it is one', async () => {
    const away = new FakeStore(store.lake, new Map([[0, 'unavailable']]));
    const answer = await get(apiOver(away), '/runs');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    const logged: string[] = [];
    const broken = new FakeStore(new Map([['executions/x/status.json', new TextEncoder().encode('{')]]));
    const fault = await get(apiOver(broken, { log: (message) => logged.push(message) }), '/executions/x');
    expect(fault.status).toBe(500);
    expect(fault.body).not.toContain('JSON');
    expect(logged).toHaveLength(1);
  });
});
