import { createInterface } from 'node:readline/promises';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import type { LocalPlan } from '../host/local-plan.ts';
import { paidModels } from '../host/paid-models.ts';
import { simulatedJudgeWarning } from '../host/simulated-judge-warning.ts';
import { usdText } from '../view/table.ts';

interface Cap {
  maxCostUsd?: number;
}

/**
 * A paid model never starts without a shown cost and a yes, or --yes with --max-cost-usd. Simulated ones never ask. What would
 * make the money ill spent is said first.
 */
export async function confirmCost(plan: LocalPlan, cap: Cap, context: Context): Promise<void> {
  warnOfJudge(plan, context);
  const names = paidNames(plan);
  if (names === '') return;
  showModelCost(plan, names, cap, context);
  await confirmPaid(plan, names, cap, context);
}

/** On AWS every execution costs something: without paid models the services' share, which --yes alone confirms. */
export async function confirmCostOnAws(plan: LocalPlan, cap: Cap, context: Context): Promise<void> {
  warnOfJudge(plan, context);
  const names = paidNames(plan);
  const services = plan.estimate.aws.filter((line) => line.usd.likely > 0);
  const likely = services.reduce((sum, line) => sum + line.usd.likely, 0);
  if (!context.quiet)
    context.err(
      `AWS itself: about ${usdText(likely)} (${services.map((line) => `${line.service} ${usdText(line.usd.likely)}`).join(', ')})\n`,
    );
  if (names !== '') {
    showModelCost(plan, names, cap, context);
    return confirmPaid(plan, names, cap, context);
  }
  if (context.yes) return;
  if (!context.isInTty)
    throw new CliError(
      'budget',
      'an execution on AWS needs a confirmation; nothing was started',
      'add --yes',
    );
  await ask('not confirmed; nothing was started', 'add --yes to start without a question');
}

function warnOfJudge(plan: LocalPlan, { colors, quiet, err }: Context): void {
  const warning = simulatedJudgeWarning(plan.measure.manifest.content);
  if (warning !== null && !quiet) err(`${colors.yellow('warning')} ${warning}\n`);
}

function paidNames(plan: LocalPlan): string {
  return paidModels(plan.measure.manifest.content.models)
    .map((model) => model.model_id)
    .join(', ');
}

function showModelCost(plan: LocalPlan, names: string, { maxCostUsd }: Cap, context: Context): void {
  const { low, likely, high } = plan.estimate.calls;
  const cap = maxCostUsd ?? plan.measure.manifest.content.profile.budget_usd;
  if (!context.quiet)
    context.err(
      `${names}: about ${usdText(likely.usd)} (${usdText(low.usd)} – ${usdText(high.usd)}), capped at ${usdText(cap)}\n`,
    );
}

async function confirmPaid(
  plan: LocalPlan,
  names: string,
  { maxCostUsd }: Cap,
  context: Context,
): Promise<void> {
  if (context.yes && maxCostUsd !== undefined) return;
  const { likely } = plan.estimate.calls;
  const hint = `see \`socratic-bench plan\`, then add --yes --max-cost-usd ${Math.max(1, Math.ceil(likely.usd * 1.2))}`;
  if (!context.isInTty || context.yes)
    throw new CliError(
      'budget',
      `paid models (${names}) need ${context.yes ? '--max-cost-usd beside --yes' : 'a confirmation'}; nothing was called`,
      hint,
    );
  await ask('not confirmed; nothing was called', hint);
}

async function ask(refusal: string, hint: string): Promise<void> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-D, an input without an answer: no.
  const answer = await prompt.question('Start? [y/N] ').catch(() => '');
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('budget', refusal, hint);
}
