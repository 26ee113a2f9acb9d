import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { canonicalJson, canonicalSha256 } from '../../../core/identity/canonical-json.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { ulidTimeMs } from '../../../core/identity/ulid.ts';
import { parseConfig, type ParsedConfig } from '../../../core/manifest/parse-config.ts';
import type { ChatModels, ModelsFor } from '../../../core/ports.ts';
import { createGenerateRuns, needsRetry, planRows } from '../../../core/tasks/generate-runs.ts';
import { noFilter } from '../../../core/judging/filter.ts';
import { expandMatrix } from '../../../core/manifest/expand-matrix.ts';
import { composeManifest, createLoadManifest, readManifest } from '../../../core/tasks/load-manifest.ts';
import { createMeasureLoader } from '../../../core/tasks/measure.ts';
import { createStartExecution } from '../../../core/tasks/start-execution.ts';
import { plannedRunSchema, type PlannedRun, type SkipReason } from '../../../schemas/planned-run.ts';
import type { RunSummary } from '../../../schemas/run-summary.ts';
import type { LoadManifestInput, Pointers } from '../../../schemas/task-io.ts';
import { summarizeUnrun } from '../../../core/aggregate/summarize-unrun.ts';
import {
  benchConfig,
  createFakeBudget,
  createFakeIndex,
  EXECUTION_ID,
  planBench,
  SCHEDULED_AT,
  simulated,
  sourceOf,
  type Planned,
} from './bench.ts';
import { copyOf, FakeStore, hashesOf, textsOf, type Lake } from './fake-store.ts';

let planned: Planned;
const files = benchConfig();
let config: ParsedConfig;

beforeAll(async () => {
  planned = await planBench();
  config = parseConfig(files);
});

const load = (
  lake: Lake,
  input: Record<string, unknown> = {},
  name = EXECUTION_ID,
  started_at = SCHEDULED_AT,
) => {
  const budget = createFakeBudget();
  const request = {
    input: { profile: 'bench', scheduled_at: SCHEDULED_AT, ...input },
    execution_name: name,
    started_at,
  } as LoadManifestInput;
  return {
    budget,
    done: createLoadManifest({ store: new FakeStore(lake), budget, config: sourceOf(files) })(request),
  };
};
const edit = (lake: Lake, key: string, change: (bytes: Uint8Array) => void) => {
  const bytes = lake.get(key)!.slice();
  change(bytes);
  lake.set(key, bytes);
};

describe('LoadManifest', () => {
  it('publishes every artefact under its hash and the manifest last, as canonical JSON', () => {
    const keys = Object.keys(textsOf(planned.lake, ''));
    const { artefacts } = planned.measure.manifest.content;
    for (const { key } of artefacts) expect(keys).toContain(key);
    const key = lakeKeys.manifest(planned.measure.manifest.manifest_id);
    expect(textsOf(planned.lake, key)[key]).toBe(`${canonicalJson(planned.measure.manifest)}\n`);
    expect(planned.measure.manifest.manifest_id).toBe(
      `manifest_20261116_${planned.measure.manifest.manifest_sha256.slice(0, 8)}`,
    );
  });

  it('is idempotent: again it changes no byte and gives the same pointers', async () => {
    const lake = copyOf(planned.lake);
    const pointers = await load(lake).done;
    expect(hashesOf(lake)).toEqual(hashesOf(planned.lake));
    expect(planned.pointers).toMatchObject({ ...pointers });
  });

  it('finds week, date, series, cap and concurrency; limits of the input win', async () => {
    const plain = load(copyOf(planned.lake));
    expect(await plain.done).toMatchObject({
      week: '2026-W47',
      dt: '2026-11-16',
      series: 'bench',
      max_cost_usd: 1,
      run_concurrency: 20,
      judge_concurrency: 10,
      retry_errors: false,
      execution_id: EXECUTION_ID,
      execution_name: EXECUTION_ID,
    });
    expect(plain.budget.caps).toEqual(new Map([[EXECUTION_ID, 1]]));
    const limited = load(copyOf(planned.lake), {
      limits: { max_cost_usd: 0, concurrency: 3 },
      execution_id: 'mine',
      retry_errors: true,
    });
    expect(await limited.done).toMatchObject({
      max_cost_usd: 0,
      run_concurrency: 3,
      judge_concurrency: 3,
      retry_errors: true,
      execution_id: 'mine',
    });
    expect(limited.budget.caps).toEqual(new Map([['mine', 0]]));
  });

  test.each([
    ['2026-12-31T23:59:59.999Z', '2026-W53', '2026-12-31'],
    ['2027-01-01T00:00:00Z', '2026-W53', '2027-01-01'],
    ['2024-12-30T03:00:00Z', '2025-W01', '2024-12-30'],
  ])('takes week and date from the scheduled time: %s is in %s', async (scheduled_at, week, dt) => {
    expect(await load(copyOf(planned.lake), { scheduled_at }).done).toMatchObject({ week, dt });
    expect(
      await load(copyOf(planned.lake), { scheduled_at: undefined }, 'raw', scheduled_at).done,
    ).toMatchObject({ week, dt, execution_id: 'raw' });
  });

  it('keeps the id of content that was used before, however much later', async () => {
    const lake = copyOf(planned.lake);
    const later = await load(lake, { scheduled_at: '2027-03-01T03:00:00Z' }).done;
    expect(later.manifest_id).toBe(planned.pointers.manifest_id);
    expect(later.week).toBe('2027-W09');
    expect(Object.keys(textsOf(lake, 'manifests/')).filter((key) => !key.includes('/plans/'))).toHaveLength(
      1,
    );
    const other = await load(lake, { scheduled_at: '2027-03-01T03:00:00Z', overrides: { repeats: 2 } }).done;
    expect(other.manifest_id).toMatch(/^manifest_20270301_/);
  });

  it('is not misled by plans and strangers beside the manifests', async () => {
    const store = new FakeStore(copyOf(planned.lake));
    const hash8 = planned.measure.manifest.manifest_sha256.slice(0, 8);
    store.lake.delete(planned.pointers.manifest_key);
    store.lake.set(`manifests/manifest_20200101_${hash8}/plans/x.jsonl`, new Uint8Array());
    store.lake.set(`manifests/manifest_20200101_${hash8}.json.bak`, new Uint8Array());
    const { manifest_id } = await composeManifest(store, config, 'bench', {}, SCHEDULED_AT);
    expect(manifest_id).toBe(`manifest_20261116_${hash8}`);
  });

  it('refuses a changed byte under a published name, wherever it is', async () => {
    const { artefacts } = planned.measure.manifest.content;
    for (const { key, kind } of artefacts) {
      const lake = copyOf(planned.lake);
      edit(lake, key, (bytes) => (bytes[bytes.length >> 1]! ^= 1));
      const refusal = { name: 'ArtefactChanged', message: expect.stringContaining(key) };
      const input = { profile: undefined, manifest_key: planned.pointers.manifest_key };
      await expect(load(lake, input).done).rejects.toMatchObject(refusal);
      await expect(
        createMeasureLoader(new FakeStore(lake))(planned.pointers.manifest_key),
      ).rejects.toMatchObject(refusal);
      if (kind === 'golden' || kind === 'prompts/system')
        await expect(load(lake).done).rejects.toMatchObject(refusal);
    }
  });

  it('refuses a manifest with any byte changed, or cut short', async () => {
    const key = planned.pointers.manifest_key;
    const { length } = planned.lake.get(key)!;
    const places = Array.from({ length }, (_, at) => at).filter((at) => at % 197 === 0 || at > length - 170);
    for (const at of places) {
      const lake = copyOf(planned.lake);
      edit(lake, key, (bytes) => (bytes[at]! ^= 1));
      const outcome = await readManifest(new FakeStore(lake), key).catch((error: unknown) => error);
      expect({ at, outcome }).toMatchObject({ at, outcome: { name: 'ArtefactChanged' } });
    }
    const lake = copyOf(planned.lake);
    lake.set(key, lake.get(key)!.slice(0, length >> 1));
    await expect(readManifest(new FakeStore(lake), key)).rejects.toMatchObject({ name: 'ArtefactChanged' });
  });

  test.each([
    ['a key nobody knows', { profil: 'bench' }, 'execution input: input.profil: expected no such key'],
    ['a time that is none', { scheduled_at: '2026-02-30T03:00:00Z' }, 'scheduled_at'],
    ['a local time', { scheduled_at: '2026-11-16 03:00' }, 'input.scheduled_at: expected UTC ISO-8601'],
    ['an execution id with a path in it', { execution_id: '../x' }, 'input.execution_id: expected 1-80'],
    ['a negative cap', { limits: { max_cost_usd: -1 } }, 'input.limits.max_cost_usd'],
    ['an unknown profile', { profile: 'benhc' }, 'did you mean "bench"'],
    [
      'a manifest that is not there',
      { profile: undefined, manifest_key: 'manifests/manifest_20260101_00000000.json' },
      'expected a manifest in the lake, got nothing',
    ],
  ])('refuses %s as InvalidConfig', async (_, input, message) => {
    await expect(load(copyOf(planned.lake), input).done).rejects.toMatchObject({
      name: 'InvalidConfig',
      message: expect.stringContaining(message),
    });
  });

  it('refuses an execution name that can be no id, and says so by name', async () => {
    await expect(load(copyOf(planned.lake), {}, 'my run.1').done).rejects.toMatchObject({
      name: 'InvalidConfig',
      message: expect.stringContaining('my run.1'),
    });
  });
});

describe('starting an execution', () => {
  it('names it by profile, week and content: a schedule delivered twice is one', async () => {
    const started = new Map<string, object>();
    const start = createStartExecution({
      store: new FakeStore(copyOf(planned.lake)),
      config: sourceOf(files),
      executions: {
        start: async (name, input) => (started.has(name) ? 'exists' : (started.set(name, input), 'started')),
      },
    });
    const request = { profile: 'bench', scheduled_at: '2026-11-16T03:00:00Z' };
    const execution_id = `bench-2026-W47-${planned.measure.manifest.manifest_sha256.slice(0, 12)}`;
    expect(await start(request)).toEqual({
      manifest_id: planned.pointers.manifest_id,
      execution_id,
      week: '2026-W47',
      outcome: 'started',
    });
    expect(await start(request)).toMatchObject({ execution_id, outcome: 'exists' });
    expect(await start({ ...request, scheduled_at: '2026-11-23T03:00:00Z' })).toMatchObject({
      week: '2026-W48',
      outcome: 'started',
    });
    expect(started.get(execution_id)).toEqual({ profile: 'bench', scheduled_at: SCHEDULED_AT, execution_id });
    await expect(start({ ...request, profil: 'x' } as unknown as typeof request)).rejects.toMatchObject({
      name: 'InvalidConfig',
    });
    await expect(start({ ...request, scheduled_at: '2026-11-31T03:00:00Z' })).rejects.toMatchObject({
      name: 'InvalidConfig',
    });
  });
});

describe('GenerateRuns', () => {
  const pointersOf = (changes: Partial<Pointers> = {}): Pointers => ({ ...planned.pointers, ...changes });
  const generate = (
    lake: Lake,
    changes: Partial<Pointers> = {},
    models: ModelsFor = simulated(),
    index = createFakeIndex(),
  ) =>
    createGenerateRuns({ store: new FakeStore(lake), models, index, measure: async () => planned.measure })(
      pointersOf(changes),
    );
  /** The lake before planning. */
  const loaded = () => new Map([...planned.lake].filter(([key]) => !key.includes('/plans/')));
  /** Models of which some cannot be used. */
  const closed =
    (reasons: Record<string, SkipReason>, probed: string[] = []): ModelsFor =>
    (measure) => {
      const inner: ChatModels = simulated()(measure);
      return {
        open: (model) => {
          const reason = reasons[model.model_id];
          return {
            ...inner.open(model),
            probe: async () => (
              probed.push(model.model_id),
              reason === undefined
                ? {
                    usable: true,
                    usage: { input_tokens: 1, output_tokens: 1, cache_read_tokens: 0, cache_write_tokens: 0 },
                  }
                : { usable: false, reason, detail: `${reason} says the provider` }
            ),
          };
        },
      };
    };
  const planOf = (lake: Lake): PlannedRun[] =>
    (textsOf(lake, planned.pointers.plan_key)[planned.pointers.plan_key] ?? '')
      .trim()
      .split('\n')
      .map((line) => plannedRunSchema.parse(JSON.parse(line)));

  it('writes a plan row a cell, the planned ones as work for runners, and for judges with the canary behind', () => {
    const { lake, pointers, rows, canary } = planned;
    expect(rows.map(({ model, status }) => `${model} ${status}`)).toEqual([
      'steadfast planned',
      'drifter-5 planned',
    ]);
    expect(textsOf(lake, pointers.runs_key)[pointers.runs_key]).toBe(
      textsOf(lake, pointers.plan_key)[pointers.plan_key],
    );
    expect(textsOf(lake, pointers.judgements_key)[pointers.judgements_key]).toBe(
      `${textsOf(lake, pointers.runs_key)[pointers.runs_key]}${JSON.stringify(canary)}\n`,
    );
    expect(pointers).toMatchObject({ planned: 2, skipped: 0 });
  });

  it('gives ids that hold the scheduled time and follow from manifest, execution and cell', () => {
    for (const row of planned.rows) expect(ulidTimeMs(row.run_id)).toBe(Date.parse(SCHEDULED_AT));
    const matrix = expandMatrix(
      planned.measure.manifest.content,
      planned.measure.phases.profiles,
      planned.pointers.dt,
    );
    const ids = (changes: Partial<Pointers> = {}, measure = planned.measure, rows = matrix) =>
      planRows(measure, pointersOf(changes), rows, new Map(), noFilter(measure.rubric)).map(
        ({ run_id }) => run_id,
      );
    expect(ids()).toEqual(planned.rows.map(({ run_id }) => run_id));
    const { manifest } = planned.measure;
    const cell = matrix[0]!.cell;
    const others = [
      ids({ execution_id: 'other' }),
      ids({ scheduled_at: '2026-11-16T03:00:01Z' }),
      ids({}, { ...planned.measure, manifest: { ...manifest, manifest_sha256: canonicalSha256('other') } }),
      ...[{ temperature: null }, { temperature: 0.71 }, { repeat: 2 }, { phase: 'P1' as const }].map(
        (change) => ids({}, planned.measure, [{ ...matrix[0]!, cell: { ...cell, ...change } }]),
      ),
    ].flat();
    expect(new Set([...ids(), ...others]).size).toBe(2 + others.length);
    expect(() => ids({}, planned.measure, [matrix[0]!, matrix[0]!])).toThrow(
      expect.objectContaining({ name: 'PlanConflict' }),
    );
  });

  it('twice gives the same plan; one that exists is adopted without a look at a model', async () => {
    const lake = loaded();
    expect(await generate(lake)).toEqual(planned.pointers);
    expect(hashesOf(lake)).toEqual(hashesOf(planned.lake));
    const probed: string[] = [];
    expect(await generate(lake, {}, closed({ steadfast: 'access' }, probed))).toEqual(planned.pointers);
    expect(probed).toEqual([]);
    expect(hashesOf(lake)).toEqual(hashesOf(planned.lake));
  });

  it('killed at any operation is finished by another with the same bytes', async () => {
    const store = new FakeStore(loaded());
    const ports = { models: simulated(), index: createFakeIndex(), measure: async () => planned.measure };
    await createGenerateRuns({ ...ports, store })(pointersOf());
    for (let index = 0; index < store.operations.length; index += 1) {
      const lake = loaded();
      const dying = new FakeStore(lake, new Map([[index, 'dies after']]));
      await expect(createGenerateRuns({ ...ports, store: dying })(pointersOf())).rejects.toMatchObject({
        name: 'Killed',
      });
      await generate(lake);
      expect(hashesOf(lake)).toEqual(hashesOf(planned.lake));
    }
  });

  it('takes the plan of another planner that was quicker, though it found other models closed', async () => {
    const lake = loaded();
    const outcomes = await Promise.all([
      generate(lake, {}, closed({ 'drifter-5': 'access' })),
      generate(lake),
    ]);
    const rows = planOf(lake);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ planned: rows.filter(({ status }) => status === 'planned').length });
    const work = textsOf(lake, planned.pointers.runs_key)[planned.pointers.runs_key]!.trim().split('\n');
    expect(work).toHaveLength(outcomes[0].planned);
  });

  it('skips the rows of a closed model with the words of its provider; the probe is billed once a model', async () => {
    const lake = loaded();
    const outcome = await generate(lake, {}, closed({ steadfast: 'access' }));
    expect(outcome).toMatchObject({ planned: 1, skipped: 1 });
    expect(planOf(lake)[0]).toMatchObject({
      status: 'skipped',
      skip_reason: 'access',
      skip_detail: 'access says the provider',
      preflight_usage: null,
    });
    expect(planOf(lake)[1]).toMatchObject({
      status: 'planned',
      skip_reason: null,
      preflight_usage: { input_tokens: 1 },
    });
  });

  it('fails loudly when every model is closed, says why, and plans anew when one is open again', async () => {
    const lake = loaded();
    await expect(
      generate(lake, {}, closed({ steadfast: 'access', 'drifter-5': 'eol' })),
    ).rejects.toMatchObject({
      name: 'NothingToRun',
      message: [
        'every one of 2 rows is skipped; no model was called for a dialogue',
        'steadfast: access (1 rows): access says the provider',
        'drifter-5: eol (1 rows): eol says the provider',
      ].join('\n'),
      hint: expect.stringContaining('doctor'),
    });
    expect(hashesOf(lake)).toEqual(hashesOf(loaded()));
    expect(await generate(lake, {}, closed({ 'drifter-5': 'eol' }))).toMatchObject({
      planned: 1,
      skipped: 1,
    });
  });

  it('refuses a primary judge that cannot be used before anything is spent; a closed secondary is borne', async () => {
    const lake = loaded();
    await expect(generate(lake, {}, closed({ 'sim-judge': 'access' }))).rejects.toMatchObject({
      name: 'InvalidConfig',
      message: expect.stringContaining('judge "sim-judge" cannot be used (access)'),
    });
    expect(hashesOf(lake)).toEqual(hashesOf(loaded()));
    expect(await generate(lake, {}, closed({ 'sim-judge-2': 'access' }))).toMatchObject({ planned: 2 });
  });

  describe('with retry_errors', () => {
    const retry = { retry_errors: true, execution_name: `${EXECUTION_ID}--r2` };
    const summaryOf = (row: PlannedRun, changes: Partial<RunSummary>): RunSummary => ({
      ...summarizeUnrun({
        row,
        seed: planned.measure.seed(row.seed_id),
        ended: null,
        provider: 'simulated',
        is_simulated: true,
      }),
      ...changes,
    });
    const cases: [string, Partial<RunSummary>, boolean][] = [
      ['failed', { ended: 'failed' }, true],
      ['censored by infrastructure', { ended: 'censored', censor_reason: 'infrastructure' }, true],
      ['censored by the judge', { ended: 'censored', censor_reason: 'judge' }, true],
      ['censored by the student', { ended: 'censored', censor_reason: 'student' }, true],
      ['denied before its first turn', { ended: 'skipped', skip_reason: 'access' }, true],
      ['complete', { ended: 'complete' }, false],
      ['censored by a full context', { ended: 'censored', censor_reason: 'context_overflow' }, false],
      ['out of budget', { ended: 'skipped', skip_reason: 'budget' }, true],
    ];
    test.each(cases)('a run that ended %s: again %#', (_, changes, expected) => {
      expect(needsRetry(summaryOf(planned.rows[0]!, changes))).toBe(expected);
    });

    it('lists the rows that need it, under the name of the retry, and leaves plan and first lists alone', async () => {
      const lake = copyOf(planned.lake);
      const [first, second] = planned.rows as [PlannedRun, PlannedRun];
      const put = (row: PlannedRun, changes: Partial<RunSummary>) =>
        lake.set(
          lakeKeys.score(row.dt, row.run_id),
          new TextEncoder().encode(`${JSON.stringify(summaryOf(row, changes))}\n`),
        );
      put(first, { ended: 'complete' });
      put(second, { ended: 'failed' });
      lake.set(lakeKeys.canarySummary(second.dt, EXECUTION_ID), new TextEncoder().encode('{}\n'));
      const before = copyOf(lake);
      const outcome = await generate(lake, retry);
      expect(outcome).toMatchObject({
        planned: 2,
        runs_key: expect.stringContaining('--r2.runs.jsonl'),
      });
      const work = textsOf(lake, outcome.runs_key)[outcome.runs_key];
      expect(work).toBe(`${JSON.stringify({ ...second, retry_errors: true })}\n`);
      expect(textsOf(lake, outcome.judgements_key)[outcome.judgements_key]).toBe(work);
      for (const [key, bytes] of before) expect(lake.get(key)).toEqual(bytes);
    });

    it('lists the canary again where it has no result', async () => {
      const lake = copyOf(planned.lake);
      const { judgements_key } = await generate(lake, retry);
      expect(textsOf(lake, judgements_key)[judgements_key]).toContain('"kind":"canary"');
    });

    it('lists rows that have no summary yet, and says so when none is left', async () => {
      const lake = copyOf(planned.lake);
      const outcome = await generate(lake, retry);
      expect(textsOf(lake, outcome.runs_key)[outcome.runs_key]!.trim().split('\n')).toHaveLength(2);
      for (const row of planned.rows)
        lake.set(
          lakeKeys.score(row.dt, row.run_id),
          new TextEncoder().encode(JSON.stringify(summaryOf(row, { ended: 'complete' }))),
        );
      await expect(generate(lake, { ...retry, execution_name: `${EXECUTION_ID}--r3` })).rejects.toMatchObject(
        {
          name: 'NothingToRun',
          message: expect.stringContaining('no row ended failed or censored'),
        },
      );
    });
  });
});
