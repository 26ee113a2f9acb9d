import { drawItems } from '../../core/golden/draw-items.ts';
import { goldenStats, type GoldenStats } from '../../core/golden/golden-stats.ts';
import { importRows } from '../../core/golden/import-common-form.ts';
import { MIN_ALPHA } from '../../core/labelling/golden-items.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { toJsonLines } from '../../core/tasks/text-codec.ts';
import { labelledSets } from '../../core/validity/labelled-turns.ts';
import { artefactStemSchema } from '../../schemas/common.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { folderConfig } from '../host/folder-config.ts';
import { goldenStems, readGoldenSet } from '../host/golden-sets.ts';
import { localLabelling } from '../host/local-labelling.ts';
import { openLake } from '../host/local-lake.ts';
import { readScorer } from '../host/read-scorer.ts';
import { numberText, plural, tableText } from '../view/table.ts';
import { jsonLinesIn } from './validity.ts';

/** Versions of imported sets are numbered from 1. */
const IMPORTED = 'golden_set_public_v';
const BUILT = 'golden_set_v';
/** A canary judges 200 to 500 items (spec 3.7). */
const DEFAULT_ITEMS = 300;

/** `golden import <folder>`: human labels of the public forms as a golden set in the lake; the project is not touched. */
export async function goldenImportCommand(
  folder: string,
  options: { as?: string; items?: number },
  context: Context,
): Promise<number> {
  const store = openLake(context);
  const { rubric } = await readScorer(context.configFolder);
  const rows = labelledSets(jsonLinesIn(folder)).flatMap((set) => set.rows);
  const { items: all, skipped } = importRows(rows, rubric);
  if (all.length === 0)
    throw new CliError(
      'config',
      `${folder}: expected rows of a known public set, got none among ${rows.length}`,
      'known sets: mathdial, mrbench, bridge, cima, ncte, in the common form',
    );
  const stem = stemOf(options.as) ?? `${IMPORTED}${nextVersion(IMPORTED, await goldenStems(store))}`;
  const items = drawItems(all, options.items ?? DEFAULT_ITEMS);
  const key = lakeKeys.goldenSet(stem);
  if ((await store.putIfAbsent(key, toJsonLines(items))) === 'exists')
    throw new CliError('usage', `--as ${stem}: ${key} exists; golden sets are write-once`, 'name another');
  if (context.json) {
    context.out(
      `${JSON.stringify({ golden_set: stem, key, n_items: items.length, n_rows: rows.length, n_importable: all.length, skipped })}\n`,
    );
    return EXIT.ok;
  }
  context.out(
    [
      `${key}: ${items.length} of ${all.length} items, from ${rows.length} rows`,
      `skipped: ${Object.entries(skipped)
        .map(([why, n]) => `${n} ${why}`)
        .join(', ')}`,
      context.colors.dim(
        `\`socratic-bench golden stats ${stem}\` shows it, \`canary run --golden-set ${stem}\` judges it`,
      ),
      '',
    ].join('\n'),
  );
  return EXIT.ok;
}

/** `golden stats [name]`: what a golden set holds, and how far its raters agree. */
export async function goldenStatsCommand(name: string | undefined, context: Context): Promise<number> {
  const { stem, place, items } = await readGoldenSet(openLake(context), name, context.configFolder);
  const stats = goldenStats(items);
  context.out(
    context.json
      ? `${JSON.stringify({ golden_set: stem, place, ...stats })}\n`
      : statsText(stem, place, stats, context),
  );
  return EXIT.ok;
}

/**
 * `golden build`: the consensus of the labels made here as the next golden set of the lake. Refused below α = 0.67 without a
 * note that says why; the note, α and the raters stand in a file beside the set.
 */
export async function goldenBuildCommand(
  options: { overrideNote?: string },
  context: Context,
): Promise<number> {
  const store = openLake(context);
  const labelling = await localLabelling(store, context.configFolder);
  const { items, alpha, n_single, n_undecided } = await labelling.draft();
  if (items.length === 0)
    throw new CliError(
      'usage',
      `golden build: expected labels of the golden queue that raters agree on, got none (${n_undecided} to adjudicate)`,
      '`socratic-bench label` makes them; `golden import <folder>` makes a set from public labels',
    );
  const note = options.overrideNote?.trim() ?? '';
  const measured = alpha === null ? 'not known: no item has two raters' : numberText(alpha.value, 2);
  if ((alpha === null || alpha.value < MIN_ALPHA) && note === '')
    throw new CliError(
      'usage',
      `golden build: expected Krippendorff's α of at least ${MIN_ALPHA}, got ${measured}`,
      'label more items twice and adjudicate, or say why it is good enough: --override-note "<reason>"',
    );
  const stem = `${BUILT}${nextVersion(BUILT, [...(await goldenStems(store)), ...(await shippedStems(context))])}`;
  const key = lakeKeys.goldenSet(stem);
  const built = {
    golden_set: stem,
    n_items: items.length,
    n_single_rater: n_single,
    n_undecided,
    alpha,
    min_alpha: MIN_ALPHA,
    override_note: note === '' ? null : note,
    raters: [...new Set(items.flatMap(({ raters }) => raters))].sort(),
    built_at: new Date().toISOString(),
  };
  if ((await store.putIfAbsent(key, toJsonLines(items))) === 'exists')
    throw new CliError('failed', `${key} exists; golden sets are write-once`, 'run the command again');
  await store.putIfAbsent(key.replace(/\.jsonl$/, '.build.json'), `${JSON.stringify(built)}\n`);
  context.out(
    context.json
      ? `${JSON.stringify({ key, ...built })}\n`
      : [
          `${key}: ${plural(items.length, 'item')} by ${built.raters.join(', ')}; α ${measured}`,
          `${n_single} marked by one rater only, ${n_undecided} left out until adjudicated`,
          context.colors.dim(
            `\`socratic-bench golden stats ${stem}\` shows it, \`canary run --golden-set ${stem}\` judges it`,
          ),
          '',
        ].join('\n'),
  );
  return EXIT.ok;
}

async function shippedStems(context: Context): Promise<string[]> {
  const files = await folderConfig(context.configFolder).files();
  return files.flatMap(({ path }) => /^golden\/(.+)\.jsonl$/.exec(path)?.[1] ?? []);
}

function stemOf(name: string | undefined): string | undefined {
  if (name === undefined || artefactStemSchema.safeParse(name).success) return name;
  throw new CliError('usage', `--as: expected lower-case letters, digits, ".", "_" or "-", got "${name}"`);
}

function nextVersion(prefix: string, stems: readonly string[]): number {
  const versions = stems.flatMap((stem) =>
    stem.startsWith(prefix) ? [Number(stem.slice(prefix.length))] : [],
  );
  return 1 + versions.filter(Number.isInteger).reduce((most, version) => Math.max(most, version), 0);
}

function statsText(stem: string, place: string, stats: GoldenStats, { colors }: Context): string {
  const counts = (title: string, rows: Record<string, number>) =>
    tableText(
      [{ title }, { title: 'items', align: 'right' }],
      Object.entries(rows)
        .filter(([, n]) => n > 0)
        .map(([name, n]) => [name, String(n)]),
      colors,
    );
  const { agreement } = stats;
  return [
    '',
    `${colors.bold(stem)}  ${stats.n_items} items, ${stats.n_clean} without a violation  ${colors.dim(place)}`,
    '',
    counts('violation', stats.by_violation),
    counts('criterion marked', stats.by_criterion),
    counts('source', stats.by_source),
    counts('rater', stats.by_rater),
    agreement === null
      ? colors.dim('agreement of raters: no turn was marked by two of them')
      : `agreement over ${agreement.n_turns} turns: mutual MAE ${numberText(agreement.mutual_mae_pts, 2)}; α ${Object.entries(
          agreement.alpha_by_criterion,
        )
          .filter(([, alpha]) => alpha !== null)
          .map(([criterion, alpha]) => `${criterion} ${numberText(alpha, 2)}`)
          .join(', ')}`,
    '',
  ].join('\n');
}
