import { createFileBudget } from '../../adapters/local/file-budget.ts';
import { createFileStore } from '../../adapters/local/file-store.ts';
import { createSystemClock } from '../../adapters/local/system-clock.ts';
import { canaryFigures, type CanaryFigures } from '../../core/drift/canary-figures.ts';
import { judgeRepeatability, type JudgeRepeatability } from '../../core/drift/judge-repeatability.ts';
import { goldenStats } from '../../core/golden/golden-stats.ts';
import { dateOf, isoWeekOf } from '../../core/identity/iso-week.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { judgeSystemPrompt } from '../../core/judging/judge-prompt.ts';
import { parseConfig } from '../../core/manifest/parse-config.ts';
import type { ObjectStore, Telemetry } from '../../core/ports.ts';
import { judgeCanary } from '../../core/tasks/judge-canary.ts';
import type { Measure } from '../../core/tasks/measure.ts';
import { parseJsonLines, toJsonLines } from '../../core/tasks/text-codec.ts';
import { worstCaseUsd } from '../../core/tasks/worst-case.ts';
import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import type { CanaryResult } from '../../schemas/canary-result.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { localModels } from '../host/embedded-host.ts';
import { folderConfig } from '../host/folder-config.ts';
import { readGoldenSet } from '../host/golden-sets.ts';
import { openLake } from '../host/local-lake.ts';
import { planLocally } from '../host/local-plan.ts';
import { paidModels } from '../host/paid-models.ts';
import { stopOnSignals } from '../host/stop-signals.ts';
import { numberText, percentText, tableText, usdText } from '../view/table.ts';
import { DEFAULT_PROFILE } from './select.ts';

export interface CanaryOptions {
  profile?: string;
  judge?: string;
  goldenSet?: string;
  items?: number;
  repeats?: number;
  maxCostUsd?: number;
}

/** Series of canaries judged by hand; no weekly figure reads it. */
const SERIES = 'canary';

/**
 * `canary run`: a judge reads a golden set now; agreement with its labels by criterion, and with itself where `--repeats`
 * asks for several readings. Results are kept under calibration/results/, verdicts are checkpointed as they come.
 */
export async function canaryRunCommand(options: CanaryOptions, context: Context): Promise<number> {
  const store = openLake(context);
  const now = new Date().toISOString();
  const golden = await readGoldenSet(store, options.goldenSet, context.configFolder);
  const items = golden.items.slice(0, options.items ?? golden.items.length);
  const measure = await measureFor(store, options, golden.stem, items, now, context);
  const judge = measure.model(measure.manifest.content.profile.judges.primary);
  const repeats = options.repeats ?? 1;
  const cap = capOf(judge, measure, items, repeats, options, context);

  // A simulated judge answers a lost call again for nothing; a paid one's verdicts outlive a power cut.
  const kept = createFileStore(context.lake, judge.provider === 'simulated' ? 'process' : 'power_loss');
  const readings: CanaryResult[][] = [];
  for (let repeat = 1; repeat <= repeats; repeat += 1)
    readings.push(await readOnce(kept, measure, cap, `${canaryId(judge, now)}-r${repeat}`, now, context));
  const figures = canaryFigures(readings[0]!, items);
  const repeatability = repeats === 1 ? null : judgeRepeatability(readings, measure.rubric.pass_score);
  const document = {
    judge: judge.model_id,
    is_simulated: judge.provider === 'simulated',
    golden_set: golden.stem,
    experts_mutual_mae_pts: goldenStats(items).agreement?.mutual_mae_pts ?? null,
    cost_usd: readings.flat().reduce((sum, { cost_usd }) => sum + cost_usd, 0),
    ...figures,
    repeatability,
  };
  context.out(context.json ? `${JSON.stringify(document)}\n` : canaryText(document, context));
  return EXIT.ok;
}

/** The profile's measure with the judge and the golden set that were asked for. Throws a usage error on an unknown judge. */
async function measureFor(
  store: ObjectStore,
  options: CanaryOptions,
  golden_set: string,
  items: readonly CalibrationItem[],
  now: string,
  context: Context,
): Promise<Measure> {
  const source = folderConfig(context.configFolder);
  const { measure } = await planLocally(store, source, options.profile ?? DEFAULT_PROFILE, {}, now);
  const { content } = measure.manifest;
  const primary = options.judge ?? content.profile.judges.primary;
  const registry = parseConfig(await source.files()).models.get(content.profile.artefacts.models)!;
  const judge = registry.models.find(({ model_id }) => model_id === primary);
  if (judge === undefined)
    throw new CliError(
      'usage',
      `--judge: no model "${primary}" in ${registry.version}`,
      `simulated judges: ${registry.models
        .filter(({ simulated }) => simulated?.kind === 'judge')
        .map(({ model_id }) => model_id)
        .join(', ')}`,
    );
  const profile = {
    ...content.profile,
    judges: { ...content.profile.judges, primary, secondary: null },
    canary: { is_on: true, max_items: items.length },
    artefacts: { ...content.profile.artefacts, golden_set },
  };
  return {
    ...measure,
    manifest: { ...measure.manifest, content: { ...content, profile } },
    goldenSet: toJsonLines(items),
    model: (model_id) => (model_id === primary ? judge : measure.model(model_id)),
  };
}

/** The hard cap. A paid judge starts with --yes and --max-cost-usd only, after what it may cost at most has been shown. */
function capOf(
  judge: ModelConfig,
  measure: Measure,
  items: readonly CalibrationItem[],
  repeats: number,
  options: CanaryOptions,
  context: Context,
): number {
  if (paidModels([judge]).length === 0) return options.maxCostUsd ?? 0;
  const perToken = measure.phases.chars_per_token;
  const system = judgeSystemPrompt(measure.judgeTemplate, measure.rubric).length;
  const worst = items.reduce((sum, item) => {
    const chars = system + item.tutor_text.length + item.context.reduce((n, { text }) => n + text.length, 0);
    return sum + worstCaseUsd(chars / perToken, judge);
  }, 0);
  const needed = worst * repeats;
  if (!context.quiet)
    context.err(`${judge.model_id}: ${items.length} items × ${repeats}, at most ${usdText(needed)}\n`);
  if (context.yes && options.maxCostUsd !== undefined) return options.maxCostUsd;
  throw new CliError(
    'budget',
    `a paid judge (${judge.model_id}) needs --yes and --max-cost-usd; nothing was called`,
    `add --yes --max-cost-usd ${Math.max(1, Math.ceil(needed))}`,
  );
}

async function readOnce(
  store: ObjectStore,
  measure: Measure,
  cap_usd: number,
  execution_id: string,
  now: string,
  context: Context,
): Promise<CanaryResult[]> {
  const telemetry: Telemetry = {
    turn: () => undefined,
    waiting: ({ model, reason }) => context.verbose && context.err(`${model}: waiting, ${reason}\n`),
    log: (_level, message) => context.quiet || context.err(`${message}\n`),
  };
  const clock = createSystemClock();
  const budget = createFileBudget(context.lake);
  await budget.open(execution_id, cap_usd);
  const { stop, release } = stopOnSignals(() => context.err('stopping: the call in flight is kept\n'));
  const dt = dateOf(now);
  try {
    await judgeCanary(
      {
        store,
        clock,
        budget,
        telemetry,
        models: localModels(context.environment, telemetry),
        measure: () => Promise.resolve(measure),
      },
      measure,
      {
        kind: 'canary',
        run_id: `canary-${execution_id}`,
        execution_id,
        manifest_id: measure.manifest.manifest_id,
        manifest_key: lakeKeys.manifest(measure.manifest.manifest_id),
        scheduled_at: now,
        measure_sha256: measure.manifest.content.measure_sha256,
        series: SERIES,
        dt,
        week: isoWeekOf(now),
      },
      stop,
    );
  } finally {
    release();
  }
  const key = lakeKeys.canaryResults(dt, execution_id);
  return parseJsonLines<CanaryResult>((await store.get(key))!, key);
}

/** `canary-<judge>-<time>`: each run by hand is one of its own. */
function canaryId(judge: ModelConfig, now: string): string {
  return `canary-${judge.model_id.replaceAll('.', '_')}-${now.replaceAll(/\D/g, '').slice(0, 17)}`.slice(
    0,
    72,
  );
}

function canaryText(
  document: CanaryFigures & {
    judge: string;
    is_simulated: boolean;
    golden_set: string;
    experts_mutual_mae_pts: number | null;
    cost_usd: number;
    repeatability: JudgeRepeatability | null;
  },
  { colors }: Context,
): string {
  const { repeatability } = document;
  return [
    '',
    `${colors.bold(document.judge)} on ${document.golden_set}${document.is_simulated ? `  ${colors.inverse(' simulated ')}` : ''}`,
    `${document.n_judged} of ${document.n_items} items judged, ${usdText(document.cost_usd)}`,
    document.n_scored === 0
      ? colors.dim('no item is marked in all nine criteria: no score to compare')
      : `SD: MAE ${numberText(document.mae_pts, 2)}, bias ${numberText(document.bias_pts, 2)} over ${document.n_scored} items; κ of purity ${numberText(document.kappa, 2)}`,
    '',
    tableText(
      [
        { title: 'criterion' },
        { title: 'n', align: 'right' },
        { title: 'κ', align: 'right' },
        { title: 'MAE', align: 'right' },
        { title: 'bias', align: 'right' },
        ...(repeatability === null ? [] : [{ title: 'SD of repeats', align: 'right' as const }]),
      ],
      document.by_criterion.map((row) => [
        row.criterion,
        String(row.n),
        numberText(row.kappa, 2),
        numberText(row.mae_pts, 2),
        numberText(row.bias_pts, 2),
        ...(repeatability === null ? [] : [numberText(repeatability.criterion_sd_pts[row.criterion], 2)]),
      ]),
      colors,
    ),
    repeatability === null
      ? colors.dim('--repeats 5 shows how far the judge agrees with itself')
      : `same input, ${repeatability.n_repeats} readings of ${repeatability.n_items} items: SD of the score ${numberText(repeatability.score_sd_pts, 2)} points, largest range ${numberText(repeatability.score_max_range_pts, 2)}, ${percentText(repeatability.flipped_frac, 1)} of items pass in one reading and fail in another`,
    '',
  ].join('\n');
}
