import { fileURLToPath } from 'node:url';
import { createFolderConfig } from '../../adapters/local/folder-config.ts';
import { createSystemClock } from '../../adapters/local/system-clock.ts';
import { createModelsFor } from '../../adapters/models/models-for.ts';
import { randomFrom } from '../../core/identity/random.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type {
  Budget,
  ConfigSource,
  ModelsFor,
  ObjectStore,
  RunIndex,
  TableEncoder,
  Telemetry,
} from '../../core/ports.ts';
import { createAggregate } from '../../core/tasks/aggregate.ts';
import { createGenerateRuns } from '../../core/tasks/generate-runs.ts';
import { readPlan } from '../../core/tasks/read-plan.ts';
import { createJudgeRun } from '../../core/tasks/judge-run.ts';
import { createLoadManifest } from '../../core/tasks/load-manifest.ts';
import { createMeasureLoader } from '../../core/tasks/measure.ts';
import { createRunDialogue } from '../../core/tasks/run-dialogue.ts';
import { decodeUtf8, parseJsonLines } from '../../core/tasks/text-codec.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { profileFileSchema, type Profile } from '../../schemas/profile.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';

/** What of a profile a measurement sets; the rest is the profile `weekly`, without a canary. */
export type Matrix = Pick<Profile, 'models' | 'seeds' | 'phases'> &
  Partial<Pick<Profile, 'temperatures' | 'repeats' | 'turns' | 'variants'>> & { phase_file?: string };

export interface Measured {
  runs: RunSummary[];
  summary: ExecutionSummary;
}

export interface MeasureOptions {
  /** Called with the judged turns of each run, in plan order. */
  look?: (turns: readonly Turn[]) => void;
  /** Models instead of the shipped ones. */
  models?: ModelsFor;
}

const PROFILE = 'known-answers';
const SCHEDULED_AT = '2026-11-16T03:00:00Z';
const PROFILES_PATH = 'profiles/profiles-1.0.json';
const shipped = createFolderConfig([fileURLToPath(new URL('../../config', import.meta.url))]);

/** All 25 shipped seeds, in the order of their file. */
export async function shippedSeeds(): Promise<string[]> {
  const file = (await shipped.files()).find(({ path }) => path === 'seeds/seeds-20261116.json')!;
  return (JSON.parse(file.text) as { seeds: { seed_id: string }[] }).seeds.map(({ seed_id }) => seed_id);
}

/**
 * Runs the real tasks in this process, LoadManifest to Aggregate, over a store in memory: the shipped config and models, no
 * engine and no Parquet. One dialogue after the other; a dialogue's files are dropped once `look` has seen them and it is
 * summarised, but for the judged turns that Aggregate reads.
 */
export async function measure(matrix: Matrix, options: MeasureOptions = {}): Promise<Measured> {
  const store = memoryStore();
  const clock = createSystemClock();
  const loader = createMeasureLoader(store);
  const models = options.models ?? shippedModels();
  const ports = { store, models, budget, clock, telemetry, measure: loader };
  const stop = { drain: new AbortController().signal, abort: new AbortController().signal };

  const pointers = await createLoadManifest({ store, budget, config: configWith(matrix) })({
    input: { profile: PROFILE, scheduled_at: SCHEDULED_AT },
    execution_name: PROFILE,
    started_at: SCHEDULED_AT,
  });
  const planned = await createGenerateRuns({ store, models, index, measure: loader })(pointers);
  const plan = (await readPlan(store, planned.plan_key)) ?? [];
  const runDialogue = createRunDialogue(ports);
  const judgeRun = createJudgeRun(ports);
  for (const row of plan) {
    if (row.status !== 'planned') continue;
    await runDialogue(row, stop);
    await judgeRun(row, stop);
    const key = lakeKeys.judged(row);
    options.look?.(parseJsonLines<Turn>((await store.get(key))!, key));
    store.drop(lakeKeys.raw(row));
  }
  await createAggregate({ store, index, tables: noTables, measure: loader })(planned);
  const runs: RunSummary[] = [];
  for (const row of plan) {
    const bytes = await store.get(lakeKeys.score(row.dt, row.run_id));
    runs.push(runSummarySchema.parse(JSON.parse(decodeUtf8(bytes!))));
  }
  const summary = JSON.parse(
    decodeUtf8((await store.get(lakeKeys.summary(planned.execution_id)))!),
  ) as ExecutionSummary;
  return { runs, summary };
}

/** The shipped models, as a run on this machine opens them. */
export function shippedModels(): ModelsFor {
  return createModelsFor({
    environment: {},
    clock: createSystemClock(),
    random: randomFrom('known-answers'),
    telemetry,
  });
}

/** The shipped config with one more profile. */
function configWith({ phase_file, ...matrix }: Matrix): ConfigSource {
  return {
    files: async () =>
      (await shipped.files()).map((file) => {
        if (file.path !== PROFILES_PATH) return file;
        const parsed = profileFileSchema.parse(JSON.parse(file.text));
        const { weekly } = parsed.profiles;
        if (weekly === undefined) throw new Error(`${PROFILES_PATH}: expected a profile "weekly", got none`);
        const profile: Profile = {
          ...weekly,
          temperatures: [0.7],
          ...matrix,
          artefacts: { ...weekly.artefacts, phases: phase_file ?? weekly.artefacts.phases },
          canary: { ...weekly.canary, is_on: false },
        };
        return {
          ...file,
          text: JSON.stringify({ ...parsed, profiles: { ...parsed.profiles, [PROFILE]: profile } }),
        };
      }),
  };
}

/** Objects by folder, so that listing one costs what lies in it and not what lies in the store. */
function memoryStore(): ObjectStore & { drop(key: string): void } {
  const folders = new Map<string, Map<string, Uint8Array>>();
  const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);
  const objectOf = (key: string): Uint8Array | null => folders.get(folderOf(key))?.get(key) ?? null;
  const write = (key: string, body: Uint8Array | string): void => {
    const folder = folders.get(folderOf(key)) ?? new Map<string, Uint8Array>();
    folders.set(folderOf(key), folder);
    folder.set(key, typeof body === 'string' ? new TextEncoder().encode(body) : body);
  };
  return {
    get: async (key) => objectOf(key),
    putIfAbsent: async (key, body) => {
      if (objectOf(key) !== null) return 'exists';
      write(key, body);
      return 'written';
    },
    put: async (key, body) => write(key, body),
    async *list(prefix) {
      const within = [...folders].filter(
        ([folder]) => folder.startsWith(prefix) || prefix.startsWith(folder),
      );
      const found = within.flatMap(([, objects]) => [...objects]).filter(([key]) => key.startsWith(prefix));
      for (const [key, bytes] of found.sort(([a], [b]) => (a < b ? -1 : 1)))
        yield { key, size_bytes: bytes.length };
    },
    drop: (key) => void folders.get(folderOf(key))?.delete(key),
  };
}

const budget: Budget = {
  reserve: async () => ({ reservation_id: 'simulated' }),
  settle: async () => undefined,
  committed: async () => 0,
  open: async () => undefined,
};

/** No earlier week: nothing calibrates the filter, every turn is judged. */
const index: RunIndex = {
  runById: async () => null,
  worstHalfLives: async () => [],
  topCompliance: async () => [],
  modelRuns: async () => [],
  weeklySummary: async () => null,
  summariesOfWeek: async () => [],
  record: async () => undefined,
};

const noTables: TableEncoder = {
  open: () => ({ append: () => undefined, finish: () => new Uint8Array() }),
};

const telemetry: Telemetry = {
  turn: () => undefined,
  waiting: () => undefined,
  log: (level, message) => {
    if (level === 'warn') throw new Error(message);
  },
};
