/**
 * Fills the figures of docs/methods.md between their markers: `npx tsx scripts/methods-figures.ts [--data <folder>]`. Known answers come from
 * the tests' own measurements; validity and transcripts need a folder of labelled sets and stay as they are without one.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { format, resolveConfig } from 'prettier';
import { canaryRunCommand } from '../cli/commands/canary.ts';
import { contextOf } from '../cli/context.ts';
import { rmstOf, survivalOf } from '../core/aggregate/run-group.ts';
import { attributeCollapse } from '../core/drift/factorial.ts';
import type { JudgeRepeatability } from '../core/drift/judge-repeatability.ts';
import type { ClusterMean } from '../core/statistics/cluster-mean.ts';
import { pearson } from '../core/statistics/pearson.ts';
import { validityTable, type ValidityRow } from '../core/validity/validity-table.ts';
import { CSD_DIMENSIONS, type CsdDimension } from '../schemas/csd-subscores.ts';
import { heuristicsModelSchema } from '../schemas/heuristics-model.ts';
import { profileFileSchema, type Profile } from '../schemas/profile.ts';
import { rubricSchema } from '../schemas/rubric.ts';
import type { RunSummary } from '../schemas/run-summary.ts';
import { measure } from '../tests/measure/harness.ts';
import {
  declineBeyond,
  declineOf,
  declines,
  declinesClaimed,
  DEFECTS,
  dimensionGaps,
  dimensionMean,
  DRIFTERS,
  halfLifeAnswers,
  measureDimensions,
  measureHalfLives,
  PHASES,
} from '../tests/measure/known-answers.ts';
import { measureTranscripts } from '../tests/measure/transcripts.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'docs/methods.md');
const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, 'config', path), 'utf8'));
const of = (runs: readonly RunSummary[], model: string) => runs.filter((run) => run.model === model);
const range = ({ mean, ci_low, ci_high }: ClusterMean, digits = 2) =>
  `${mean.toFixed(digits)} [${ci_low!.toFixed(digits)}, ${ci_high!.toFixed(digits)}]`;
const rows = (titles: readonly string[], cells: readonly (readonly string[])[]) =>
  [titles, titles.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');

function halfLife(runs: readonly RunSummary[]): string {
  const answers = halfLifeAnswers(runs);
  const cell = (model: string, phase: string) => {
    const { n_within_one, n_runs, n_exact } = answers.find(
      (one) => one.model === model && one.phase === phase,
    )!;
    return `${n_within_one}/${n_runs} (exact ${n_exact})`;
  };
  const steadfast = of(runs, 'steadfast');
  return [
    'Runs whose half-life lies within one turn of the truth, under each phase of phases-1.1:',
    '',
    rows(
      ['tutor', ...PHASES],
      Object.keys(DRIFTERS).map((model) => [model, ...PHASES.map((phase) => cell(model, phase))]),
    ),
    '',
    `Steadfast is censored at the horizon in ${steadfast.filter(({ censor_reason }) => censor_reason === 'horizon').length} of ${steadfast.length} runs.`,
  ].join('\n');
}

const rubric = rubricSchema.parse(json('rubrics/rubric-1.1.json'));

function decline(runs: readonly RunSummary[]): string {
  const inconsistent = of(runs, 'inconsistent-05');
  const reached = inconsistent.filter(({ half_life_turn }) => half_life_turn !== null).length;
  const claimed = declinesClaimed(runs, 'inconsistent-05');
  return [
    rows(
      ['tutor', 'decline, points [95% CI]', 'said to decline', 'beyond steadfast, same cells'],
      ['steadfast', 'inconsistent-05', 'drifter-20'].map((model) => [
        model,
        range(declineOf(runs, model)),
        declines(runs, model) ? 'yes' : 'no',
        model === 'steadfast' ? '–' : range(declineBeyond(runs, model, 'steadfast')),
      ]),
    ),
    '',
    `inconsistent-05, which fails 5% of its turns at random, reaches a half-life in ${reached} of ${inconsistent.length} runs; a decline is claimed in ${claimed} of them.`,
  ].join('\n');
}

function dimensions(runs: readonly RunSummary[]): string {
  const models = ['steadfast', ...DEFECTS.map(({ model }) => model)];
  const gapOf = (model: string, dimension: string) =>
    dimensionGaps(runs, model, 'steadfast').find((one) => one.dimension === dimension)!.gap;
  const bystanders = DEFECTS.flatMap(({ model, dimension, touches }) =>
    dimensionGaps(runs, model, 'steadfast')
      .filter((one) => one.dimension !== dimension && !touches.includes(one.dimension))
      .map(({ gap }) => Math.abs(gap.mean)),
  );
  return [
    `Means over ${of(runs, 'steadfast').length} runs each (P1 and P2; the dimension a tutor was built to fail in bold):`,
    '',
    rows(
      ['tutor', ...CSD_DIMENSIONS.map((name) => name.toUpperCase()), 'gap to steadfast [95% CI]'],
      models.map((model) => {
        const own = DEFECTS.find((defect) => defect.model === model)?.dimension;
        return [
          model,
          ...CSD_DIMENSIONS.map((name) => {
            const text = dimensionMean(runs, model, name)?.toFixed(2) ?? '–';
            return name === own ? `**${text}**` : text;
          }),
          own === undefined ? '–' : range(gapOf(model, own)),
        ];
      }),
    ),
    '',
    `On dimensions that a defect does not touch, the largest difference to steadfast is ${Math.max(...bystanders).toFixed(2)}. What a defect cannot but touch: ${DEFECTS.filter(
      ({ touches }) => touches.length > 0,
    )
      .map(
        ({ model, touches, why }) =>
          `${model} ${touches.map((name) => name.toUpperCase()).join(', ')} (${why})`,
      )
      .join('; ')}.`,
    '',
    'Correlation of the dimensions, null pairs left out: below the diagonal over all these runs, above it within tutors (each run less the mean of its tutor).',
    '',
    correlations(runs),
  ].join('\n');
}

/** Below the diagonal over all runs; above it within tutors, each run less the mean of its tutor. */
function correlations(runs: readonly RunSummary[]): string {
  const pairsOf = (own: readonly RunSummary[], a: CsdDimension, b: CsdDimension) =>
    own.flatMap(({ csd_subscores }) => {
      const [x, y] = [csd_subscores[a], csd_subscores[b]];
      return x === null || y === null ? [] : [[x, y] as const];
    });
  const models = [...new Set(runs.map(({ model }) => model))];
  const within = (a: CsdDimension, b: CsdDimension) =>
    pearson(models.flatMap((model) => centred(pairsOf(of(runs, model), a, b))));
  return rows(
    ['', ...CSD_DIMENSIONS.map((name) => name.toUpperCase())],
    CSD_DIMENSIONS.map((a, row) => [
      a.toUpperCase(),
      ...CSD_DIMENSIONS.map((b, column) => {
        if (row === column) return '1';
        return (row > column ? pearson(pairsOf(runs, a, b)) : within(a, b))?.toFixed(2) ?? '–';
      }),
    ]),
  );
}

/** Pairs less their means. */
function centred(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const mean = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [mx, my] = [mean(0), mean(1)];
  return pairs.map(([x, y]) => [x - mx, y - my] as const);
}

function survival(runs: readonly RunSummary[]): string {
  const models = ['steadfast', 'template', 'echo'];
  return rows(
    ['tutor', 'RMST of 40 turns', 'runs'],
    models.map((model) => [
      model,
      rmstOf({ summaries: of(runs, model), horizon: 40 }, survivalOf)!.toFixed(1),
      String(of(runs, model).length),
    ]),
  );
}

async function factorial(): Promise<string> {
  const { factorial: profile } = profileFileSchema.parse(json('profiles/profiles-1.0.json')).profiles as {
    factorial: Profile;
  };
  const { models, seeds, phases, variants } = profile;
  const { runs } = await measure({ models, seeds, phases, variants });
  const found = attributeCollapse(runs, {
    variants,
    permutations: 10_000,
    smallest_decline_pts: rubric.half_life.smallest_decline_pts,
    seed: 'methods',
  });
  return [
    rows(
      ['RMST of 40', ...Object.keys(variants), 'cause'],
      found.map(({ model, rmst_by_arm, causes }) => [
        model,
        ...Object.keys(variants).map(
          (name) => rmst_by_arm.find(({ variant }) => variant === name)?.rmst?.toFixed(1) ?? '–',
        ),
        causes.join(', ') || 'none',
      ]),
    ),
    '',
    ...found.map(({ sentence }) => `- ${sentence}`),
  ].join('\n');
}

async function canary(): Promise<string> {
  const lake = mkdtempSync(join(tmpdir(), 'socratic-methods-'));
  let printed = '';
  await canaryRunCommand(
    { repeats: 5 },
    {
      ...contextOf({ lake, json: true, quiet: true }, process),
      configFolder: undefined,
      colors: pc.createColors(false),
      out: (text) => void (printed += text),
    },
  );
  rmSync(lake, { recursive: true });
  const { judge, n_judged, n_items, kappa, mae_pts, bias_pts, repeatability } = JSON.parse(printed) as {
    judge: string;
    n_judged: number;
    n_items: number;
    kappa: number;
    mae_pts: number;
    bias_pts: number;
    repeatability: JudgeRepeatability;
  };
  return `${judge} (simulated) on the shipped set: ${n_judged} of ${n_items} items are of its phrase bank and judged; κ of purity ${kappa.toFixed(2)}, MAE ${mae_pts.toFixed(2)}, bias ${bias_pts.toFixed(2)} points. Five readings of the same input: standard deviation of the score within items ${repeatability.score_sd_pts!.toFixed(2)} points, largest range ${repeatability.score_max_range_pts!.toFixed(2)}, ${(100 * repeatability.flipped_frac!).toFixed(1)}% of items pass in one reading and fail in another.`;
}

function validity(folder: string): string {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  const model = heuristicsModelSchema.parse(json('heuristics/heuristics-1.0.json'));
  const table = validityTable(files, model, rubric);
  const figure = (value: number | null) => (value === null ? '–' : value.toFixed(3));
  const transferred = ({ task, dataset }: ValidityRow) =>
    figure(
      model.out_of_fold.find((one) => one.task === task && one.dataset === dataset)?.transfer_auc ?? null,
    );
  const baseline = (row: ValidityRow) => figure(row.baselines['bag_of_words']?.auc ?? null);
  return [
    rows(
      [
        'task',
        'set',
        'n',
        'AUC on groups not seen in training',
        'AUC, shipped weights',
        'AUC, trained on the other sets',
        'bag of words',
        'goal',
      ],
      table.tasks.map((row) => [
        row.task,
        row.dataset,
        String(row.n),
        row.is_training_data ? figure(row.out_of_fold_auc) : figure(row.auc),
        `${figure(row.auc)}${row.is_training_data ? ' (trained on it)' : ''}`,
        transferred(row),
        baseline(row),
        figure(row.goal_auc),
      ]),
    ),
    '',
    table.responder_ranking === null
      ? ''
      : `Responders ranked by reveal rate (${table.responder_ranking.dataset}): Spearman ${figure(table.responder_ranking.spearman)} over ${table.responder_ranking.n_responders}, goal ${figure(table.responder_ranking.goal_spearman)}.`,
    table.expert_false_alarms === null
      ? 'False alarms on expert Socratic turns are not measured: no set here marks such turns.'
      : `False alarms on expert Socratic turns: ${figure(table.expert_false_alarms.alarm_frac)} of ${table.expert_false_alarms.n}.`,
  ].join('\n');
}

function transcripts(folder: string): string | null {
  const pairs = measureTranscripts(folder);
  if (pairs === null) return null;
  return `Whole transcripts of experts whose student came to the right answer unaided, against the same with every question rewritten as a statement by [a fixed rule](../tests/measure/as-statements.ts): SD falls in ${pairs.n_fallen} of ${pairs.n_pairs} pairs (${((100 * pairs.n_fallen) / pairs.n_pairs).toFixed(1)}%), on average from ${pairs.mean_before.toFixed(2)} to ${pairs.mean_after.toFixed(2)}.`;
}

/** Replaces what stands between `<!-- figures: name -->` and `<!-- /figures -->`. */
function fill(page: string, name: string, text: string): string {
  const block = new RegExp(`(<!-- figures: ${name} -->)[\\s\\S]*?(<!-- /figures -->)`);
  if (!block.test(page)) throw new Error(`docs/methods.md: expected a block "figures: ${name}", got none`);
  return page.replace(block, (_, open: string, close: string) => `${open}\n\n${text}\n\n${close}`);
}

const { data } = parseArgs({ options: { data: { type: 'string' } } }).values;
const halfLives = await measureHalfLives();
const dimensionRuns = await measureDimensions(halfLives);
const blocks: Record<string, string | null> = {
  'half-life': halfLife(halfLives),
  decline: decline(halfLives),
  csd: dimensions(dimensionRuns),
  survival: survival(dimensionRuns),
  factorial: await factorial(),
  canary: await canary(),
  ...(data === undefined ? {} : { validity: validity(data), transcripts: transcripts(data) }),
};
const filled = Object.entries(blocks).reduce(
  (page, [name, text]) => (text === null ? page : fill(page, name, text)),
  readFileSync(PAGE, 'utf8'),
);
writeFileSync(PAGE, await format(filled, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
