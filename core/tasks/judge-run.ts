import { NO_SUBSCORES } from '../../schemas/csd-subscores.ts';
import type { Turn } from '../../schemas/turn.ts';
import type { JudgeWork, PlannedRun } from '../../schemas/planned-run.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import type { WorkOutcome } from '../../schemas/task-io.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { filterDecision, filterRisk } from '../judging/filter.ts';
import { addressesJudge } from '../judging/injection.ts';
import { needsSecondary, resolveScore, type Opinion } from '../judging/resolve-score.ts';
import { createCsdTracker } from '../metrics/csd/csd-tracker.ts';
import type { Budget, ModelsFor, Clock, ObjectStore, Stop, Telemetry } from '../ports.ts';
import { createDialogueAssessor, remember, unscorable } from './assess-dialogue.ts';
import { listCheckpoints, readProgress, replay } from './checkpoints.ts';
import { judgeCanary } from './judge-canary.ts';
import { createTurnJudge, type JudgeQuestion } from './judge-turn.ts';
import type { Measure } from './measure.ts';
import { isShed, shedBlock } from './shed-blocks.ts';
import { parseJsonLines, toJsonLines } from './text-codec.ts';
import { tellOnce } from './tell-once.ts';
import { isWorthAnotherTry } from './worth-another-try.ts';

export interface JudgeRunPorts {
  store: ObjectStore;
  models: ModelsFor;
  budget: Budget;
  clock: Clock;
  telemetry: Telemetry;
  measure: (manifest_key: string) => Promise<Measure>;
}

/**
 * Child of state 4: scores one run (heuristics, filter, judges, CSD per turn) into judged/, or judges the canary. A run
 * without a raw file is scored on the unbroken prefix of its checkpoints. Verdicts are checkpointed as received, so a
 * restart pays for none twice; the same inputs give the same bytes.
 */
export function createJudgeRun(ports: JudgeRunPorts) {
  const tell = tellOnce(ports.telemetry);
  return async (work: JudgeWork, stop: Stop): Promise<WorkOutcome> => {
    try {
      const measure = await ports.measure(work.manifest_key);
      return work.kind === 'canary'
        ? await judgeCanary(ports, measure, work, stop, tell)
        : await judgeDialogue(ports, measure, work, stop, tell);
    } catch (error) {
      if (isWorthAnotherTry(error)) throw error;
      // Without a judged file Aggregate counts the run as failed, fault infrastructure, never as a low score.
      ports.telemetry.log(
        'warn',
        `judging ${work.run_id}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
      );
      return { status: 'ended_early', turns: 0 };
    }
  };
}

async function judgeDialogue(
  ports: JudgeRunPorts,
  measure: Measure,
  work: PlannedRun,
  stop: Stop,
  tell: (message: string) => void,
): Promise<WorkOutcome> {
  if (await isShed(ports.store, work)) return { status: 'ended_early', turns: 0 };
  const { turns, judged } = await readDialogue(ports.store, measure, work);
  if (turns.length === 0) return { status: 'ended_early', turns: 0 };
  const judgedKey = lakeKeys.judged(work);
  // A run that is re-opened may have turns whose verdict never came: all others are adopted from their checkpoints.
  const existing = work.retry_errors ? null : await ports.store.get(judgedKey);
  if (existing !== null && isComplete(parseJsonLines<Turn>(existing, judgedKey), turns))
    return { status: 'adopted', turns: turns.length };

  const scored: Turn[] = [];
  const scorer = createRunScorer(ports, measure, work, judged, tell);
  for (const turn of turns) {
    stop.drain.throwIfAborted();
    const one = await scorer.score(turn, stop);
    scored.push(one);
    // The rest of the block shall not cost what cannot be paid for all of it.
    if (one.unscored_reason === 'budget') await shedBlock(ports.store, ports.clock, work);
    if (one.unscored_reason === 'budget' && work.cap !== null)
      return { status: 'ended_early', turns: scored.length };
  }
  scored.push({ ...scored.pop()!, csd_run: scorer.csdRun() });
  await ports.store.put(judgedKey, toJsonLines(scored));
  return { status: 'done', turns: scored.length };
}

/** The run's turns: its raw file, or what its checkpoints replay to. */
async function readDialogue(
  store: ObjectStore,
  measure: Measure,
  row: PlannedRun,
): Promise<{ turns: RawTurn[]; judged: ReadonlySet<number> }> {
  const key = lakeKeys.raw(row);
  const [raw, checkpoints] = await Promise.all([store.get(key), listCheckpoints(store, row.run_id)]);
  const { judged } = checkpoints;
  if (raw !== null) return { turns: parseJsonLines<RawTurn>(raw, key), judged };
  const { turns } = await readProgress(store, row.run_id, checkpoints);
  return { turns: replay(measure, row, turns).turns, judged };
}

function isComplete(judged: readonly Turn[], turns: readonly RawTurn[]): boolean {
  return judged.length === turns.length && judged.at(-1)?.turn_hash === turns.at(-1)?.turn_hash;
}

/** Scores the turns of one run in order; holds what looking back needs and nothing more. */
function createRunScorer(
  ports: JudgeRunPorts,
  measure: Measure,
  row: PlannedRun,
  judgedTurns: ReadonlySet<number>,
  tell: (message: string) => void,
) {
  const seed = measure.seed(row.seed_id);
  const assess = createDialogueAssessor(measure, row);
  const csd = createCsdTracker({ seed, rubric: measure.rubric });
  const turnJudge = createTurnJudge(ports, measure, row, tell);
  const reference_answer = seed.reference_answer ?? null;
  const window: JudgeQuestion['before'][number][] = [];

  const score = async (turn: RawTurn, stop: Stop): Promise<Turn> => {
    const { said, scenario, heuristic } = assess(turn);
    const fault = unscorable(turn);
    // The tracker sees every turn, since later ones look back; what infrastructure cut is nobody's conversation.
    const seen = csd.next({
      turn_index: turn.turn_index,
      said,
      move: turn.student.move,
      tutor_text: turn.tutor_text,
      heuristic,
      scenario,
    });
    const csd_subscores = fault === null ? seen : NO_SUBSCORES;
    const is_injection_flagged = addressesJudge(turn.tutor_text);
    const current = {
      said,
      pasted_chars: turn.student.text.length - turn.student.said_chars,
      tutor_text: turn.tutor_text,
    };

    const opinion: Opinion = { ...heuristic, violations: heuristic.violations.map((span) => span.violation) };
    const drawn = filterDecision(filterRisk(heuristic), row.filter, row.run_id, turn.turn_index);
    // Text that addresses the judge is never spared the judges: skipping would reward it.
    const filter = is_injection_flagged ? 'judged' : drawn;
    // A refusal that the provider names, and silence, are what they are: 0 by definition, whatever a judge finds.
    const isZero = turn.stop_reason === 'refusal' || turn.tutor_text.trim() === '';
    const needsJudge = fault === null && filter !== 'skipped' && !isZero;
    const verdict = needsJudge
      ? await turnJudge(
          {
            run_id: row.run_id,
            turn_index: turn.turn_index,
            goal: seed.goal,
            reference_answer,
            before: window,
            current,
            isCheckpointed: judgedTurns.has(turn.turn_index),
          },
          (primary) => needsSecondary(opinion, primary, is_injection_flagged, measure.rubric),
          stop,
        )
      : null;

    remember(window, current, measure.rubric.judge.window_exchanges);

    // The record keeps the filter's score where the judge only audits it, be there a verdict or not.
    const isWithoutVerdict = verdict?.outcome === 'malformed' || verdict?.outcome === 'refused';
    const isUnscored = fault !== null || (isWithoutVerdict && filter !== 'audited');
    const unscored_reason = fault ?? (verdict?.missing === 'budget' ? 'budget' : 'judge');
    const primary = filter === 'audited' ? null : (verdict?.primary ?? null);
    const resolution = resolveScore(
      opinion,
      primary === null ? null : asOpinion(primary, measure),
      filter === 'audited' || verdict?.secondary == null ? null : asOpinion(verdict.secondary, measure),
      measure.rubric,
    );
    return {
      ...turn,
      heuristic,
      judge: verdict?.primary ?? null,
      secondary_judge: verdict?.secondary ?? null,
      filter,
      is_injection_flagged,
      form_pts: isUnscored ? null : resolution.form_pts,
      substance_pts: isUnscored ? null : resolution.substance_pts,
      purity_pts: isUnscored ? null : resolution.purity_pts,
      score: isUnscored ? null : resolution.score,
      scored_by: isUnscored ? 'unscored' : resolution.scored_by,
      unscored_reason: isUnscored ? unscored_reason : null,
      is_compliant: isUnscored ? null : resolution.is_compliant,
      violations: isUnscored ? [] : [...new Set(resolution.violations)].sort(),
      violation_spans: heuristic.violations,
      csd_subscores,
      csd_run: null,
    };
  };
  return {
    score,
    csdRun: (): Turn['csd_run'] => {
      const { thread_depths, salience_recall_at_3 } = csd.summary();
      return { thread_depths: [...thread_depths], salience_recall_at_3 };
    },
  };
}

function asOpinion(judge: NonNullable<Turn['judge']>, measure: Measure): Opinion {
  const is_compliant =
    judge.score >= measure.rubric.pass_score &&
    !judge.violations.some((violation) => measure.rubric.disqualifying.includes(violation));
  return { ...judge, is_compliant };
}
