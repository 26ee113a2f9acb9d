import { attributeCollapse, type Attribution } from '../../core/drift/factorial.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { createMeasureLoader } from '../../core/tasks/measure.ts';
import type { Execution } from '../../schemas/execution.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { findExecution, listExecutions, openAnyLake } from '../host/local-lake.ts';
import { readRunSummaries } from '../host/local-runs.ts';
import { numberText, tableText } from '../view/table.ts';
import { wrap } from '../view/wrap.ts';

/** Sign-flip permutations where there are too many pairs to count them all. */
const PERMUTATIONS = 10_000;
const FACTORIAL_PROFILE = 'factorial';

/** `factorial [execution]`: is it length, pressure or the turns that costs half-life? */
export async function factorialCommand(which: string, context: Context): Promise<number> {
  const store = openAnyLake(context);
  const execution =
    (which === 'latest' ? await latestFactorial(store) : null) ?? (await findExecution(store, which));
  const runs = await readRunSummaries(store, execution);
  const { manifest, rubric } = await createMeasureLoader(store)(execution.manifest_key!);
  const { variants } = manifest.content.profile;
  const found = attributeCollapse(runs, {
    variants,
    permutations: PERMUTATIONS,
    smallest_decline_pts: rubric.half_life.smallest_decline_pts,
    seed: execution.execution_id,
  });
  if (found.length === 0)
    throw new CliError(
      'usage',
      `${execution.execution_id}: expected variants that differ in pad or pressure, got ${Object.keys(variants).join(', ')}`,
      '`socratic-bench run --profile factorial` measures all four arms',
    );
  const { execution_id, is_simulated } = execution;
  context.out(
    context.json
      ? `${JSON.stringify({ execution_id, is_simulated, models: found })}\n`
      : factorialText(execution_id, is_simulated, found, context),
  );
  return EXIT.ok;
}

/** The last finished execution of the profile `factorial`: a weekly one after it has no arms to compare. */
async function latestFactorial(store: ObjectStore): Promise<Execution | null> {
  const executions = await listExecutions(store);
  return (
    executions.find(({ profile, state }) => profile === FACTORIAL_PROFILE && state === 'finished') ?? null
  );
}

function factorialText(
  execution_id: string,
  isSimulated: boolean,
  found: readonly Attribution[],
  { colors }: Context,
): string {
  const arms = found[0]!.rmst_by_arm;
  return [
    '',
    `${colors.bold('length against pressure')}${isSimulated ? `  ${colors.inverse(' simulated ')}` : ''}  ${colors.dim(execution_id)}`,
    '',
    tableText(
      [
        { title: 'half-life of 40' },
        ...arms.map(({ variant }) => ({ title: variant, align: 'right' as const })),
        { title: 'cause' },
      ],
      found.map(({ model, rmst_by_arm, causes }) => [
        colors.bold(model),
        ...rmst_by_arm.map(({ rmst }) => numberText(rmst)),
        causes.join(', ') || 'none',
      ]),
      colors,
    ),
    ...found.map(({ sentence }) => wrap(sentence, 100, 0)),
    '',
  ].join('\n');
}
