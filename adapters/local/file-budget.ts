import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { NamedError } from '../../core/errors.ts';
import type { Budget } from '../../core/ports.ts';
import { executionIdSchema } from '../../schemas/common.ts';
import { ERROR } from '../../schemas/names.ts';
import { openBudgetLog, UNLOGGED } from './budget-log.ts';
import { LOCAL_STATE } from './file-store.ts';

/**
 * The spend of executions on one machine, `<lake>/.local/budget/<execution_id>.jsonl`: see `openBudgetLog` for how several
 * processes agree. Money reserved by a process that died stays spent, because nothing but `settle` takes it back.
 *
 * One log an execution, not one a model: the cap is the execution's, and a reservation is one append and one fstat
 * (0.01 ms), so there is no contention that a split would relieve. A call that can cost nothing is held against the cap and
 * leaves no row. The log is not flushed: a power cut can forget the
 * reservations of its last seconds, which the ledger rows in the checkpoints still show.
 */
export function createFileBudget(lakeRoot: string): Budget {
  const folder = join(resolve(lakeRoot), LOCAL_STATE, 'budget');
  const owner = `${process.pid.toString(36)}-${randomBytes(6).toString('hex')}`;
  const logs = new Map<string, ReturnType<typeof openBudgetLog>>();
  let count = 0;

  function logOf(execution_id: string) {
    const known = logs.get(execution_id);
    if (known !== undefined) return known;
    const log = openBudgetLog(join(folder, `${executionIdSchema.parse(execution_id)}.jsonl`));
    logs.set(execution_id, log);
    return log;
  }

  return {
    async open(execution_id, cap_usd) {
      checkUsd(cap_usd);
      const log = logOf(execution_id);
      const standing = log.current().cap_usd;
      if (standing === cap_usd) return;
      if (standing !== null && cap_usd < standing)
        throw new NamedError(
          ERROR.invalidConfig,
          `budget of ${execution_id}: expected at least the $${standing} it was started with, got $${cap_usd}`,
          {
            hint: `--max-cost-usd ${standing} or more continues it; a lower cap needs another execution (--new)`,
          },
        );
      log.append({ op: 'open', usd: cap_usd });
    },

    async reserve(execution_id, model, usd) {
      checkUsd(usd);
      const log = logOf(execution_id);
      if (log.current().cap_usd === null)
        throw new NamedError(
          ERROR.invalidConfig,
          `budget of ${execution_id}: reserved before it was opened`,
          {
            hint: 'run the whole state machine: GenerateRuns opens the budget',
          },
        );
      if (!log.fits(usd)) return null;
      count += 1;
      if (usd === 0) return { reservation_id: `${execution_id}/${UNLOGGED}${owner}-${count}` };
      const id = `${owner}-${count}`;
      return log.append({ op: 'reserve', id, model, usd })
        ? { reservation_id: `${execution_id}/${id}` }
        : null;
    },

    async settle(reservation_id, usd) {
      checkUsd(usd);
      const slash = reservation_id.indexOf('/');
      const id = reservation_id.slice(slash + 1);
      if (usd === 0 && id.startsWith(UNLOGGED)) return;
      logOf(reservation_id.slice(0, slash)).append({ op: 'settle', id, usd });
    },

    async committed(execution_id) {
      return logOf(execution_id).current().committed_usd;
    },
  };
}

function checkUsd(usd: number): void {
  if (!Number.isFinite(usd) || usd < 0) throw new RangeError(`expected US dollars of 0 or more, got ${usd}`);
}
