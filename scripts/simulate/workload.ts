import { join } from 'node:path';
import { createFolderConfig } from '../../adapters/local/folder-config.ts';
import { createFileStore } from '../../adapters/local/file-store.ts';
import { planLocally, type LocalPlan } from '../../cli/host/local-plan.ts';
import { estimateAws, type AwsLine } from '../../core/cost/estimate-aws.ts';
import type { PlanComponent, PlanLine } from '../../core/cost/estimate-plan.ts';
import { perScenario, sentTokens, type UsageEstimate } from '../../core/cost/estimate.ts';
import type { AwsPrices } from '../../schemas/aws-prices.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import quotaFile from './quotas.json' with { type: 'json' };
import type { Task } from './play-map.ts';

export interface Workload {
  runs: Task[];
  judgements: Task[];
  n_runs: number;
  n_turns: number;
  /** Likely US dollars by component. */
  usd: Record<PlanComponent, number>;
  /** AWS beside Fargate and its addresses, which depend on how long tasks wait. */
  aws: AwsLine[];
  prices: AwsPrices;
  /** Every model that is called: tutors by their copy, judges once. */
  models: string[];
}

export const QUOTAS = quotaFile.quotas;
export type QuotaName = keyof typeof QUOTAS;

/**
 * The week of `n` models: those of a profile over and over, each copy with a quota of its own; the judge is one model for all.
 * Sizes and prices are the plan's, likely reading, of the shipped config.
 */
export async function workloadOf(
  profile: string,
  n: number,
  root: string,
  folder: string,
): Promise<Workload> {
  const plan = await planLocally(
    createFileStore(folder),
    createFolderConfig([join(root, 'config')]),
    profile,
    {},
    '2026-11-16T03:00:00Z',
  );
  const tutors = plan.measure.manifest.content.profile.models;
  const configs = new Map(plan.measure.manifest.content.models.map((model) => [model.model_id, model]));
  const copies = (tutor: string) => {
    const index = tutors.indexOf(tutor);
    return Array.from(
      { length: Math.ceil((n - index) / tutors.length) },
      (_, copy) => `${tutor}#${copy + 1}`,
    );
  };
  const usd = { dialogue: 0, student: 0, judge: 0, secondary_judge: 0, canary: 0 };
  for (const line of plan.estimate.lines)
    usd[line.component] += line.estimate.likely.usd * (isOfTutor(line) ? copies(line.tutor).length : 1);

  const rows = plan.matrix.filter((row) => row.skip === null);
  const lineOf = (component: PlanComponent, tutor: string, phase: string) =>
    plan.estimate.lines.find(
      (line) => line.component === component && line.tutor === tutor && line.phase === phase,
    );
  const tasksOf = (make: (row: LocalPlan['matrix'][number], copy: string) => Task): Task[] => {
    const tasks: Task[] = [];
    const most = Math.ceil(n / tutors.length);
    // Block by block, as the plan is written: models of a block side by side.
    for (const row of rows)
      for (const copy of copies(row.cell.model).slice(0, most)) tasks.push(make(row, copy));
    return tasks;
  };

  const runs = tasksOf((row, copy) => {
    const line = lineOf('dialogue', row.cell.model, row.cell.phase)!;
    const usage = perRun(line);
    const model = configs.get(row.cell.model)!;
    return {
      calls: row.turns,
      call: (index) => growingCall(copy, usage, model, row.turns, index),
    };
  });
  const judgements = tasksOf((row) => {
    const lines = (['judge', 'secondary_judge'] as const).flatMap((component) => {
      const line = lineOf(component, row.cell.model, row.cell.phase);
      return line === undefined ? [] : [line];
    });
    const calls = lines.flatMap((line) => {
      const usage = perRun(line);
      const count = Math.round(usage.calls);
      return Array.from({ length: count }, () => evenCall(line.model, usage, configs.get(line.model)!));
    });
    return { calls: calls.length, call: (index) => calls[index]! };
  });
  const n_turns = runs.reduce((sum, task) => sum + task.calls, 0);
  const aws = estimateAws(
    {
      runs: runs.length,
      turns: n_turns,
      judge_tasks: judgements.length + 1,
      verdicts: perScenario(() => judgements.reduce((sum, task) => sum + task.calls, 0)),
      new_text_bytes: textBytesOf(plan) * (n / tutors.length),
      model_phases: n * new Set(rows.map((row) => row.cell.phase)).size,
    },
    plan.measure.awsPrices,
  ).filter(({ service }) => service !== 'Fargate' && service !== 'Public IPv4');
  return {
    runs,
    judgements,
    n_runs: runs.length,
    n_turns,
    usd,
    aws,
    prices: plan.measure.awsPrices,
    models: [
      ...tutors.flatMap(copies),
      ...new Set(
        plan.estimate.lines.filter((line) => line.component !== 'dialogue').map(({ model }) => model),
      ),
    ],
  };
}

/** Tokens a minute of a model or of a copy of it. */
export function quotaOf(name: QuotaName, model: string): number {
  const { tokens_per_minute, by_model } = QUOTAS[name];
  const original = model.replace(/#\d+$/, '');
  return (by_model as Record<string, number | undefined>)[original] ?? tokens_per_minute;
}

function isOfTutor(line: PlanLine): boolean {
  return line.component !== 'canary';
}

function perRun(line: PlanLine): UsageEstimate {
  const { likely } = line.estimate;
  return Object.fromEntries(
    Object.entries(likely).map(([key, value]) => [key, value / line.runs]),
  ) as unknown as UsageEstimate;
}

/** Call `index` of a dialogue: its prompt grows evenly from turn to turn, the cached share of it is that of the whole run. */
function growingCall(model: string, usage: UsageEstimate, config: ModelConfig, turns: number, index: number) {
  const share = (2 * (index + 1)) / (turns * (turns + 1));
  const sent = sentTokens(usage) * share;
  const counted =
    config.supports.cache === 'none'
      ? sent
      : (sent * (sentTokens(usage) - usage.cache_read_tokens)) / sentTokens(usage);
  const output = (usage.output_tokens / turns) * burn(config);
  return { model, reserved: sent + config.max_output_tokens, counted: counted + output };
}

/** One of a run's verdicts. */
function evenCall(model: string, usage: UsageEstimate, config: ModelConfig) {
  const sent = sentTokens(usage) / usage.calls;
  const counted = sent - usage.cache_read_tokens / usage.calls;
  const output = (usage.output_tokens / usage.calls) * burn(config);
  return { model, reserved: sent + JUDGE_OUTPUT_TOKENS, counted: counted + output };
}

/** As core/tasks/judge-turn.ts asks for. */
const JUDGE_OUTPUT_TOKENS = 1000;

function burn(config: ModelConfig): number {
  const { claude, others } = quotaFile.output_burn;
  return config.model_id.startsWith('claude') ? claude : others;
}

/** Text that a week of the profile adds to the lake: what was sent as new, at four bytes a token. */
function textBytesOf(plan: LocalPlan): number {
  const dialogues = plan.estimate.lines.filter((line) => line.component === 'dialogue');
  return dialogues.reduce(
    (sum, { estimate: { likely }, runs }) =>
      // A prompt that grows evenly to its last turn is sent (T + 1) / 2 times over.
      sum + (sentTokens(likely) / ((likely.calls / runs + 1) / 2)) * BYTES_PER_TOKEN,
    0,
  );
}
const BYTES_PER_TOKEN = 4;
