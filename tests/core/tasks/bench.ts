import { createSimulatedModels } from '../../../adapters/models/simulated/simulated-models.ts';
import { ModelError } from '../../../core/model-error.ts';
import type {
  Budget,
  ChatModel,
  ChatModels,
  ChatRequest,
  ChatResult,
  Clock,
  ConfigSource,
  ModelsFor,
  RunIndex,
  Stop,
  Telemetry,
} from '../../../core/ports.ts';
import type { ConfigFile } from '../../../core/manifest/parse-config.ts';
import { createGenerateRuns } from '../../../core/tasks/generate-runs.ts';
import { readPlan } from '../../../core/tasks/read-plan.ts';
import { createLoadManifest } from '../../../core/tasks/load-manifest.ts';
import { createMeasureLoader, type Measure } from '../../../core/tasks/measure.ts';
import { phraseBankSchema } from '../../../schemas/phrase-bank.ts';
import type { CanaryItem, PlannedRun } from '../../../schemas/planned-run.ts';
import type { PlanPointers } from '../../../schemas/task-io.ts';
import { PROFILES, SHIPPED, withJson, withText, type Loose } from '../manifest/config.ts';
import { FakeStore, type Lake } from './fake-store.ts';

export const SCHEDULED_AT = '2026-11-16T03:00:00Z';
export const EXECUTION_ID = 'bench-2026-W47';
export const TURNS = 6;
const GOLDEN_ITEMS = 4;

/** The shipped config with a small profile `bench`: two tutors, one seed, P0 cut to six turns, a canary of four items. */
export function benchConfig(change: (profile: Loose) => void = () => undefined): ConfigFile[] {
  const changed = [
    ...withJson(PROFILES, (value) => {
      const bench = structuredClone(value.profiles.quick);
      Object.assign(bench, {
        models: ['steadfast', 'drifter-5'],
        seeds: ['complexity-algebra-01'],
        phases: ['P0'],
        turns: TURNS,
      });
      bench.canary.max_items = GOLDEN_ITEMS;
      change(bench);
      value.profiles = { bench };
    }),
    ...withText(
      'golden/golden_set_v1.jsonl',
      (text) =>
        `${text
          .split('\n')
          .slice(0, GOLDEN_ITEMS + 2)
          .join('\n')}\n`,
    ),
  ];
  return SHIPPED.map((file) => changed.find(({ path }) => path === file.path) ?? file);
}

export const sourceOf = (files: readonly ConfigFile[]): ConfigSource => ({ files: async () => files });

/** One finished planning: what runner, judge and Aggregate begin with. */
export interface Planned {
  /** The lake behind GenerateRuns; copy it before anything runs. */
  lake: Lake;
  pointers: PlanPointers;
  measure: Measure;
  rows: PlannedRun[];
  canary: CanaryItem;
}

export async function planBench(change?: (profile: Loose) => void): Promise<Planned> {
  const store = new FakeStore();
  const loader = createMeasureLoader(store);
  const loaded = await createLoadManifest({
    store,
    budget: createFakeBudget(),
    config: sourceOf(benchConfig(change)),
  })({
    input: { profile: 'bench', scheduled_at: SCHEDULED_AT, execution_id: EXECUTION_ID },
    execution_name: EXECUTION_ID,
    started_at: SCHEDULED_AT,
  });
  const pointers = await createGenerateRuns({
    store,
    models: simulated(),
    index: createFakeIndex(),
    measure: loader,
  })(loaded);
  const rows = (await readPlan(store, pointers.plan_key)) ?? [];
  const { canary } = Object.fromEntries(
    new TextDecoder()
      .decode(store.lake.get(pointers.judgements_key))
      .split('\n')
      .filter((line) => line.includes('"kind":"canary"'))
      .map((line) => ['canary', JSON.parse(line) as CanaryItem]),
  );
  return { lake: store.lake, pointers, measure: await loader(pointers.manifest_key), rows, canary: canary! };
}

/** A reply, or the error, that a scripted model gives to a request; null leaves it to the simulated model. */
export type Script = (request: ChatRequest, count: number) => Partial<ChatResult> | ModelError | null;

export interface Calls {
  /** `<model> <component> <run_id> <turn> <ask>`, in order. */
  log: string[];
  count(component: string): number;
}

/** Simulated models whose calls are logged; a script may answer for a model. */
export function simulated(
  scripts: Readonly<Record<string, Script>> = {},
  calls: Calls = createCalls(),
): ModelsFor {
  let models: ChatModels | null = null;
  return ({ simulatedBank }) => ({
    open(config) {
      bank ??= phraseBankSchema.parse(JSON.parse(simulatedBank));
      models ??= createSimulatedModels({ bank });
      const inner = models.open(config);
      const script = scripts[config.model_id];
      let count = 0;
      return {
        config,
        probe: (signal) => inner.probe(signal),
        async chat(request, signal) {
          signal?.throwIfAborted();
          const { component, run_id, turn_index, ask } = request.call;
          calls.log.push(`${config.model_id} ${component} ${run_id} ${turn_index} ${ask}`);
          count += 1;
          const scripted = script?.(request, count) ?? null;
          if (scripted === null) return inner.chat(request, signal);
          if (scripted instanceof ModelError) throw scripted;
          return { ...PLAIN, ...scripted };
        },
      } satisfies ChatModel;
    },
  });
}
/** Parsed once a test file: every test has the same shipped bank. */
let bank: ReturnType<typeof phraseBankSchema.parse> | null = null;

export function createCalls(): Calls {
  const log: string[] = [];
  return { log, count: (component) => log.filter((line) => line.split(' ')[1] === component).length };
}

const PLAIN: ChatResult = {
  text: 'What makes you think so?',
  stop_reason: 'end',
  usage: { input_tokens: 100, output_tokens: 10, cache_read_tokens: 0, cache_write_tokens: 0 },
  latency_ms: 5,
  attempts: 1,
};

export interface FakeBudget extends Budget {
  /** Outstanding reservations, US dollars each. */
  readonly outstanding: ReadonlyMap<string, number>;
  readonly caps: ReadonlyMap<string, number>;
  /** Reservations refused from the nth call (1-based) on. */
  refuseFrom: number;
}

export function createFakeBudget(refuseFrom = Infinity): FakeBudget {
  const outstanding = new Map<string, number>();
  const caps = new Map<string, number>();
  let settled = 0;
  let calls = 0;
  return {
    outstanding,
    caps,
    refuseFrom,
    async reserve(_execution, _model, usd) {
      calls += 1;
      if (calls >= this.refuseFrom) return null;
      const reservation_id = `reservation ${calls}`;
      outstanding.set(reservation_id, usd);
      return { reservation_id };
    },
    async settle(reservation_id, usd) {
      if (!outstanding.delete(reservation_id)) throw new Error(`settled twice: ${reservation_id}`);
      settled += usd;
    },
    committed: async () => settled + [...outstanding.values()].reduce((sum, usd) => sum + usd, 0),
    async open(execution_id, cap_usd) {
      caps.set(execution_id, cap_usd);
    },
  };
}

export function createFakeIndex(
  modelRuns: RunIndex['modelRuns'] = async () => [],
): RunIndex & { recorded: unknown[][] } {
  const recorded: unknown[][] = [];
  return {
    recorded,
    runById: async () => null,
    worstHalfLives: async () => [],
    topCompliance: async () => [],
    modelRuns,
    weeklySummary: async () => null,
    summariesOfWeek: async () => [],
    async record(runs, weekly) {
      const all: unknown[] = [];
      for await (const run of runs) all.push(run);
      recorded.push([all, [...weekly]]);
    },
  };
}

/** Time stands still. */
export const clock: Clock = {
  now: () => '2026-11-16T03:10:00.000Z',
  monotonicMs: () => 0,
  sleep: async () => undefined,
};

export function createTelemetry(): Telemetry & { warnings: string[]; adopted: number } {
  const telemetry = {
    warnings: [] as string[],
    adopted: 0,
    turn({ adopted }: { adopted: boolean }) {
      if (adopted) telemetry.adopted += 1;
    },
    waiting: () => undefined,
    log(_level: 'info' | 'warn', message: string) {
      telemetry.warnings.push(message);
    },
  };
  return telemetry;
}

export const GO_ON: Stop = { drain: new AbortController().signal, abort: new AbortController().signal };

/** What AbortSignal gives as its reason, in the realm of the tests. */
export const stopped = () => Object.assign(new Error('stopped'), { name: 'AbortError' });

/** The ports of runner and judge over a store. */
export function portsOf(
  planned: Planned,
  store: FakeStore,
  scripts: Readonly<Record<string, Script>> = {},
  calls: Calls = createCalls(),
) {
  return {
    store,
    models: simulated(scripts, calls),
    budget: createFakeBudget(),
    clock,
    telemetry: createTelemetry(),
    measure: async () => planned.measure,
  };
}
