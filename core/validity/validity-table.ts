import type { HeuristicsModel, ModelTask } from '../../schemas/heuristics-model.ts';
import { LABEL_TASKS, type LabelTask, type LabelledUtterance } from '../../schemas/labelled-utterance.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { createAssessor } from '../heuristics/assess-turn.ts';
import { compilePredictor, type Probabilities } from '../heuristics/model/predict.ts';
import { readTurn } from '../heuristics/read-turn.ts';
import { wordsOf } from '../heuristics/text/words.ts';
import { upperBound } from '../statistics/clopper-pearson.ts';
import { bagOfWordsScores } from './bag-of-words.ts';
import { atThreshold, aucIntervals, aucOf, calibrationError, type Judged } from './classification.ts';
import { rankResponders, type ResponderRanking } from './rank-responders.ts';
import { contextOf, groupOf, labelledSets, tutorTurnsOf, type NamedText } from './labelled-turns.ts';

/** A simple rule or model on the same rows. */
export interface Baseline {
  auc: number | null;
  f1: number | null;
  accuracy: number | null;
}

/** One task on one set. Field names are part of the command's `--json`. */
export interface ValidityRow {
  task: LabelTask;
  dataset: string;
  n: number;
  n_groups: number;
  positive_frac: number;
  auc: number | null;
  /** 95%, group bootstrap; null below 20 groups. */
  auc_ci_low: number | null;
  auc_ci_high: number | null;
  f1: number | null;
  accuracy: number | null;
  /** Expected calibration error. */
  ece: number | null;
  /** The shipped probability from which the answer is yes. */
  threshold: number;
  /** By name: question_mark (the trivial rule), bag_of_words, and one obvious rule of the task. */
  baselines: Record<string, Baseline>;
  /** Our AUC minus that of bag_of_words, paired on the rows. */
  auc_over_bag_of_words: number | null;
  auc_over_bag_of_words_ci_low: number | null;
  auc_over_bag_of_words_ci_high: number | null;
  /** Goal of spec 3.8; null where none is stated. */
  goal_auc: number | null;
  goal_f1: number | null;
  /** The shipped weights were trained on this very file: the figures flatter. */
  is_training_data: boolean;
  /** AUC by models that had not seen the group, from training; null where the set was not trained on. */
  out_of_fold_auc: number | null;
}

export interface ExpertFalseAlarms {
  dataset: string;
  n: number;
  /** Turns given a disqualifying violation. */
  n_alarms: number;
  alarm_frac: number;
  /** Exact one-sided 95% bound. */
  alarm_frac_upper: number;
  mean_score: number;
  goal_frac: number;
}

export interface ValidityTable {
  tasks: ValidityRow[];
  /** Null where the set is not among the files. */
  expert_false_alarms: ExpertFalseAlarms | null;
  responder_ranking: ResponderRanking | null;
  heuristics_version: string;
  bootstrap_seed: string;
  bootstrap_draws: number;
}

/** Goals of spec 3.8. */
const GOALS: Readonly<Record<string, { auc: number; f1?: number }>> = {
  'telling mathdial': { auc: 0.89 },
  'telling bridge': { auc: 0.87 },
  'telling cima': { auc: 0.955 },
  'reveals_answer mrbench': { auc: 0.935, f1: 0.74 },
  'builds_on_prior ncte': { auc: 0.82 },
  'open_question ncte': { auc: 0.7 },
};
const GOAL_ALARM_FRAC = 0.05;
/** The set of expert Socratic dialogues; it has no labels, every turn is meant to pass. */
const EXPERT_SET = 'socratic_debugging';
const DRAWS = 1000;

/** Which model answers a label's question, and which way round. */
const MODEL_OF: Record<LabelTask, { task: ModelTask; is_inverse: boolean }> = {
  telling: { task: 'telling', is_inverse: false },
  reveals_answer: { task: 'reveals_answer', is_inverse: false },
  open_question: { task: 'leading', is_inverse: true },
  builds_on_prior: { task: 'builds_on_prior', is_inverse: false },
};

interface Scored {
  row: LabelledUtterance;
  group: string;
  probabilities: Probabilities;
}

/**
 * The table of spec 3.8 for the files of a folder in the common form: every task on every set that has labels for it, with
 * the shipped weights and thresholds. Pure and deterministic.
 */
export function validityTable(
  files: readonly NamedText[],
  model: HeuristicsModel,
  rubric: Rubric,
  seed = 'validity',
): ValidityTable {
  const predict = compilePredictor(model);
  const trained = new Set(model.trained_on.map(({ sha256 }) => sha256));
  const sets = labelledSets(files).map(({ dataset, sha256, rows }) => ({
    dataset,
    is_training_data: trained.has(sha256),
    rows: rows.map((row): Scored => {
      const probabilities = predict(readTurn(row.utterance, 'end', contextOf(row)));
      return { row, group: groupOf(row), probabilities };
    }),
  }));
  const tasks = LABEL_TASKS.flatMap((task) =>
    sets.flatMap(({ dataset, is_training_data, rows }) => {
      const judged = rows.filter(({ row }) => row.binary[task] !== null);
      return judged.length === 0
        ? []
        : [{ ...validityRow(task, dataset, judged, model, seed), is_training_data }];
    }),
  );
  return {
    tasks,
    expert_false_alarms: expertFalseAlarms(files, model, rubric),
    responder_ranking: rankingOf(sets),
    heuristics_version: model.version,
    bootstrap_seed: seed,
    bootstrap_draws: DRAWS,
  };
}

function validityRow(
  task: LabelTask,
  dataset: string,
  rows: readonly Scored[],
  model: HeuristicsModel,
  seed: string,
): Omit<ValidityRow, 'is_training_data'> {
  const { task: modelTask, is_inverse } = MODEL_OF[task];
  const judgedBy = (score: (scored: Scored, index: number) => number): Judged[] =>
    rows.map((scored, index) => ({
      group: scored.group,
      verdict: scored.row.binary[task] === true,
      score: score(scored, index),
    }));
  const shipped = model.tasks[modelTask].threshold;
  const threshold = is_inverse ? 1 - shipped : shipped;
  const ours = judgedBy(({ probabilities }) =>
    is_inverse ? 1 - probabilities[modelTask] : probabilities[modelTask],
  );
  const bag = bagOfWordsScores(
    rows.map(({ row, group }) => ({ text: row.utterance, group, verdict: row.binary[task] === true })),
  );
  const bagged = judgedBy((_, index) => bag[index]!);
  const intervals = aucIntervals([ours, bagged], { seed: `${seed}:${task}:${dataset}`, draws: DRAWS });
  const rules = Object.entries(RULES[task]).map(([name, rule]): [string, Baseline] => {
    const items = judgedBy(({ row }) => rule(row));
    return [name, { auc: aucOf(items), ...f1AndAccuracy(items, 0.5) }];
  });
  const auc = aucOf(ours);
  const bagAuc = aucOf(bagged);
  const goal = GOALS[`${task} ${dataset}`];
  const held = model.out_of_fold.find((figures) => figures.task === modelTask && figures.dataset === dataset);
  return {
    task,
    dataset,
    n: ours.length,
    n_groups: new Set(ours.map(({ group }) => group)).size,
    positive_frac: ours.filter(({ verdict }) => verdict).length / ours.length,
    auc,
    auc_ci_low: intervals.each[0]?.ci_low ?? null,
    auc_ci_high: intervals.each[0]?.ci_high ?? null,
    ...f1AndAccuracy(ours, threshold),
    ece: calibrationError(ours),
    threshold,
    baselines: { ...Object.fromEntries(rules), bag_of_words: { auc: bagAuc, ...f1AndAccuracy(bagged, 0.5) } },
    auc_over_bag_of_words: auc === null || bagAuc === null ? null : auc - bagAuc,
    auc_over_bag_of_words_ci_low: intervals.difference?.ci_low ?? null,
    auc_over_bag_of_words_ci_high: intervals.difference?.ci_high ?? null,
    goal_auc: goal?.auc ?? null,
    goal_f1: goal?.f1 ?? null,
    out_of_fold_auc: held?.auc ?? null,
  };
}

function f1AndAccuracy(
  items: readonly Judged[],
  threshold: number,
): { f1: number | null; accuracy: number | null } {
  const { f1, accuracy } = atThreshold(items, threshold);
  return { f1, accuracy };
}

type Rule = (row: LabelledUtterance) => number;
const hasMark: Rule = ({ utterance }) => (utterance.includes('?') ? 1 : 0);
const hasNoMark: Rule = ({ utterance }) => (utterance.includes('?') ? 0 : 1);

/** Simple rules to compare with, by task; from 0.5 on they say yes. */
const RULES: Record<LabelTask, Record<string, Rule>> = {
  telling: { question_mark: hasNoMark },
  reveals_answer: { question_mark: hasNoMark, reference_number: namesReference },
  open_question: { question_mark: hasMark },
  builds_on_prior: { question_mark: hasMark, student_words_repeated: repeatedShare },
};

function namesReference({ utterance, meta }: LabelledUtterance): number {
  const reference = meta?.reference_answer;
  return typeof reference === 'string' && wordsOf(utterance).includes(reference.replaceAll(',', '')) ? 1 : 0;
}

function repeatedShare(row: LabelledUtterance): number {
  const said = new Set(wordsOf(contextOf(row).said));
  const own = new Set(wordsOf(row.utterance));
  let repeated = 0;
  for (const word of said) if (own.has(word)) repeated += 1;
  return said.size === 0 ? 0 : repeated / said.size;
}

/** The first set that names who replied. */
function rankingOf(sets: readonly { dataset: string; rows: readonly Scored[] }[]): ResponderRanking | null {
  for (const { dataset, rows } of sets) {
    const ranking = rankResponders(
      dataset,
      rows.map(({ row, probabilities }) => ({ row, estimate: probabilities.reveals_answer })),
    );
    if (ranking !== null) return ranking;
  }
  return null;
}

function expertFalseAlarms(
  files: readonly NamedText[],
  model: HeuristicsModel,
  rubric: Rubric,
): ExpertFalseAlarms | null {
  const turns = tutorTurnsOf(EXPERT_SET, files);
  if (turns === null || turns.length === 0) return null;
  const assess = createAssessor(model, rubric);
  let n_alarms = 0;
  let scores = 0;
  for (const { utterance, context } of turns) {
    const { violations, score } = assess(utterance, 'end', context);
    if (violations.some(({ violation }) => rubric.disqualifying.includes(violation))) n_alarms += 1;
    scores += score;
  }
  return {
    dataset: EXPERT_SET,
    n: turns.length,
    n_alarms,
    alarm_frac: n_alarms / turns.length,
    alarm_frac_upper: upperBound(n_alarms, turns.length, 0.95),
    mean_score: scores / turns.length,
    goal_frac: GOAL_ALARM_FRAC,
  };
}
