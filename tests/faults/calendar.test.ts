import { describe, expect, it, test } from '@jest/globals';
import { createGenerateRuns } from '../../core/tasks/generate-runs.ts';
import { readPlan } from '../../core/tasks/read-plan.ts';
import { createLoadManifest } from '../../core/tasks/load-manifest.ts';
import { createMeasureLoader } from '../../core/tasks/measure.ts';
import { createRunDialogue } from '../../core/tasks/run-dialogue.ts';
import { createJudgeRun } from '../../core/tasks/judge-run.ts';
import { shiftWeek } from '../../core/identity/iso-week.ts';
import {
  benchConfig,
  createFakeBudget,
  createFakeIndex,
  createTelemetry,
  GO_ON,
  simulated,
  sourceOf,
} from '../core/tasks/bench.ts';
import { FakeStore } from '../core/tasks/fake-store.ts';

/** Loads and plans an execution that is scheduled at an instant and started at another. */
async function planAt(scheduled_at: string, started_at = scheduled_at) {
  const store = new FakeStore();
  const budget = createFakeBudget();
  const measure = createMeasureLoader(store);
  const loaded = await createLoadManifest({ store, budget, config: sourceOf(benchConfig()) })({
    input: { profile: 'bench', scheduled_at, execution_id: 'calendar' },
    execution_name: 'calendar',
    started_at,
  });
  const pointers = await createGenerateRuns({
    store,
    models: simulated(),
    index: createFakeIndex(),
    measure,
  })(loaded);
  const rows = (await readPlan(store, pointers.plan_key)) ?? [];
  return { store, budget, measure, loaded, rows };
}

describe('the week of an execution', () => {
  test.each([
    ['New Year in week 53 of the old year', '2027-01-01T03:00:00Z', '2026-W53', '2027-01-01'],
    ['the Sunday before the first Monday', '2027-01-03T23:59:59Z', '2026-W53', '2027-01-03'],
    ['the first Monday', '2027-01-04T03:00:00Z', '2027-W01', '2027-01-04'],
    ['the last days of a year in week 1 of the next', '2025-12-29T03:00:00Z', '2026-W01', '2025-12-29'],
    ['a leap day', '2028-02-29T03:00:00Z', '2028-W09', '2028-02-29'],
    ['the night when clocks go forward in Europe', '2026-03-29T01:30:00Z', '2026-W13', '2026-03-29'],
    ['the night when they go back in New York', '2026-11-01T06:30:00Z', '2026-W44', '2026-11-01'],
  ])('%s', async (_, scheduled_at, week, dt) => {
    const { loaded, rows } = await planAt(scheduled_at);
    expect({ week: loaded.week, dt: loaded.dt }).toEqual({ week, dt });
    for (const row of rows) expect({ week: row.week, dt: row.dt }).toEqual({ week, dt });
  });

  it('is that of its schedule, however late it starts', async () => {
    const { loaded } = await planAt('2026-12-28T03:00:00Z', '2027-01-04T09:00:00Z');
    expect(loaded.week).toBe('2026-W53');
  });

  it('has its neighbours across week 53', () => {
    expect([shiftWeek('2027-W01', -1), shiftWeek('2026-W52', 1), shiftWeek('2026-W53', 1)]).toEqual([
      '2026-W53',
      '2026-W53',
      '2027-W01',
    ]);
  });
});

it('a run across midnight, and across a week, keeps all its files under the date it was scheduled for', async () => {
  const { store, budget, measure, rows } = await planAt('2027-01-03T23:50:00Z');
  let minutes = 0;
  const clock = {
    now: () => new Date(Date.UTC(2027, 0, 3, 23, 50 + minutes++)).toISOString(),
    monotonicMs: () => minutes * 60_000,
    sleep: async () => undefined,
  };
  const before = new Set(store.lake.keys());
  const ports = { store, budget, clock, telemetry: createTelemetry(), models: simulated(), measure };
  const row = rows.find(({ status }) => status === 'planned')!;
  await createRunDialogue(ports)(row, GO_ON);
  minutes += 24 * 60;
  await createJudgeRun(ports)({ ...row, kind: 'run' } as never, GO_ON);
  const written = [...store.lake.keys()].filter((key) => !before.has(key));
  const dated = written.filter((key) => /(?:dt|week)=/.test(key));
  expect(dated).toHaveLength(2);
  for (const key of dated) expect(key).toContain('/dt=2027-01-03/');
  const turns = dated.flatMap((key) =>
    new TextDecoder()
      .decode(store.lake.get(key))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { week: string }),
  );
  expect(new Set(turns.map(({ week }) => week))).toEqual(new Set(['2026-W53']));
});

it('the time zone of the machine changes nothing', async () => {
  const zone = process.env['TZ'];
  try {
    const plans = [];
    for (const tz of ['UTC', 'Pacific/Kiritimati', 'America/St_Johns']) {
      process.env['TZ'] = tz;
      const { loaded, rows } = await planAt('2027-01-03T23:30:00Z');
      plans.push(JSON.stringify([loaded, rows]));
    }
    expect(new Set(plans).size).toBe(1);
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});
