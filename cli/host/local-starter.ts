import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { NamedError } from '../../core/errors.ts';
import { isoWeekOf } from '../../core/identity/iso-week.ts';
import type { ExecutionStarter, ObjectStore } from '../../core/ports.ts';
import { ERROR } from '../../schemas/names.ts';
import type { ExecutionInput } from '../../schemas/task-io.ts';
import { folderConfig } from './folder-config.ts';
import { readExecution } from './local-lake.ts';
import { planLocally } from './local-plan.ts';
import { packageRoot } from './package-root.ts';
import { paidModels } from './paid-models.ts';

/**
 * Starts executions on this machine as the command line would: a process of its own that outlives the server. Paid models
 * need `max_cost_usd` in the request. Throws InvalidConfig without it.
 */
export function createLocalStarter(
  store: ObjectStore,
  place: { lake: string; configFolder: string | undefined },
): ExecutionStarter {
  const started = new Set<string>();
  return {
    async start(name, input) {
      if (started.has(name) || (await readExecution(store, name)) !== null) return 'exists';
      const request = input as ExecutionInput;
      await refuseUncapped(store, request, place.configFolder);
      started.add(name);
      const child = spawn(
        process.execPath,
        [join(packageRoot(), 'dist', 'cli', 'main.js'), ...argumentsOf(request, place)],
        { detached: true, stdio: 'ignore' },
      );
      child.unref();
      return 'started';
    },
  };
}

async function refuseUncapped(
  store: ObjectStore,
  { profile, overrides, scheduled_at, limits }: ExecutionInput,
  configFolder: string | undefined,
): Promise<void> {
  if (limits?.max_cost_usd !== undefined) return;
  const { measure } = await planLocally(
    store,
    folderConfig(configFolder),
    profile!,
    overrides ?? {},
    scheduled_at!,
  );
  const paid = paidModels(measure.manifest.content.models).map(({ model_id }) => model_id);
  if (paid.length > 0)
    throw new NamedError(
      ERROR.invalidConfig,
      `body.max_cost_usd: paid models (${paid.join(', ')}) need a cap`,
    );
}

/** The flags of `run` for an input; every value has passed its schema. */
function argumentsOf(
  { profile, overrides = {}, scheduled_at, limits }: ExecutionInput,
  { lake, configFolder }: { lake: string; configFolder: string | undefined },
): string[] {
  const flags: Record<string, string | undefined> = {
    profile,
    week: isoWeekOf(scheduled_at!),
    models: overrides.models?.join(','),
    temps: overrides.temperatures?.join(','),
    seeds: overrides.seeds?.join(','),
    phases: overrides.phases?.join(','),
    turns: overrides.turns?.toString(),
    repeats: overrides.repeats?.toString(),
    'max-cost-usd': limits?.max_cost_usd?.toString(),
    concurrency: limits?.concurrency?.toString(),
    lake,
    config: configFolder,
  };
  return [
    'run',
    '--quiet',
    '--yes',
    ...Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
  ];
}
