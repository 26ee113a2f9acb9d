import { appendFile } from 'node:fs/promises';
import { createFileBudget } from '../../adapters/local/file-budget.ts';
import { createRunIndex } from '../../adapters/local/run-index.ts';
import { createSystemClock } from '../../adapters/local/system-clock.ts';
import { createApi } from '../../api/create-api.ts';
import type { ApiHandler } from '../../api/http.ts';
import type { ObjectStore, Telemetry } from '../../core/ports.ts';
import { createEvaluator, type Evaluator } from '../../core/tasks/evaluate.ts';
import type { EvaluatorSettings } from '../../core/tasks/evaluator-ports.ts';
import { createStartExecution } from '../../core/tasks/start-execution.ts';
import { SEED_ENV } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { localModels } from './embedded-host.ts';
import { evaluatorSettings, type EvaluatorChoice } from './evaluator-settings.ts';
import { folderConfig } from './folder-config.ts';
import { localLabelling } from './local-labelling.ts';
import { openLake } from './local-lake.ts';
import { createLocalStarter } from './local-starter.ts';
import { packageVersion } from './package-root.ts';

/** The API of this machine, evaluator and labelling included: what `view` mounts. */
export async function openLocalApi(
  context: Context,
  choice: EvaluatorChoice = {},
): Promise<{ handle: ApiHandler; notices: readonly string[] }> {
  const store = openLake(context);
  const config = folderConfig(context.configFolder);
  const { evaluator } = await openEvaluator(store, context, choice);
  const handle = createApi({
    store,
    config,
    evaluator,
    index: createRunIndex(context.lake),
    clock: createSystemClock(),
    start: createStartExecution({ store, config, executions: createLocalStarter(store, context) }),
    labelling: await localLabelling(store, context.configFolder),
    version: packageVersion(),
    log: (message) => context.err(`${message}\n`),
  });
  return { handle, notices: evaluator.about.notices };
}

/** The evaluator over a lake of this machine. */
export async function openEvaluator(
  store: ObjectStore,
  context: Context,
  choice: EvaluatorChoice,
): Promise<{ evaluator: Evaluator; settings: EvaluatorSettings }> {
  const { environment, lake, configFolder } = context;
  const { settings, measure } = await evaluatorSettings(store, configFolder, environment, choice);
  const logPath = environment[SEED_ENV.log];
  const telemetry: Telemetry = {
    turn: () => undefined,
    waiting: ({ model, reason }) => context.verbose && context.err(`${model}: waiting, ${reason}\n`),
    log: (_level, message) => context.quiet || context.err(`${message}\n`),
  };
  const never = new AbortController().signal;
  const evaluator = createEvaluator(
    {
      store,
      measure,
      clock: createSystemClock(),
      budget: createFileBudget(lake),
      models: localModels(environment, telemetry),
      stop: { drain: never, abort: never },
      appendLog:
        logPath === undefined || logPath === ''
          ? null
          : (record) => appendFile(logPath, `${JSON.stringify(record)}\n`),
    },
    settings,
  );
  return { evaluator, settings };
}
