import { runningProcesses } from '../../adapters/local/running-marks.ts';
import type { ObjectStore } from '../../core/ports.ts';
import type { Execution } from '../../schemas/execution.ts';
import type { Context } from '../context.ts';
import { findOnAws, listOnAws } from './aws-executions.ts';
import { isOnS3 } from './aws-environment.ts';
import { awsAccount, listExecutions, openLake, readExecution } from './local-lake.ts';

/** An execution and whether somebody still works on it; `is_alive` says nothing new of one that has ended. */
export interface SeenExecution {
  execution: Execution;
  is_alive: boolean;
}

/** Where the executions of a lake are looked up: the records of a folder, or those of S3 and Step Functions together. */
export interface ExecutionSource {
  store: ObjectStore;
  /** Newest first. */
  list(): Promise<SeenExecution[]>;
  find(which: string): Promise<SeenExecution | null>;
}

export async function openExecutions(context: Context): Promise<ExecutionSource> {
  return isOnS3(context.lake) ? onAws(context) : here(context);
}

async function onAws(context: Context): Promise<ExecutionSource> {
  const account = await awsAccount(context);
  const { store } = account;
  const machine = account.machine();
  const seen = (execution: Execution) => ({ execution, is_alive: execution.state === 'running' });
  return {
    store,
    list: async () => (await listOnAws(store, machine)).map(seen),
    async find(which) {
      const found = await findOnAws(store, machine, which);
      return found === null ? null : seen(found.execution);
    },
  };
}

function here(context: Context): ExecutionSource {
  const store = openLake(context);
  const seen = (execution: Execution) => ({ execution, is_alive: isAlive(context.lake, execution) });
  return {
    store,
    list: async () => (await listExecutions(store)).map(seen),
    async find(which) {
      const execution = await readExecution(store, which);
      return execution === null ? null : seen(execution);
    },
  };
}

/** The record is written a moment before the process marks itself. */
const STARTING_MS = 10_000;

/** A record that says `running` is believed as long as a live process stands behind it. */
function isAlive(lake: string, execution: Execution): boolean {
  if (execution.state !== 'running') return false;
  if (runningProcesses(lake, execution.execution_id).length > 0) return true;
  return Date.now() - Date.parse(execution.updated_at) < STARTING_MS;
}
