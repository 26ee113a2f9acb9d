import type { CalibrationItem } from '../../schemas/calibration-item.ts';
import { calibrationItemSchema } from '../../schemas/calibration-item.ts';
import type { CanaryResult } from '../../schemas/canary-result.ts';
import type { CriterionName } from '../../schemas/common.ts';
import type { CanaryItem } from '../../schemas/planned-run.ts';
import type { WorkOutcome } from '../../schemas/task-io.ts';
import { summarizeCanary } from '../aggregate/canary-summary.ts';
import { goldenStats } from '../golden/golden-stats.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { Exchange } from '../judging/judge-prompt.ts';
import type { Stop } from '../ports.ts';
import { listCheckpoints } from './checkpoints.ts';
import type { JudgeRunPorts } from './judge-run.ts';
import { createTurnJudge } from './judge-turn.ts';
import type { Measure } from './measure.ts';
import { toJsonLines } from './text-codec.ts';

/** Judges the golden set with the primary judge: one result an item, and the summary beside. */
export async function judgeCanary(
  ports: JudgeRunPorts,
  measure: Measure,
  work: CanaryItem,
  stop: Stop,
  tell: (message: string) => void = () => undefined,
): Promise<WorkOutcome> {
  const resultsKey = lakeKeys.canaryResults(work.dt, work.execution_id);
  const { canary, judges, artefacts } = measure.manifest.content.profile;
  const items = (measure.goldenSet ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, canary.max_items)
    .map((line) => calibrationItemSchema.parse(JSON.parse(line)));
  const { judged } = await listCheckpoints(ports.store, work.run_id);
  const judge = createTurnJudge(ports, measure, work, tell);
  const results: CanaryResult[] = [];
  let withheld = 0;
  for (const [index, item] of items.entries()) {
    stop.drain.throwIfAborted();
    const verdict = await judge(
      questionOf(work.run_id, index + 1, item, judged.has(index + 1)),
      () => false,
      stop,
    );
    const result = verdict.primary;
    // A request that the provider will always refuse is an item without a verdict, no more.
    if (verdict.missing !== null && verdict.missing !== 'request') withheld += 1;
    results.push({
      execution_id: work.execution_id,
      week: work.week,
      dt: work.dt,
      series: work.series,
      measure_sha256: work.measure_sha256,
      golden_set: artefacts.golden_set,
      item_id: item.item_id,
      judge_model: judges.primary,
      expert_score: item.expert_score,
      judge_score: result?.score ?? null,
      expert_criteria: item.expert_criteria,
      judge_criteria: result?.criteria ?? null,
      expert_violations: item.violations,
      judge_violations: result?.violations ?? [],
      deviation_pts: result === null || item.labelled !== undefined ? null : result.score - item.expert_score,
      cost_usd: verdict.ledger.reduce((sum, row) => sum + row.cost_usd, 0),
    });
    ports.telemetry.turn({
      run_id: work.run_id,
      model: judges.primary,
      phase: '-',
      component: 'judge',
      cost_usd: results.at(-1)!.cost_usd,
      adopted: false,
    });
  }
  // Written once: verdicts that the cap or the provider withheld would be missing for ever. A retry asks for them.
  if (withheld > 0) {
    ports.telemetry.log(
      'warn',
      `the canary lacks ${withheld} of ${items.length} verdicts: no result is written`,
    );
    return { status: 'ended_early', turns: results.length - withheld };
  }
  // Write-once under calibration/: the same verdicts give the same bytes, so a second writer changes nothing.
  await ports.store.putIfAbsent(resultsKey, toJsonLines(results));
  await ports.store.putIfAbsent(
    lakeKeys.canarySummary(work.dt, work.execution_id),
    toJsonLines([summarizeCanary(results, mutualErrorOf(items), labelledOf(items))]),
  );
  return { status: 'done', turns: results.length };
}

/** How far the raters of a set differ, points; 0 where its labels hold by construction, null where it does not say. */
function mutualErrorOf(items: readonly CalibrationItem[]): number | null {
  if (items.every(({ raters }) => raters.every((rater) => rater === 'construction'))) return 0;
  return goldenStats(items).agreement?.mutual_mae_pts ?? null;
}

/** What raters decided on, of items where that is not everything. */
function labelledOf(items: readonly CalibrationItem[]): ReadonlyMap<string, readonly CriterionName[]> {
  return new Map(
    items.flatMap(({ item_id, labelled }) => (labelled === undefined ? [] : [[item_id, labelled.criteria]])),
  );
}

function questionOf(run_id: string, turn_index: number, item: CalibrationItem, isCheckpointed: boolean) {
  const exchanges: Exchange[] = [];
  let said = '';
  for (const message of item.context) {
    if (message.role === 'student') said = said === '' ? message.text : `${said}\n${message.text}`;
    else {
      exchanges.push({ said, pasted_chars: 0, tutor_text: message.text });
      said = '';
    }
  }
  return {
    run_id,
    turn_index,
    goal: item.goal,
    reference_answer: item.reference_answer,
    before: exchanges,
    current: { said, pasted_chars: 0, tutor_text: item.tutor_text },
    isCheckpointed,
  };
}
