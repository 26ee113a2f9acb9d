import { describe, expect, it } from '@jest/globals';
import { createStartExecution } from '../../core/tasks/start-execution.ts';
import type { ExecutionInput } from '../../schemas/task-io.ts';
import { SHIPPED } from '../core/manifest/config.ts';
import { FakeStore } from '../core/tasks/fake-store.ts';
import { apiOver, post } from './lake.ts';

/** The API with the real start function over a machine that only remembers. */
function starting() {
  const started = new Map<string, ExecutionInput>();
  const store = new FakeStore();
  const start = createStartExecution({
    store,
    config: { files: async () => SHIPPED },
    executions: {
      start: async (name, input) => {
        if (started.has(name)) return 'exists';
        started.set(name, input as ExecutionInput);
        return 'started';
      },
    },
  });
  return { api: apiOver(store, { start }), started };
}
const SEED_FORM = {
  prompt_id: 'soc-1.2',
  judge_prompt_id: 'judge-2.3',
  rubric_id: 'rubric-1.1',
  seed_ids: ['complexity-algebra-01'],
  model_configs: [
    { model_id: 'steadfast', temperature: 0.2 },
    { model_id: 'steadfast', temperature: 0.7 },
    { model_id: 'leading', temperature: 0.2 },
    { model_id: 'leading', temperature: 0.7 },
  ],
};

describe('POST /manifests', () => {
  it('starts a profile under the name that the command line would use, once a week', async () => {
    const { api, started } = starting();
    const request = { profile: 'mvp', overrides: { phases: ['P0'] }, max_cost_usd: 2 };
    const first = await post(api, '/manifests', request);
    expect(first.status).toBe(201);
    const answer = JSON.parse(first.body);
    expect(answer).toMatchObject({ week: '2026-W47', outcome: 'started', runs: 8 });
    expect(answer.execution_id).toMatch(/^mvp-2026-W47-[0-9a-f]{12}$/);
    expect(answer.jobs_queued).toBeGreaterThanOrEqual(16);
    expect(started.get(answer.execution_id)).toMatchObject({
      profile: 'mvp',
      overrides: { phases: ['P0'] },
      limits: { max_cost_usd: 2 },
      scheduled_at: '2026-11-16T03:00:00Z',
    });
    const again = JSON.parse((await post(api, '/manifests', request)).body);
    expect(again).toMatchObject({ execution_id: answer.execution_id, outcome: 'exists', jobs_queued: 0 });
  });

  it("takes the seed's form: prompt, judge prompt, rubric, seeds and models", async () => {
    const { api, started } = starting();
    const { status, body } = await post(api, '/manifests', SEED_FORM);
    expect(status).toBe(201);
    const { execution_id, runs } = JSON.parse(body);
    expect(started.get(execution_id)).toMatchObject({
      overrides: {
        models: ['steadfast', 'leading'],
        temperatures: [0.2, 0.7],
        seeds: ['complexity-algebra-01'],
      },
    });
    expect(runs % 4).toBe(0);
  });

  it.each([
    [{ ...SEED_FORM, rubric_id: 'rubric-9.9' }, 'prompt_id', 422],
    [{ ...SEED_FORM, model_configs: SEED_FORM.model_configs.slice(1) }, 'model_configs', 422],
    [
      { ...SEED_FORM, model_configs: [SEED_FORM.model_configs[0], SEED_FORM.model_configs[0]] },
      'model_configs',
      422,
    ],
    [{ ...SEED_FORM, seed_ids: ['../x'] }, 'seed_ids', 400],
    [{ profile: 'no-such' }, 'no-such', 422],
    [{ profile: 'mvp', overrides: { models: ['no-such'] } }, 'no-such', 422],
    [{ profile: 'mvp', week: '2026-W60' }, 'week', 422],
    [{ profile: 'mvp', max_cost_usd: -1 }, 'max_cost_usd', 400],
    [{ profile: 'mvp', key: 'x' }, 'key', 400],
    [[], 'body', 400],
    ['{"profile":', 'JSON', 400],
  ])('refuses %j, naming what is wrong, and starts nothing', async (request, named, expected) => {
    const { api, started } = starting();
    const { status, body } = await post(api, '/manifests', request);
    expect(status).toBe(expected);
    expect(body).toContain(named);
    expect(started.size).toBe(0);
  });

  it('is not offered by a host without a machine, nor without JSON, nor beyond 64 KiB', async () => {
    expect(
      (await post(apiOver(new FakeStore(), { start: null }), '/manifests', { profile: 'mvp' })).status,
    ).toBe(403);
    const { api } = starting();
    const plain = { method: 'POST', path: '/manifests', query: '', headers: {}, body: '{}', client: '' };
    expect((await api(plain)).status).toBe(415);
    expect((await post(api, '/manifests', `"${'x'.repeat(70_000)}"`)).status).toBe(413);
  });
});
