import { verifyExecution } from '../../core/tasks/verify-execution.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { findExecution, openAnyLake } from '../host/local-lake.ts';
import { bytesText, plural } from '../view/table.ts';

/** How many broken files are named; the first ones tell as much as all of a lost folder. */
const NAMED = 20;

/** `verify [week]`: seal and chain recomputed; exit 1 names the files and the first record that differ. */
export async function verifyCommand(which: string, context: Context): Promise<number> {
  const store = openAnyLake(context);
  const execution = await findExecution(store, which);
  if (execution.manifest_key === null || execution.plan_key === null)
    throw new CliError(
      'failed',
      `${execution.execution_id} is not finished: only finished executions are sealed`,
      `finish it with \`socratic-bench run --resume ${execution.execution_id}\``,
    );
  const result = await verifyExecution(store, {
    execution_id: execution.execution_id,
    manifest_key: execution.manifest_key,
    plan_key: execution.plan_key,
  });
  if (result === null)
    throw new CliError(
      'failed',
      `${execution.execution_id}: expected executions/${execution.execution_id}/seal.json, got nothing`,
    );
  const isSound = result.brokenFiles.length === 0 && result.brokenRecord === null && result.isRootSound;
  if (context.json) {
    context.out(
      `${JSON.stringify({
        execution_id: execution.execution_id,
        is_sound: isSound,
        files: result.files,
        bytes: result.bytes,
        runs: result.runs,
        turns: result.turns,
        broken_files: result.brokenFiles,
        broken_record: result.brokenRecord,
        is_root_sound: result.isRootSound,
      })}\n`,
    );
  } else {
    const { green, red } = context.colors;
    context.out(
      `${execution.execution_id}: ${plural(result.files, 'file')} (${bytesText(result.bytes)}) against the seal, ${plural(result.runs, 'run')} and ${plural(result.turns, 'turn')} along the chain\n`,
    );
    for (const { key, problem } of result.brokenFiles.slice(0, NAMED))
      context.out(`${red('broken')} ${key} ${problem}\n`);
    if (result.brokenFiles.length > NAMED)
      context.out(
        `${red('broken')} and ${plural(result.brokenFiles.length - NAMED, 'more file')}; --json lists all\n`,
      );
    if (result.brokenRecord !== null)
      context.out(
        `${red('broken')} ${result.brokenRecord.key}: turn ${result.brokenRecord.turn_index} is not what the chain demands\n`,
      );
    if (!result.isRootSound)
      context.out(`${red('broken')} the roots of the runs do not hash to the week's root\n`);
    if (isSound) context.out(`${green('sound')} every byte is what it was when the week was sealed\n`);
  }
  return isSound ? EXIT.ok : EXIT.failed;
}
