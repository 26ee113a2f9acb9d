import { sumLines } from '../../core/cost/estimate-plan.ts';
import { sentTokens, type Estimate } from '../../core/cost/estimate.ts';
import { isoWeekOf } from '../../core/identity/iso-week.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { folderConfig } from '../host/folder-config.ts';
import { openAnyLake } from '../host/local-lake.ts';
import { planLocally, type LocalPlan } from '../host/local-plan.ts';
import { simulatedJudgeWarning } from '../host/simulated-judge-warning.ts';
import { countText, plural, tableText, usdText } from '../view/table.ts';
import { DEFAULT_PROFILE, overridesOf, scheduledAt, type SelectorOptions } from './select.ts';

/** `plan`: matrix, calls, tokens and US dollars as an interval, what is skipped and why; calls no model, writes nothing. */
export async function planCommand(options: SelectorOptions, context: Context): Promise<number> {
  const scheduled_at = scheduledAt(options.week, new Date().toISOString());
  const plan = await planLocally(
    openAnyLake(context),
    folderConfig(context.configFolder),
    options.profile ?? DEFAULT_PROFILE,
    overridesOf(options),
    scheduled_at,
  );
  const week = isoWeekOf(scheduled_at);
  context.out(context.json ? `${JSON.stringify(planDocument(plan, week))}\n` : planText(plan, week, context));
  return EXIT.ok;
}

function planDocument(plan: LocalPlan, week: string): object {
  const { content, manifest_id } = plan.measure.manifest;
  const planned = plan.matrix.filter((row) => row.skip === null);
  const warning = simulatedJudgeWarning(content);
  return {
    execution_id: plan.executionId(week),
    manifest_id,
    measure_sha256: content.measure_sha256,
    profile: content.profile_name,
    week,
    planned: planned.length,
    skipped: plan.matrix.length - planned.length,
    turns: planned.reduce((sum, row) => sum + row.turns, 0),
    prices_as_of: [...new Set(content.models.map((model) => model.prices_as_of))].sort(),
    lines: plan.estimate.lines,
    calls: plan.estimate.calls,
    aws: plan.estimate.aws,
    levers: plan.levers(),
    cap: { cap_usd: content.profile.budget_usd, ...plan.underCap(content.profile.budget_usd) },
    skips: skipRows(plan),
    warnings: warning === null ? [] : [warning],
  };
}

function planText(plan: LocalPlan, week: string, context: Context): string {
  const { colors } = context;
  const { content } = plan.measure.manifest;
  const { profile } = content;
  const planned = plan.matrix.filter((row) => row.skip === null);
  const turns = planned.reduce((sum, row) => sum + row.turns, 0);
  const { lines, calls, aws } = plan.estimate;
  const dates = [
    ...new Set(
      content.models.filter((model) => model.provider !== 'simulated').map((model) => model.prices_as_of),
    ),
  ].sort();
  const warning = simulatedJudgeWarning(content);
  const saved = calls.likely.uncached_usd - calls.likely.usd;
  const byModel = sumLines(
    lines.filter((line) => line.component === 'dialogue'),
    (line) => line.tutor,
  );
  const byPhase = sumLines(
    lines.filter((line) => line.component === 'dialogue'),
    (line) => line.phase,
  );
  const byComponent = sumLines(lines, (line) => line.component);
  return [
    '',
    `${colors.bold(`${content.profile_name} · week ${week}`)}  ${colors.dim(plan.executionId(week))}`,
    profile.title,
    `${plural(profile.models.length, 'model')} × ${plural(profile.temperatures.length, 'temperature')} × ${plural(profile.seeds.length, 'seed')} × ${plural(profile.phases.length, 'phase')}${profile.repeats > 1 ? ` × ${profile.repeats} repeats` : ''}${Object.keys(profile.variants).length > 1 ? ` × ${Object.keys(profile.variants).length} variants` : ''} = ${plural(plan.matrix.length, 'row')}: ${plural(planned.length, 'run')}, ${plural(turns, 'turn')}${plan.matrix.length > planned.length ? `; ${plural(plan.matrix.length - planned.length, 'row')} skipped` : ''}`,
    '',
    estimateTable('dialogue of', byModel, context),
    estimateTable('phase', byPhase, context),
    estimateTable('component', byComponent, context),
    `${colors.bold('all model calls')}  ${countText(calls.likely.calls)} calls, ${countText(sentTokens(calls.likely))} input and ${countText(calls.likely.output_tokens)} output tokens, ${colors.bold(usdText(calls.likely.usd))} (${usdText(calls.low.usd)} – ${usdText(calls.high.usd)})`,
    ...(saved > 0.005
      ? [`prompt caching saves ${usdText(saved)} of ${usdText(calls.likely.uncached_usd)}`]
      : []),
    `on AWS beside: ${usdText(aws.reduce((sum, line) => sum + line.usd.likely, 0))} a week (${aws.map((line) => `${line.service} ${usdText(line.usd.likely)}`).join(', ')})`,
    `cap: ${usdText(profile.budget_usd)} (profile), --max-cost-usd sets another`,
    ...capText(plan, context),
    ...leversText(plan, context),
    ...(dates.length > 0
      ? [colors.dim(`prices as of ${dates.join(', ')}`)]
      : [colors.dim('simulated models only: nothing is billed')]),
    ...(warning === null ? [] : [colors.yellow(warning)]),
    ...skipRows(plan).map((skip) =>
      colors.yellow(
        `skipped: ${skip.model} ${skip.phase}: ${plural(skip.n_rows, 'row')}, ${skip.reason}: ${skip.detail}`,
      ),
    ),
    '',
  ].join('\n');
}

/** What the profile's cap does to the plan. */
function capText(plan: LocalPlan, { colors }: Context): string[] {
  const { budget_usd } = plan.measure.manifest.content.profile;
  const { calls } = plan.estimate;
  const held = plan.underCap(budget_usd);
  if (held.blocks_held < held.blocks)
    return [
      colors.yellow(
        `the cap holds ${held.blocks_held} of ${plural(held.blocks, 'block')} (${plural(held.runs_held, 'run')}): the others would be dropped whole, the same cells for every model; raise it or ask for less`,
      ),
    ];
  return calls.high.usd > budget_usd
    ? [
        colors.yellow(
          `the cap is below the high reading of ${usdText(calls.high.usd)}: blocks may be dropped`,
        ),
      ]
    : [];
}

/** What could be done to spend less, each alone. */
function leversText(plan: LocalPlan, { colors }: Context): string[] {
  const levers = plan.levers();
  if (levers.length === 0) return [];
  return [
    '',
    tableText(
      [{ title: 'lever (key of the profile)' }, { title: 'saves', align: 'right' }, { title: 'gives up' }],
      levers.map(({ key, change, price, saved_usd }) => [
        `${key}: ${change}`,
        saved_usd.likely < 0 ? `-${usdText(-saved_usd.likely)}` : usdText(saved_usd.likely),
        price,
      ]),
      colors,
    ),
  ];
}

function estimateTable(title: string, groups: Map<string, Estimate>, context: Context): string {
  const right = (name: string) => ({ title: name, align: 'right' as const });
  return tableText(
    [
      { title },
      right('calls'),
      right('input'),
      right('cached'),
      right('output'),
      right('low'),
      right('likely'),
      right('high'),
    ],
    [...groups].map(([name, { low, likely, high }]) => [
      name,
      countText(likely.calls),
      countText(sentTokens(likely)),
      countText(likely.cache_read_tokens),
      countText(likely.output_tokens),
      usdText(low.usd),
      usdText(likely.usd),
      usdText(high.usd),
    ]),
    context.colors,
  );
}

function skipRows(
  plan: LocalPlan,
): { model: string; phase: string; reason: string; detail: string; n_rows: number }[] {
  const groups = new Map<
    string,
    { model: string; phase: string; reason: string; detail: string; n_rows: number }
  >();
  for (const { cell, skip } of plan.matrix) {
    if (skip === null) continue;
    const key = `${cell.model}|${cell.phase}|${skip.reason}`;
    const group = groups.get(key) ?? { model: cell.model, phase: cell.phase, ...skip, n_rows: 0 };
    group.n_rows += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}
