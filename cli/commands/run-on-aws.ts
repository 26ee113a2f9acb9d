import type { StepFunctions } from '../../adapters/aws/step-functions.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { createStartExecution } from '../../core/tasks/start-execution.ts';
import { resumeCommand } from '../../core/tasks/failure-report.ts';
import { isoWeekOf } from '../../core/identity/iso-week.ts';
import { ERROR, EXIT } from '../../schemas/names.ts';
import type { ExecutionInput, StartRequest } from '../../schemas/task-io.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { findOnAws, freeTryName, lastTry, listOnAws, type LastTry } from '../host/aws-executions.ts';
import { folderConfig } from '../host/folder-config.ts';
import { awsAccount } from '../host/local-lake.ts';
import { planLocally } from '../host/local-plan.ts';
import { hasErrors } from '../host/local-runs.ts';
import { confirmCostOnAws } from './confirm-cost.ts';
import { followOnAws } from './follow-on-aws.ts';
import { NOTHING_TO_RETRY, showFinished } from './run-results.ts';
import type { RunOptions } from './run.ts';
import { DEFAULT_PROFILE, overridesOf, scheduledAt } from './select.ts';
import { whereFlags } from './where-flags.ts';

interface Account {
  store: ObjectStore;
  machine: StepFunctions;
}

/** `run --target aws`: StartExecution under the name that week and content give; then follows it, unless --detach. */
export async function runOnAws(options: RunOptions, context: Context): Promise<number> {
  if (context.configFolder !== undefined)
    throw new CliError(
      'usage',
      `--config ${context.configFolder}: the functions on AWS carry the config/ they were deployed with`,
      'lay your files into config/ and deploy, or leave --config and SOCRATIC_CONFIG out',
    );
  const { store, machine } = await awsAccount(context).then((account) => ({
    store: account.store,
    machine: account.machine(),
  }));
  return options.resume === undefined
    ? startNew({ store, machine }, options, context)
    : resume({ store, machine }, await tryToResume({ store, machine }, options), options, context);
}

async function startNew(account: Account, options: RunOptions, context: Context): Promise<number> {
  const { store, machine } = account;
  const profile = options.profile ?? DEFAULT_PROFILE;
  const overrides = overridesOf(options);
  const scheduled_at = scheduledAt(options.week, new Date().toISOString());
  const limits = limitsOf(options);
  const request: StartRequest = {
    profile,
    scheduled_at,
    ...(Object.keys(overrides).length > 0 ? { overrides } : {}),
    ...(limits === undefined ? {} : { limits }),
  };
  const plan = await planLocally(store, folderConfig(undefined), profile, overrides, scheduled_at);
  const standing =
    options.new === true ? null : await lastTry(machine, plan.executionId(isoWeekOf(scheduled_at)));
  if (standing !== null) return resume(account, standing, options, context);
  await confirmCostOnAws(plan, options, context);
  const started = { name: '', outcome: 'exists' as 'started' | 'exists' };
  const start = createStartExecution({
    store,
    config: folderConfig(undefined),
    executions: {
      async start(name, input) {
        started.name = options.new === true ? await unusedName(machine, name) : name;
        started.outcome = await machine.start(started.name, { ...input, execution_id: started.name });
        return started.outcome;
      },
    },
  });
  await start(request);
  return report(account, started.name, started.name, started.outcome, options, context);
}

/** Goes on with an execution that exists: follows it while it runs, redrives it where its status allows, else tries anew. */
async function resume(
  account: Account,
  last: LastTry,
  options: RunOptions,
  context: Context,
): Promise<number> {
  const { store, machine } = account;
  const { execution_id, on_aws, input } = last;
  if (on_aws.status === 'RUNNING')
    return report(account, execution_id, on_aws.name, 'running', options, context);
  const found = await findOnAws(store, machine, execution_id);
  const execution = found!.execution;
  if (on_aws.status === 'SUCCEEDED') {
    if (options.retryErrors !== true) return showFinished(store, execution, options, context);
    if (!(await hasErrors(store, execution)))
      return showFinished(store, execution, options, context, NOTHING_TO_RETRY);
  } else if (options.resume === undefined && options.retryErrors !== true)
    throw new CliError(
      'failed',
      `${execution_id} ended ${on_aws.status.toLowerCase()} on AWS${on_aws.error === null ? '' : `: ${on_aws.error.name}`}`,
      `mend the cause (\`socratic-bench status ${execution_id}${whereFlags(context, 'other')}\` shows it), then: ${resumeCommand(execution_id, on_aws.error, whereFlags(context, 'run'))}`,
    );
  const plan = await planLocally(
    store,
    folderConfig(undefined),
    input.profile ?? DEFAULT_PROFILE,
    input.overrides ?? {},
    execution.scheduled_at,
  );
  await confirmCostOnAws(plan, options, context);
  const limits = limitsOf(options, input.limits);
  // A redrive repeats the failed state alone: Aggregate would find the same runs unscored for ever.
  const retriesErrors = options.retryErrors === true || on_aws.error?.name === ERROR.nothingMeasured;
  const isSameInput = !retriesErrors && JSON.stringify(limits) === JSON.stringify(input.limits);
  if (isSameInput && on_aws.is_redrivable) {
    await machine.redrive(on_aws.name);
    return report(account, execution_id, on_aws.name, 'redriven', options, context);
  }
  const { retry_errors: _earlier, limits: _former, ...rest } = input;
  const again: ExecutionInput = {
    ...rest,
    execution_id,
    scheduled_at: execution.scheduled_at,
    // The execution goes on with the measure it was planned with, whatever is deployed today.
    ...(execution.manifest_key === null ? {} : { manifest_key: execution.manifest_key }),
    ...(limits === undefined ? {} : { limits }),
    ...(retriesErrors ? { retry_errors: true } : {}),
  };
  const name = await freeTryName(machine, execution_id);
  return report(account, execution_id, name, await machine.start(name, again), options, context);
}

async function tryToResume({ store, machine }: Account, options: RunOptions): Promise<LastTry> {
  const all = typeof options.resume === 'string' ? [] : await listOnAws(store, machine);
  const which =
    typeof options.resume === 'string'
      ? options.resume
      : (
          all.find((execution) => execution.state !== 'finished') ??
          (options.retryErrors === true ? all[0] : undefined)
        )?.execution_id;
  if (which === undefined)
    throw new CliError(
      'usage',
      '--resume: every execution on AWS is finished',
      'start one with `socratic-bench run --target aws`',
    );
  const last = await lastTry(machine, which);
  if (last !== null) return last;
  throw new CliError(
    'usage',
    `--resume: Step Functions knows no execution "${which}"`,
    '`socratic-bench status` lists them; what closed more than 90 days ago is forgotten',
  );
}

type Outcome = 'started' | 'exists' | 'running' | 'redriven';

async function report(
  account: Account,
  execution_id: string,
  name: string,
  outcome: Outcome,
  options: RunOptions,
  context: Context,
): Promise<number> {
  const other = whereFlags(context, 'other');
  if (context.json)
    context.out(`${JSON.stringify({ type: 'ExecutionOnAws', execution_id, name, outcome })}\n`);
  else if (!context.quiet) {
    const words = {
      started: 'started',
      exists: 'started already',
      running: 'running already',
      redriven: 'redriven',
    };
    context.err(
      `${name} ${words[outcome]} on AWS; it goes on whatever happens here\n${context.colors.dim('look')}  socratic-bench status ${execution_id} --follow${other}\n${context.colors.dim('stop')}  socratic-bench stop ${execution_id}${other}\n`,
    );
  }
  if (options.detach !== true) return followOnAws(account, execution_id, options, context);
  if (!context.json) context.out(`${execution_id}\n`);
  return EXIT.ok;
}

/** `<id>`, `<id>-2` …: the first name that no execution has. */
async function unusedName(machine: StepFunctions, base: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}-${n}`;
    if ((await machine.describe(name)) === null) return name;
  }
}

function limitsOf(
  { maxCostUsd, concurrency }: RunOptions,
  stored?: ExecutionInput['limits'],
): ExecutionInput['limits'] {
  const limits = {
    ...stored,
    ...(maxCostUsd === undefined ? {} : { max_cost_usd: maxCostUsd }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}
