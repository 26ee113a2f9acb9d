import type { Overrides } from '../../schemas/profile.ts';
import { overridesSchema } from '../../schemas/profile.ts';
import { weekSchema } from '../../schemas/common.ts';
import { describeIssues } from '../../core/manifest/describe-issues.ts';
import { isoWeekOf, scheduledAtOf } from '../../core/identity/iso-week.ts';
import { CliError } from '../failure.ts';

/** Selectors that `run` and `plan` share. */
export interface SelectorOptions {
  profile?: string;
  models?: string[];
  phases?: string[];
  temps?: number[];
  seeds?: string[];
  turns?: number;
  repeats?: number;
  week?: string;
}

export const DEFAULT_PROFILE = 'quick';

/** Overrides of the profile that the selectors ask for; only what was given. Throws a usage error naming the flag. */
export function overridesOf(options: SelectorOptions): Overrides {
  const given = {
    models: options.models,
    phases: options.phases,
    temperatures: options.temps,
    seeds: options.seeds,
    turns: options.turns,
    repeats: options.repeats,
  };
  const parsed = overridesSchema.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const name = String(issue.path[0]);
  const value = (given as Record<string, unknown>)[name];
  const [text] = describeIssues('', given, [{ ...issue, path: issue.path.slice(0, 1) }]);
  throw new CliError(
    'usage',
    `--${name === 'temperatures' ? 'temps' : name}: ${(text ?? issue.message).replace(/^.*?: (?=expected)/, '').replace(/, got .*$/, '')}, got ${[value].flat().join(', ')}`,
  );
}

/** When the execution is scheduled: Monday 03:00 UTC of `--week`, default the current ISO week. */
export function scheduledAt(week: string | undefined, now: string): string {
  if (week === undefined) return scheduledAtOf(isoWeekOf(now));
  const parsed = weekSchema.safeParse(week);
  try {
    if (parsed.success) return scheduledAtOf(week);
  } catch (error) {
    throw new CliError('usage', `--week: ${(error as RangeError).message}`);
  }
  throw new CliError('usage', `--week: expected an ISO week such as 2026-W47, got "${week}"`);
}
