import type { TrendRow, TrendsFile } from '../../../schemas/dashboard-data.ts';
import { trendRows } from '../../../schemas/dashboard-files.ts';

/** A model with one variant: the unit of a leaderboard. */
export interface Entry {
  model: string;
  variant: string;
  /** The row of the week looked at; null where the model was not measured that week. */
  now: TrendRow | null;
  /** Rows over all phases, oldest first, up to the week looked at; null in weeks without one. */
  history: readonly (TrendRow | null)[];
}

const known = new WeakMap<TrendsFile, readonly TrendRow[]>();
/** Rows of a trend file, made once. */
export function rowsOf(file: TrendsFile): readonly TrendRow[] {
  const rows = known.get(file) ?? trendRows(file);
  known.set(file, rows);
  return rows;
}

/**
 * The leaderboard of a week: ranked entries first, by RMST; then those without a row over all phases (a planned
 * phase is missing: ranked apart); then models measured before and not this week, last seen in `history`.
 */
export function entriesOf(
  file: TrendsFile,
  week: string,
): { ranked: Entry[]; apart: Entry[]; gone: Entry[] } {
  const rows = rowsOf(file);
  const weeks = file.weeks.map((entry) => entry.week).filter((each) => each <= week);
  const place = new Map(weeks.map((each, index) => [each, index]));
  const byEntry = new Map<
    string,
    { now: TrendRow[]; history: (TrendRow | null)[]; model: string; variant: string }
  >();
  for (const row of rows) {
    const at = place.get(row.week);
    if (at === undefined) continue;
    const key = `${row.model} ${row.variant}`;
    let entry = byEntry.get(key);
    if (entry === undefined) {
      entry = { now: [], history: weeks.map(() => null), model: row.model, variant: row.variant };
      byEntry.set(key, entry);
    }
    if (row.phase === 'all') entry.history[at] = row;
    if (row.week === week) entry.now.push(row);
  }
  const ranked: Entry[] = [];
  const apart: Entry[] = [];
  const gone: Entry[] = [];
  for (const { now, history, model, variant } of byEntry.values()) {
    const whole = now.find((row) => row.phase === 'all') ?? null;
    const entry = { model, variant, now: whole, history };
    if (whole !== null) ranked.push(entry);
    else if (now.some((row) => row.n_runs > 0)) apart.push(entry);
    else gone.push(entry);
  }
  ranked.sort(
    (a, b) =>
      (b.now!.rmst_turns ?? -1) - (a.now!.rmst_turns ?? -1) ||
      (a.now!.rank ?? Infinity) - (b.now!.rank ?? Infinity) ||
      (a.model < b.model ? -1 : 1),
  );
  return { ranked, apart, gone };
}
