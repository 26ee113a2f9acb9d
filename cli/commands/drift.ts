import { driftReport, type DriftReport } from '../../core/drift/drift-report.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { createTemplateClusterer, type TemplateCluster } from '../../core/metrics/template-clusters.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { readManifest } from '../../core/tasks/load-manifest.ts';
import { parseJsonLines } from '../../core/tasks/text-codec.ts';
import { ALL_PHASES, EXIT } from '../../schemas/names.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';
import type { Context } from '../context.ts';
import { findExecution, openAnyLake, readExecutionSummary } from '../host/local-lake.ts';
import { readRunSummaries } from '../host/local-runs.ts';
import { numberText, percentText, tableText } from '../view/table.ts';
import { printable } from '../view/wrap.ts';

/** Sign-flip permutations where there are too many pairs to count them all. */
const PERMUTATIONS = 10_000;
/** Turns from which on replies of one template count as a cluster. */
const MIN_CLUSTER_TURNS = 5;
const SHOWN_CLUSTERS = 3;
const SHOWN_CHARS = 70;

interface Templates {
  model: string;
  /** Share of turns in clusters of at least `MIN_CLUSTER_TURNS`. */
  template_frac: number | null;
  clusters: TemplateCluster[];
}
interface NoiseFloor {
  model: string;
  variant: string;
  rmst_turns: number | null;
}

/**
 * `drift [execution]`: half-life over thresholds, relative half-life, noise floor from repeats, salience recall, depth of
 * threads, templates over dialogues, and variants compared on the same cells.
 */
export async function driftCommand(which: string, context: Context): Promise<number> {
  const store = openAnyLake(context);
  const execution = await findExecution(store, which);
  const runs = await readRunSummaries(store, execution);
  const { content } = await readManifest(store, execution.manifest_key!);
  const report = driftReport(runs, {
    reference: Object.keys(content.profile.variants)[0]!,
    permutations: PERMUTATIONS,
    seed: execution.execution_id,
  });
  const summary = await readExecutionSummary(store, execution.execution_id);
  const noise = (summary?.weekly ?? [])
    .filter(({ phase }) => phase === ALL_PHASES)
    .map(({ model, variant, noise_floor_rmst_turns }): NoiseFloor => ({
      model,
      variant,
      rmst_turns: noise_floor_rmst_turns,
    }));
  const templates = await templatesOf(store, runs);
  const { execution_id, is_simulated } = execution;
  if (context.json)
    context.out(
      `${JSON.stringify({ execution_id, is_simulated, ...report, noise_floor: noise, templates })}\n`,
    );
  else
    context.out(
      [
        '',
        `${context.colors.bold('drift')}${is_simulated ? `  ${context.colors.inverse(' simulated ')}` : ''}  ${context.colors.dim(execution_id)}`,
        '',
        modelsText(report, noise, context),
        contrastsText(report, context),
        templatesText(templates, context),
      ].join('\n'),
    );
  return EXIT.ok;
}

/** Templates of each model over all its dialogues; one dialogue in memory at a time. */
async function templatesOf(store: ObjectStore, runs: readonly RunSummary[]): Promise<Templates[]> {
  const models = [...new Set(runs.map(({ model }) => model))];
  const found: Templates[] = [];
  for (const model of models) {
    const clusterer = createTemplateClusterer();
    for (const run of runs.filter((one) => one.model === model)) {
      const key = lakeKeys.judged(run);
      const bytes = await store.get(key);
      if (bytes === null) continue;
      for (const { run_id, turn_index, student, tutor_text } of parseJsonLines<Turn>(bytes, key))
        clusterer.add({
          run_id,
          turn_index,
          said: student.text.slice(0, student.said_chars),
          tutor_text,
        });
    }
    found.push({
      model,
      template_frac: clusterer.templateFrac(MIN_CLUSTER_TURNS),
      clusters: clusterer.clusters(MIN_CLUSTER_TURNS).slice(0, 20),
    });
  }
  return found;
}

function modelsText(report: DriftReport, noise: readonly NoiseFloor[], { colors }: Context): string {
  const thresholds = report.models[0]?.half_life_curve.map(({ threshold_pts }) => threshold_pts) ?? [];
  const floor = (model: string, variant: string) =>
    noise.find((row) => row.model === model && row.variant === variant)?.rmst_turns ?? null;
  return [
    tableText(
      [
        { title: 'half-life at' },
        { title: 'variant' },
        ...thresholds.map((threshold) => ({ title: `SD ${threshold}`, align: 'right' as const })),
        { title: 'relative', align: 'right' },
        { title: 'noise floor', align: 'right' },
        { title: 'recall@3', align: 'right' },
        { title: 'threads by depth 1 2 3 4 5 6+', align: 'right' },
      ],
      report.models.map((row) => [
        colors.bold(row.model),
        row.variant,
        ...row.half_life_curve.map(({ rmst_turns }) => numberText(rmst_turns)),
        numberText(row.relative_rmst_turns),
        numberText(floor(row.model, row.variant), 2),
        numberText(row.salience_recall_at_3, 2),
        row.thread_depths.join(' '),
      ]),
      colors,
    ),
    colors.dim(
      'half-life: RMST on the scale of 40 turns at each threshold; relative: against 80% of the run’s own first average; noise floor needs --repeats 2',
    ),
    '',
  ].join('\n');
}

function contrastsText({ contrasts }: DriftReport, { colors }: Context): string {
  if (contrasts.length === 0) return '';
  return `${tableText(
    [
      { title: 'variant' },
      { title: 'against' },
      { title: 'model' },
      { title: 'half-life', align: 'right' },
      { title: '95% CI', align: 'right' },
      { title: 'p', align: 'right' },
      { title: 'detectable', align: 'right' },
      { title: 'pairs', align: 'right' },
    ],
    contrasts.map(({ model, variant, reference, rmst }) => [
      variant,
      reference,
      colors.bold(model),
      rmst === null ? '–' : signed(rmst.delta),
      rmst?.ci_low == null ? '–' : `${signed(rmst.ci_low)} to ${signed(rmst.ci_high!)}`,
      rmst === null ? '–' : rmst.p.toFixed(3),
      rmst?.mdc == null ? '–' : `±${rmst.mdc.toFixed(1)}`,
      String(rmst?.n_pairs ?? 0),
    ]),
    colors,
  )}\n`;
}

function templatesText(templates: readonly Templates[], { colors }: Context): string {
  return tableText(
    [{ title: 'model' }, { title: 'in templates', align: 'right' }, { title: 'largest, turns × text' }],
    templates.map(({ model, template_frac, clusters }) => [
      colors.bold(model),
      percentText(template_frac),
      clusters
        .slice(0, SHOWN_CLUSTERS)
        .map(({ n_turns, template }) => `${n_turns} × ${printable(template).slice(0, SHOWN_CHARS)}`)
        .join(' | '),
    ]),
    colors,
  );
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(1)}`;
}
