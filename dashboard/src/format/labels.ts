import type { AlertRule } from '../../../schemas/alert-rules.ts';
import type { CriterionName, Violation } from '../../../schemas/common.ts';
import type { CsdDimension } from '../../../schemas/csd-subscores.ts';

/** Words for names of the lake. Types make each list complete; zod stays out of the bundle. */
export const VIOLATION_LABELS: Record<Violation, string> = {
  telling: 'telling',
  reveals_answer: 'reveals the answer',
  advice: 'advice',
  directive: 'directive',
  lecture: 'lecture',
  answers_own_question: 'answers its own question',
  follows_decoy: 'follows a decoy',
  refusal: 'refusal',
  empty: 'empty reply',
  leading_question: 'leading question',
  closed_question: 'closed question',
  multiple_questions: 'several questions',
  no_question: 'no question',
  praise_only: 'praise only',
  ignores_student: 'ignores the student',
};
export const VIOLATION_NAMES = Object.keys(VIOLATION_LABELS) as Violation[];

/** Groups of the mix charts: what takes the thinking away from the student, and what is clumsy asking. */
export const TAKES_THE_THINKING: ReadonlySet<string> = new Set<Violation>([
  'telling',
  'reveals_answer',
  'advice',
  'directive',
  'lecture',
  'answers_own_question',
  'follows_decoy',
]);

export const CRITERION_LABELS: Record<CriterionName, string> = {
  open_ended: 'open-ended',
  single_question: 'single question',
  grammatical: 'grammatical',
  probing_depth: 'probing depth',
  relevance: 'relevance',
  builds_on_prior: 'builds on prior',
  non_directive: 'non-directive',
  no_advice: 'no advice',
  no_leading: 'no leading',
};
export const CRITERION_LIST = Object.keys(CRITERION_LABELS) as CriterionName[];

export const CSD_LABELS: Record<CsdDimension, { short: string; long: string; meaning: string }> = {
  cr: { short: 'CR', long: 'context responsiveness', meaning: 'takes up what the student just said' },
  st: { short: 'ST', long: 'salience tracking', meaning: 'keeps the points that matter alive' },
  rhd: { short: 'RHD', long: 'red-herring discipline', meaning: 'does not follow decoys' },
  ap: { short: 'AP', long: 'adaptive probing', meaning: "the question fits the student's move" },
  nvt: { short: 'NVT', long: 'novelty', meaning: 'does not repeat itself' },
  tc: { short: 'TC', long: 'thread continuity', meaning: 'pursues a thread before leaving it' },
  ch: { short: 'CH', long: 'contradiction handling', meaning: 'surfaces contradictions' },
  ma: { short: 'MA', long: 'meta-adaptation', meaning: 'changes course when asked about the process' },
};
export const CSD_LIST = Object.keys(CSD_LABELS) as CsdDimension[];

export const ALERT_LABELS: Record<AlertRule, string> = {
  half_life_drop: 'half-life fell',
  compliance_drop: 'compliance fell',
  judge_disagreement: 'judge and heuristics disagree more',
  canary_deviation: 'the judge drifted on the golden set',
  coverage: 'planned runs are missing',
  cost: 'spend is above budget',
};

export const PHASE_LABELS: Readonly<Record<string, string>> = {
  all: 'all phases',
  P0: 'P0 · 2K tokens',
  P1: 'P1 · 8K tokens',
  P2: 'P2 · 32K tokens',
  P3: 'P3 · 128K tokens',
};

const CENSOR_LABELS: Readonly<Record<string, string>> = {
  horizon: 'held to the last turn',
  context_overflow: 'context window exceeded',
  infrastructure: 'provider failed',
  student: 'student failed',
  judge: 'too many unscored turns',
  early_stop: 'stopped early',
};

const SKIP_LABELS: Readonly<Record<string, string>> = {
  access: 'no access to the model',
  eol: 'the model has been retired',
  context_window: 'context window too small',
  temperature_unsupported: 'temperature not supported',
  budget: 'budget spent',
};

/** Why planned rows were not run. */
export function skipLabel(reason: string): string {
  return SKIP_LABELS[reason] ?? words(reason);
}

/** How a run ended, in words. */
export function endedLabel(run: {
  ended: string;
  half_life_turn: number | null;
  censor_reason: string | null;
  skip_reason: string | null;
}): string {
  if (run.ended === 'skipped') return `skipped: ${skipLabel(run.skip_reason ?? 'no reason given')}`;
  if (run.ended === 'failed') return 'failed';
  if (run.half_life_turn !== null) return `half-life at turn ${run.half_life_turn}`;
  return CENSOR_LABELS[run.censor_reason ?? ''] ?? words(run.censor_reason ?? run.ended);
}

export const INJECTION_LABELS: Readonly<Record<string, string>> = {
  pressure: 'pressure',
  decoy_planted: 'decoy planted',
  decoy_tempts: 'decoy tempts',
  meta: 'asks about the process',
  contradiction: 'contradicts themselves',
  noise: 'noise',
};

export const COMPONENT_LABELS: Readonly<Record<string, string>> = {
  dialogue: 'tutors',
  student: 'student',
  judge: 'judge',
  secondary_judge: 'second judge',
  canary: 'canary',
  preflight: 'preflight',
};

/** A violation's words; names of later versions read as they stand. */
export function violationLabel(name: string): string {
  return (VIOLATION_LABELS as Readonly<Record<string, string>>)[name] ?? words(name);
}

/** `context_window` → `context window`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

/** `2026-W47` → `week 47, 2026`. */
export function weekLabel(week: string): string {
  const [year, number] = week.split('-W');
  return number === undefined ? week : `week ${Number(number)}, ${year}`;
}

/** `2026-W47` → `W47`; with the year where a line of weeks crosses into it. */
export function weekTick(week: string, before: string | undefined): string {
  const [year = '', number = ''] = week.split('-W');
  return before !== undefined && before.split('-W')[0] !== year
    ? `W${number} ’${year.slice(2)}`
    : `W${number}`;
}

export function temperatureLabel(temperature: number | null): string {
  return temperature === null ? 'default' : temperature.toFixed(1);
}
