import type { AwsPrices } from '../../schemas/aws-prices.ts';
import type { CostAssumptions } from '../../schemas/cost-assumptions.ts';
import { ALL_PHASES } from '../../schemas/names.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { PhaseFile, PhaseProfile } from '../../schemas/phase-profile.ts';
import type { Cell, Profile, Variant } from '../../schemas/profile.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { Seed } from '../../schemas/seed.ts';
import type { StudentScript } from '../../schemas/student-script.ts';
import { paddingOf } from '../dialogue/padding.ts';
import { estimateAws, type AwsLine } from './estimate-aws.ts';
import { expectedTalkChars } from './expected-talk.ts';
import {
  addEstimates,
  perScenario,
  scaleEstimate,
  zeroEstimate,
  type Estimate,
  type Scenario,
} from './estimate.ts';
import {
  estimateDialogue,
  estimateJudging,
  estimateStudent,
  replyTokens,
  type DialogueShape,
  type JudgingShape,
} from './estimate-run.ts';

/** A planned run: its cell and its turns. Skipped rows are left out by the caller. */
export interface PlannedCell {
  cell: Pick<Cell, 'model' | 'variant' | 'seed_id' | 'phase'>;
  turns: number;
}

/** Everything that decides the size and price of the calls, as the manifest pins it. */
export interface PlanSizes {
  profile: Pick<Profile, 'variants' | 'judges' | 'canary'>;
  models: ReadonlyMap<string, ModelConfig>;
  seeds: ReadonlyMap<string, Seed>;
  phases: PhaseFile;
  rubric: Pick<Rubric, 'judge'>;
  script: StudentScript;
  /** Characters of each system prompt by its stem. */
  systemPromptChars: ReadonlyMap<string, number>;
  /** Characters of the judge's instructions with the rubric filled in. */
  judgePromptChars: number;
  studentPromptChars: number;
  /** Items of the golden set that will be judged, and their mean length. */
  canary: { items: number; chars_per_item: number };
  assumptions: CostAssumptions;
  awsPrices: AwsPrices;
}

export type PlanComponent = 'dialogue' | 'student' | 'judge' | 'secondary_judge' | 'canary';

/** One line of a plan: what a component spends on a model in a phase. `model` is who is called, `tutor` who is measured. */
export interface PlanLine {
  component: PlanComponent;
  model: string;
  tutor: string;
  phase: string;
  runs: number;
  estimate: Estimate;
}

export interface PlanEstimate {
  lines: PlanLine[];
  /** Sum over all model calls. */
  calls: Estimate;
  aws: AwsLine[];
}

/** Predicted tokens and US dollars of one dialogue, from the real prompt, the seed's own words and the padding schedule. */
export function estimateRow(row: PlannedCell, sizes: PlanSizes): Estimate {
  return estimateDialogue(dialogueShape(row, sizes), modelOf(row.cell.model, sizes), sizes.assumptions);
}

/**
 * Predicted tokens and US dollars of a plan by component, model and phase, and its AWS bill. Rows of equal shape are
 * estimated once, so the work grows with the distinct (model, variant, seed, phase), not with repeats and temperatures.
 */
export function estimatePlan(rows: readonly PlannedCell[], sizes: PlanSizes): PlanEstimate {
  const lines = new Map<string, PlanLine>();
  const add = (line: Omit<PlanLine, 'runs' | 'estimate'>, runs: number, estimate: Estimate) => {
    const key = [line.component, line.model, line.tutor, line.phase].join(' ');
    const known = lines.get(key);
    lines.set(key, {
      ...line,
      runs: (known?.runs ?? 0) + runs,
      estimate: addEstimates([known?.estimate ?? zeroEstimate(), scaleEstimate(estimate, runs)]),
    });
  };
  let textBytes = 0;

  for (const { row, count } of distinct(rows)) {
    const { model: tutor, phase } = row.cell;
    const variant = variantOf(row, sizes);
    const shape = dialogueShape(row, sizes);
    const tutorModel = modelOf(tutor, sizes);
    add({ component: 'dialogue', model: tutor, tutor, phase }, count, estimateRow(row, sizes));
    const replyChars = replyTokens(tutorModel, 'likely', sizes.assumptions) * shape.chars_per_token;
    textBytes +=
      count *
      (row.turns * (shape.said_chars_per_turn + replyChars) +
        shape.pasted_chars.reduce((sum, chars) => sum + chars, 0));
    if (variant.student === 'model' && variant.student_model !== undefined) {
      const student = modelOf(variant.student_model, sizes);
      add(
        { component: 'student', model: student.model_id, tutor, phase },
        count,
        estimateStudent(
          {
            turns: row.turns,
            prompt_chars: sizes.studentPromptChars + personaChars(seedOf(row, sizes)),
            chars_per_token: shape.chars_per_token,
            remembered_turns: sizes.script.model.remembered_turns,
            window_turns: sizes.script.model.window_turns,
          },
          { tutor: tutorModel, student },
          sizes.assumptions,
        ),
      );
    }
    const judging = judgingShape(row, shape, sizes);
    const { primary, secondary } = sizes.profile.judges;
    for (const [role, judge] of [
      ['judge', primary],
      ['secondary_judge', secondary],
    ] as const) {
      if (judge === null) continue;
      const models = { tutor: tutorModel, judge: modelOf(judge, sizes) };
      add(
        { component: role, model: judge, tutor, phase },
        count,
        estimateJudging(judging, models, role, sizes.assumptions),
      );
    }
  }

  const canaryItems = sizes.profile.canary.is_on
    ? Math.min(sizes.canary.items, sizes.profile.canary.max_items)
    : 0;
  if (canaryItems > 0) {
    const judge = modelOf(sizes.profile.judges.primary, sizes);
    const estimate = estimateJudging(
      {
        turns: canaryItems,
        fixed_chars: sizes.judgePromptChars,
        frame_chars: sizes.canary.chars_per_item,
        window_exchanges: 0,
        max_window_chars: sizes.rubric.judge.max_window_chars,
        said_chars_per_turn: 0,
        chars_per_token: sizes.phases.chars_per_token,
        use_filter: false,
      },
      { tutor: judge, judge },
      'judge',
      sizes.assumptions,
    );
    add(
      { component: 'canary', model: judge.model_id, tutor: judge.model_id, phase: ALL_PHASES },
      1,
      estimate,
    );
  }

  const all = [...lines.values()];
  const calls = addEstimates(all.map((line) => line.estimate));
  return {
    lines: all,
    calls,
    aws: estimateAws(
      {
        runs: rows.length,
        turns: rows.reduce((sum, row) => sum + row.turns, 0),
        judge_tasks: rows.length + (canaryItems > 0 ? 1 : 0),
        verdicts: verdictCalls(all),
        new_text_bytes: textBytes,
        model_phases: new Set(rows.map((row) => `${row.cell.model} ${row.cell.phase}`)).size,
      },
      sizes.awsPrices,
    ),
  };
}

/** Sums the lines of a plan that fall under one key, e.g. `(line) => line.tutor`. */
export function sumLines(
  lines: readonly PlanLine[],
  keyOf: (line: PlanLine) => string,
): Map<string, Estimate> {
  const groups = new Map<string, Estimate[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line.estimate]);
    else group.push(line.estimate);
  }
  return new Map([...groups].map(([key, estimates]) => [key, addEstimates(estimates)]));
}

function distinct(rows: readonly PlannedCell[]): { row: PlannedCell; count: number }[] {
  const groups = new Map<string, { row: PlannedCell; count: number }>();
  for (const row of rows) {
    const { model, variant, seed_id, phase } = row.cell;
    const key = [model, variant, seed_id, phase, row.turns].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { row, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()];
}

function dialogueShape(row: PlannedCell, sizes: PlanSizes): DialogueShape {
  const { turns } = row;
  const seed = seedOf(row, sizes);
  const variant = variantOf(row, sizes);
  const system_chars = found(sizes.systemPromptChars.get(variant.system_prompt), variant.system_prompt);
  const { script, phases } = sizes;
  const chars_per_token = phases.chars_per_token;
  const phase = phaseOf(row, phases);
  const pastes = paddingOf({
    phase,
    pad: variant.pad,
    seed,
    turns,
    script,
    charsPerToken: chars_per_token,
    systemPromptChars: system_chars,
  });
  return {
    turns,
    system_chars,
    said_chars_per_turn:
      expectedTalkChars({ phase, variant, seed, turns, script }, sizes.assumptions) / turns,
    pasted_chars: pastes.map((lengths) => lengths.reduce((sum, chars) => sum + chars, 0)),
    chars_per_token,
  };
}

function judgingShape(row: PlannedCell, shape: DialogueShape, sizes: PlanSizes): JudgingShape {
  const seed = seedOf(row, sizes);
  return {
    turns: row.turns,
    fixed_chars: sizes.judgePromptChars,
    frame_chars: seed.goal.length + (seed.reference_answer?.length ?? 0) + FRAME_CHARS,
    window_exchanges: sizes.rubric.judge.window_exchanges,
    max_window_chars: sizes.rubric.judge.max_window_chars,
    said_chars_per_turn: shape.said_chars_per_turn,
    chars_per_token: shape.chars_per_token,
    use_filter: sizes.profile.judges.use_filter,
  };
}

/** Marks, labels and the closing request of core/judging/judge-prompt.ts, rounded. */
const FRAME_CHARS = 500;

function personaChars(seed: Seed): number {
  return seed.persona.length + seed.student_statement.length + seed.goal.length;
}

function verdictCalls(lines: readonly PlanLine[]): Record<Scenario, number> {
  const verdicts = lines.filter((line) => line.component !== 'dialogue' && line.component !== 'student');
  const sum = addEstimates(verdicts.map((line) => line.estimate));
  return perScenario((scenario) => sum[scenario].calls);
}

function variantOf(row: PlannedCell, sizes: PlanSizes): Variant {
  return found(sizes.profile.variants[row.cell.variant], row.cell.variant);
}

function modelOf(model_id: string, sizes: PlanSizes): ModelConfig {
  return found(sizes.models.get(model_id), model_id);
}

function seedOf(row: PlannedCell, sizes: PlanSizes): Seed {
  return found(sizes.seeds.get(row.cell.seed_id), row.cell.seed_id);
}

function phaseOf(row: PlannedCell, phases: PhaseFile): PhaseProfile {
  return found(
    phases.profiles.find((profile) => profile.phase === row.cell.phase),
    row.cell.phase,
  );
}

/** A plan names only what its manifest holds; anything else is a programming error. */
function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`estimatePlan: the manifest holds no "${name}"`);
  return value;
}
