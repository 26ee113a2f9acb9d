import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConsoleAlerts } from '../../adapters/local/console-alerts.ts';
import { createEmfFile } from '../../adapters/local/emf-file.ts';
import { createFileBudget } from '../../adapters/local/file-budget.ts';
import { createFileStore, type CheckpointDurability } from '../../adapters/local/file-store.ts';
import { createRunIndex } from '../../adapters/local/run-index.ts';
import { createSystemClock } from '../../adapters/local/system-clock.ts';
import { createModelsFor } from '../../adapters/models/models-for.ts';
import { createParquetEncoder } from '../../adapters/parquet/parquet-encoder.ts';
import { NamedError } from '../../core/errors.ts';
import type { ConfigSource, ModelsFor, Stop, Telemetry } from '../../core/ports.ts';
import { createAggregate } from '../../core/tasks/aggregate.ts';
import { createCheckAlerts } from '../../core/tasks/check-alerts.ts';
import { createGenerateRuns } from '../../core/tasks/generate-runs.ts';
import { createJudgeRun } from '../../core/tasks/judge-run.ts';
import { createLoadManifest } from '../../core/tasks/load-manifest.ts';
import { createMeasureLoader } from '../../core/tasks/measure.ts';
import { createPublishMetrics } from '../../core/tasks/publish-metrics.ts';
import { createRunDialogue } from '../../core/tasks/run-dialogue.ts';
import { execute, type EngineEvent, type TaskCall, type TaskHandlers } from '../../engine/engine.ts';
import type { JudgeWork, PlannedRun } from '../../schemas/planned-run.ts';
import { judgeWorkSchema } from '../../schemas/planned-run.ts';
import { ENV, ERROR, type TaskName } from '../../schemas/names.ts';
import type { ExecutionInput, LoadManifestInput, PlanPointers, Pointers } from '../../schemas/task-io.ts';
import { BINDINGS, SUBSTITUTIONS, type Substitution } from '../../workflow/bindings.ts';
import { runContainerProcess } from './container-process.ts';
import { removeTornOf } from './mend-lake.ts';
import { stopOfCall } from './stop-of-call.ts';
import { packageRoot, packageVersion } from './package-root.ts';

export interface EmbeddedOptions {
  lake: string;
  config: ConfigSource;
  environment: Readonly<Record<string, string | undefined>>;
  telemetry: Telemetry;
  stop: Stop;
  onEvent: (event: EngineEvent) => void;
  /** What checkpoints survive; `process` where every call is free to make again. */
  durability: CheckpointDurability;
  /** Where a Fargate task runs: in this process (the default), or as on AWS in one of its own. */
  isolation?: 'inline' | 'process';
  /** Where alert messages go; default stderr. */
  printAlert?: (text: string) => void;
  /** The models to call; default those of this machine. */
  models?: ModelsFor;
}

/** How an embedded execution ended. */
export type EmbeddedResult = Awaited<ReturnType<typeof execute>>;

/**
 * Runs the state machine on this machine: the same definition file as on AWS, its Lambdas and Fargate tasks as functions
 * of this process, over a lake that is a folder. On a stop it waits until every call in flight is recorded. Throws when the lake
 * can no longer be read or written.
 */
export async function runEmbedded(
  input: ExecutionInput,
  executionName: string,
  options: EmbeddedOptions,
): Promise<EmbeddedResult> {
  const definition: unknown = JSON.parse(
    await readFile(join(packageRoot(), 'workflow', 'weekly-benchmark.asl.json'), 'utf8'),
  );
  const tasks = createTasks(options);
  const inFlight = new Set<Promise<unknown>>();
  const closed = new AbortController();
  let lakeError: unknown = null;
  const track = <T>(work: Promise<T>): Promise<T> => {
    const settled = work.then(
      () => undefined,
      (error: unknown) => {
        if (!isForGood(error)) return;
        lakeError ??= error;
        closed.abort();
      },
    );
    inFlight.add(settled);
    void settled.then(() => inFlight.delete(settled));
    return work;
  };
  const store = createFileStore(options.lake);
  await removeTornOf(store, options.lake, input.execution_id ?? executionName, options.telemetry);
  const drain = AbortSignal.any([options.stop.drain, closed.signal]);
  const stopping = { ...options, stop: { ...options.stop, drain } };
  const result = await execute(definition, input as never, {
    substitutions: localSubstitutions(),
    handlers: handlers(tasks, stopping, track),
    objects: {
      get: (_bucket, key) => track(store.get(key)),
      put: (_bucket, key, body) => track(store.put(key, body)),
    },
    onEvent: options.onEvent,
    signal: drain,
    executionName,
    stateMachineName: 'weekly-benchmark',
  });
  await Promise.all(inFlight);
  if (lakeError !== null) throw lakeError;
  return result;
}

/** A disk that is full or closed stays so however often the state machine tries: the person at this machine shall know now. */
function isForGood(error: unknown): boolean {
  return error instanceof NamedError && error.name === ERROR.storeUnavailable && !error.isRetryable;
}

type Tasks = Readonly<Record<TaskName, (payload: unknown, stop: Stop) => Promise<unknown>>>;

function createTasks(options: EmbeddedOptions): Tasks {
  const { lake, environment, telemetry } = options;
  const store = createFileStore(lake, options.durability);
  const clock = createSystemClock();
  const budget = createFileBudget(lake);
  const index = createRunIndex(lake);
  const measure = createMeasureLoader(store);
  const models = options.models ?? localModels(environment, telemetry);
  const work = { store, clock, budget, telemetry, measure, models };
  const versions = { 'socratic-bench': packageVersion(), node: process.versions.node };

  const loadManifest = createLoadManifest({ store, budget, config: options.config });
  const generateRuns = createGenerateRuns({ store, models, index, measure });
  const runDialogue = createRunDialogue(work);
  const judgeRun = createJudgeRun(work);
  const aggregate = createAggregate({ store, index, tables: createParquetEncoder(), measure });
  const checkAlerts = createCheckAlerts({
    store,
    measure,
    alerts: createConsoleAlerts(options.printAlert),
    site_url: environment[ENV.siteUrl] ?? null,
  });
  const publishMetrics = createPublishMetrics({ store, clock, metrics: createEmfFile(lake), versions });
  return {
    'load-manifest': (payload) => loadManifest(payload as LoadManifestInput),
    'generate-runs': (payload, stop) => generateRuns(payload as Pointers, stop.abort),
    'run-dialogue': (payload, stop) => runDialogue(payload as PlannedRun, stop),
    'judge-run': (payload, stop) => judgeRun(payload as JudgeWork, stop),
    aggregate: (payload) => aggregate(payload as PlanPointers),
    'check-alerts': (payload) => checkAlerts(payload as PlanPointers),
    'publish-metrics': (payload) => publishMetrics(payload as PlanPointers),
  };
}

/** The models of this machine: real time, real randomness, keys from the environment. */
export function localModels(environment: EmbeddedOptions['environment'], telemetry: Telemetry): ModelsFor {
  return createModelsFor({ environment, clock: createSystemClock(), random: Math.random, telemetry });
}

function handlers(
  tasks: Tasks,
  options: EmbeddedOptions,
  track: <T>(work: Promise<T>) => Promise<T>,
): TaskHandlers {
  const bound = (call: TaskCall) => {
    const name = BINDINGS[call.stateName];
    if (name === undefined)
      throw new NamedError(ERROR.invalidConfig, `state "${call.stateName}" is bound to no task`, {
        hint: 'add it to workflow/bindings.ts',
      });
    return tasks[name];
  };
  return {
    'arn:aws:states:::lambda:invoke': async (call) => {
      const { Payload } = call.arguments as { Payload: unknown };
      return {
        StatusCode: 200,
        Payload: await track(bound(call)(Payload, stopOfCall(call.signal, options.stop))),
      };
    },
    'arn:aws:states:::ecs:runTask.sync': async (call) => {
      const { name, environment } = containerOf(call.arguments);
      const stop = stopOfCall(call.signal, options.stop);
      const runContainer = {
        inline: () => bound(call)(judgeWorkSchema.parse(JSON.parse(plannedRunOf(environment))), stop),
        process: () => runContainerProcess(name, environment, { ...options, stop }),
      }[options.isolation ?? 'inline'];
      try {
        await track(runContainer());
      } catch (error) {
        // Fargate reports every container that did not exit 0 under this one name.
        throw Object.assign(
          new Error(error instanceof Error ? `${error.name}: ${error.message}` : String(error), {
            cause: error,
          }),
          { name: 'States.TaskFailed' },
        );
      }
      return {};
    },
  };
}

/** Name and environment of the one container in RunTask's overrides. */
function containerOf(args: unknown): { name: string; environment: Readonly<Record<string, string>> } {
  const { Overrides } = args as {
    Overrides: { ContainerOverrides: { Name: string; Environment: { Name: string; Value: string }[] }[] };
  };
  const [container] = Overrides.ContainerOverrides;
  return {
    name: container!.Name,
    environment: Object.fromEntries(container!.Environment.map(({ Name, Value }) => [Name, Value])),
  };
}

function plannedRunOf(environment: Readonly<Record<string, string>>): string {
  const value = environment[ENV.plannedRun];
  if (value === undefined)
    throw new NamedError(
      ERROR.invalidConfig,
      `expected ${ENV.plannedRun} among the container's overrides, got none`,
    );
  return value;
}

/** Values of the definition's tokens here: names that mean nothing outside AWS, each its own token. */
function localSubstitutions(): Record<string, string> {
  return Object.fromEntries(SUBSTITUTIONS.map((token: Substitution) => [token, `local-${token}`]));
}
