import type { ModelConfig } from '../../schemas/model-config.ts';
import type { Profile } from '../../schemas/profile.ts';
import { perScenario, type Scenario } from './estimate.ts';
import { estimatePlan } from './estimate-plan.ts';
import type { PlannedCell, PlanSizes } from './row-parts.ts';

/** A way to spend less: where it is set, what is changed and what the plan's model calls cost less by it. */
export interface Lever {
  /** Key of the profile, or of the artefact it names. */
  key: string;
  change: string;
  /** What it gives up. */
  price: string;
  saved_usd: Record<Scenario, number>;
}

/** Exchanges of the shortest window that the rubric allows. */
const SHORTEST_WINDOW = 3;

/**
 * What each lever would save on this plan, every one alone, largest first: savings do not add up. Levers without effect
 * here are left out. How soon runs collapse is what a run shall find out: the effect of early stopping is reckoned from an
 * assumed share (config/prices/estimates-*.json).
 */
export function estimateLevers(rows: readonly PlannedCell[], sizes: PlanSizes): Lever[] {
  const plain = estimatePlan(rows, sizes).calls;
  const saving = (changedRows: readonly PlannedCell[], changed: PlanSizes) => {
    const { calls } = estimatePlan(changedRows, changed);
    return perScenario((scenario) => plain[scenario].usd - calls[scenario].usd);
  };
  const levers: Lever[] = [];

  const heaviest = heaviestPhase(rows, sizes);
  const lighter = rows.filter((row) => row.cell.phase !== heaviest);
  if (lighter.length > 0 && lighter.length < rows.length)
    levers.push({
      key: 'phases',
      change: `without ${heaviest}`,
      price: 'nothing is said of long contexts',
      saved_usd: saving(lighter, sizes),
    });
  const { early_stop } = sizes.profile;
  if (!early_stop.is_on)
    levers.push({
      key: 'early_stop.is_on',
      change: `true: stops below ${early_stop.below_pts} points for ${early_stop.turns} turns`,
      price: 'a run that would have come back; one whose judged average never falls is censored early_stop',
      saved_usd: saving(rows, {
        ...sizes,
        profile: { ...sizes.profile, early_stop: { ...early_stop, is_on: true } },
      }),
    });
  levers.push({
    key: 'judges.secondary',
    change: 'null',
    price: 'splits stay undecided, the judge is checked by the canary alone',
    saved_usd: saving(rows, {
      ...sizes,
      profile: { ...sizes.profile, judges: { ...sizes.profile.judges, secondary: null } },
    }),
  });
  const { judges } = sizes.profile;
  const [cheaper] = [...sizes.models.values()]
    .filter(({ model_id }) => model_id !== judges.primary)
    .map(({ model_id }) => ({
      model_id,
      saved_usd: saving(rows, {
        ...sizes,
        profile: { ...sizes.profile, judges: judgedFirstBy(model_id, judges) },
      }),
    }))
    .sort((a, b) => b.saved_usd.likely - a.saved_usd.likely);
  if (cheaper !== undefined && cheaper.saved_usd.likely > 0)
    levers.push({
      key: 'judges.primary',
      change: `${judges.primary} → ${cheaper.model_id}`,
      price:
        'another judge is another measure: a new series, and the canary has to show that it can be trusted',
      saved_usd: cheaper.saved_usd,
    });
  levers.push({
    key: 'judges.use_filter',
    change: `skips ${Math.round((1 - sizes.assumptions.judged_frac.low) * 100)}% of the turns`,
    price: 'a stated risk a turn, once 500 judged turns of the series allow it',
    saved_usd: saving(rows, {
      ...sizes,
      profile: { ...sizes.profile, judges: { ...sizes.profile.judges, use_filter: true } },
      assumptions: {
        ...sizes.assumptions,
        judged_frac: perScenario(() => sizes.assumptions.judged_frac.low),
      },
    }),
  });
  levers.push({
    key: 'artefacts.rubric: judge.window_exchanges',
    change: `${sizes.rubric.judge.window_exchanges} → ${SHORTEST_WINDOW}`,
    price: 'the judge sees less of what came before',
    saved_usd: saving(rows, {
      ...sizes,
      rubric: { judge: { ...sizes.rubric.judge, window_exchanges: SHORTEST_WINDOW } },
    }),
  });
  levers.push({
    key: 'artefacts.models: supports.cache',
    change: 'none',
    price: 'what prompt caching saves already; a negative figure is what losing it would cost',
    saved_usd: saving(rows, { ...sizes, models: withoutCache(sizes.models) }),
  });
  return levers
    .filter((lever) => Math.abs(lever.saved_usd.likely) >= 0.005)
    .sort((a, b) => b.saved_usd.likely - a.saved_usd.likely);
}

/** The same judges with another one first; where that was the secondary, the two change places. */
export function judgedFirstBy(primary: string, judges: Profile['judges']): Profile['judges'] {
  return { ...judges, primary, secondary: judges.secondary === primary ? judges.primary : judges.secondary };
}

function heaviestPhase(rows: readonly PlannedCell[], sizes: PlanSizes): string {
  const planned = sizes.phases.profiles.filter((profile) =>
    rows.some((row) => row.cell.phase === profile.phase),
  );
  return planned.reduce((heaviest, profile) =>
    profile.target_tokens > heaviest.target_tokens ? profile : heaviest,
  ).phase;
}

function withoutCache(models: ReadonlyMap<string, ModelConfig>): Map<string, ModelConfig> {
  return new Map(
    [...models].map(([id, model]) => [
      id,
      { ...model, supports: { ...model.supports, cache: 'none' as const } },
    ]),
  );
}
