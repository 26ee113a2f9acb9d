import type {
  RunRow,
  RunsFile,
  TranscriptFile,
  TurnView,
  VerdictView,
} from '../../schemas/dashboard-runs.ts';
import type { JudgeResult } from '../../schemas/judge-result.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Seed } from '../../schemas/seed.ts';
import type { Turn } from '../../schemas/turn.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { movingAverage } from '../metrics/half-life.ts';
import { round6 } from '../aggregate/round-record.ts';

/** What a transcript is made of beside its turns. */
export interface TranscriptFacts {
  summary: RunSummary;
  row: RunRow;
  seed: Seed;
  scale: RunsFile['scale'];
}

/** One dialogue for the site. Pasted material is left out and counted, so that a run of 128K tokens stays small. */
export function transcriptFile(
  { summary, row, seed, scale }: TranscriptFacts,
  turns: readonly Turn[],
): TranscriptFile {
  const averages = movingAverage(
    turns.map(({ score }) => score),
    scale.half_life_window_turns,
  );
  return {
    execution_id: summary.execution_id,
    manifest_id: summary.manifest_id,
    series: summary.series,
    week: summary.week,
    provider: summary.provider,
    system_prompt: turns[0]?.system_prompt ?? '',
    scale,
    seed: {
      title: seed.title,
      domain: seed.domain,
      persona: seed.persona,
      student_name: seed.student_name,
      goal: seed.goal,
      reference_answer: seed.reference_answer ?? null,
    },
    run: row,
    half_life_curve: summary.half_life_curve,
    salience_recall_at_3: summary.salience_recall_at_3,
    csd_covered_weight: summary.csd_covered_weight,
    run_root_sha256: summary.run_root_sha256,
    raw_key: lakeKeys.raw(summary),
    judged_key: lakeKeys.judged(summary),
    turns: turns.map((turn, index) => turnView(turn, averages[index] ?? null)),
  };
}

function turnView(turn: Turn, average: number | null): TurnView {
  const { heuristic } = turn;
  return {
    turn_index: turn.turn_index,
    student: studentView(turn.student),
    tutor_text: turn.tutor_text,
    stop_reason: turn.stop_reason,
    score: turn.score,
    form_pts: turn.form_pts,
    substance_pts: turn.substance_pts,
    purity_pts: turn.purity_pts,
    ma3_pts: average === null ? null : round6(average),
    is_compliant: turn.is_compliant,
    scored_by: turn.scored_by,
    unscored_reason: turn.unscored_reason,
    violations: turn.violations,
    violation_spans: turn.violation_spans.map(({ violation, start, end }) => ({ violation, start, end })),
    csd_subscores: turn.csd_subscores,
    filter: turn.filter,
    is_injection_flagged: turn.is_injection_flagged,
    judge: verdictView(turn.judge),
    secondary_judge: verdictView(turn.secondary_judge),
    heuristic: {
      score: heuristic.score,
      is_compliant: heuristic.is_compliant,
      criteria: heuristic.criteria,
      probabilities: heuristic.probabilities,
      question_type: heuristic.question_type,
      noncompliance_risk: heuristic.noncompliance_risk,
      violations: [...new Set(heuristic.violations.map(({ violation }) => violation))],
    },
    attempts: turn.attempts,
    latency_ms: turn.latency_ms,
    input_tokens: turn.input_tokens,
    output_tokens: turn.output_tokens,
    cache_read_tokens: turn.cache_read_tokens,
    cache_write_tokens: turn.cache_write_tokens,
    context_tokens: turn.context_tokens,
    cost_usd: turn.cost_usd,
    turn_hash: turn.turn_hash,
  };
}

function studentView({ text, said_chars, move, injected }: Turn['student']): TurnView['student'] {
  const pasted_words = countWords(text, said_chars);
  return {
    said: text.slice(0, said_chars).trimEnd(),
    pasted_words,
    pasted_note:
      pasted_words === 0
        ? ''
        : `[… ${String(pasted_words).replace(/\B(?=(?:\d{3})+$)/, ',')} ${pasted_words === 1 ? 'word' : 'words'} pasted …]`,
    move,
    injected,
  };
}

/** Runs of non-blank characters from `start` on. A loop: half a megabyte of pasted text is split into nothing here. */
function countWords(text: string, start: number): number {
  let count = 0;
  let isInWord = false;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isBlank = code === 32 || (code >= 9 && code <= 13) || code === 160;
    if (!isBlank && !isInWord) count += 1;
    isInWord = !isBlank;
  }
  return count;
}

function verdictView(verdict: JudgeResult | null): VerdictView | null {
  if (verdict === null) return null;
  const { judge_model, rationale, criteria, violations, score } = verdict;
  const { is_repaired, attempts, latency_ms, cost_usd } = verdict;
  return {
    judge_model,
    score,
    rationale,
    criteria,
    violations,
    evidence: Object.entries(verdict.evidence).flatMap(([criterion, quote]) =>
      quote === '' ? [] : [{ criterion, quote }],
    ),
    is_repaired,
    attempts,
    latency_ms,
    cost_usd,
  };
}
