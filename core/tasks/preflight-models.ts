import type { Usage } from '../../schemas/common.ts';
import { ERROR } from '../../schemas/names.ts';
import type { SkipReason } from '../../schemas/planned-run.ts';
import { NamedError } from '../errors.ts';
import { usedModels } from '../manifest/build-manifest.ts';
import type { MatrixRow } from '../manifest/expand-matrix.ts';
import type { ChatModels } from '../ports.ts';
import type { Measure } from './measure.ts';

/** What a look at a model before the week says. */
export type Preflight = ReadonlyMap<
  string,
  { skip: { reason: SkipReason; detail: string } | null; usage: Usage | null }
>;

const PROBES_AT_ONCE = 10;

/** One look at each model that has a row left to plan, and at the judges. */
export async function preflightModels(
  models: ChatModels,
  measure: Measure,
  matrix: readonly MatrixRow[],
  signal: AbortSignal | undefined,
): Promise<Preflight> {
  const { profile } = measure.manifest.content;
  const judges = [
    profile.judges.primary,
    ...(profile.judges.secondary === null ? [] : [profile.judges.secondary]),
  ];
  const withRows = new Set(matrix.filter((row) => row.skip === null).map((row) => row.cell.model));
  const wanted = usedModels(profile).filter((id) => withRows.has(id) || !profile.models.includes(id));
  const found = new Map<
    string,
    { skip: { reason: SkipReason; detail: string } | null; usage: Usage | null }
  >();
  for (let from = 0; from < wanted.length; from += PROBES_AT_ONCE) {
    await Promise.all(
      wanted.slice(from, from + PROBES_AT_ONCE).map(async (id) => {
        const answer = await models.open(measure.model(id)).probe(signal);
        found.set(
          id,
          answer.usable
            ? { skip: null, usage: answer.usage }
            : { skip: { reason: answer.reason, detail: answer.detail }, usage: null },
        );
      }),
    );
  }
  const primary = found.get(judges[0]!)?.skip;
  if (primary != null && withRows.size > 0) {
    throw new NamedError(
      ERROR.invalidConfig,
      `judge "${judges[0]}" cannot be used (${primary.reason}): ${primary.detail}`,
      {
        hint: 'give the profile another judges.primary, or mend access to this one; nothing was spent on dialogues',
      },
    );
  }
  return found;
}
