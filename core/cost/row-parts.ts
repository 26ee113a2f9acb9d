import type { AwsPrices } from '../../schemas/aws-prices.ts';
import type { CostAssumptions } from '../../schemas/cost-assumptions.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { PhaseFile, PhaseProfile } from '../../schemas/phase-profile.ts';
import type { Cell, Profile, Variant } from '../../schemas/profile.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import type { Seed } from '../../schemas/seed.ts';
import type { StudentScript } from '../../schemas/student-script.ts';
import { paddingOf } from '../dialogue/padding.ts';
import { mixEstimates, type Estimate } from './estimate.ts';
import {
  estimateDialogue,
  estimateJudging,
  estimateStudent,
  replyTokens,
  type DialogueShape,
  type JudgingShape,
} from './estimate-run.ts';
import { expectedTalkChars } from './expected-talk.ts';

/** A planned run: its cell and its turns. Skipped rows are left out by the caller. */
export interface PlannedCell {
  cell: Pick<Cell, 'model' | 'variant' | 'seed_id' | 'phase'>;
  turns: number;
}

/** Everything that decides the size and price of the calls, as the manifest pins it. */
export interface PlanSizes {
  profile: Pick<Profile, 'variants' | 'judges' | 'canary' | 'early_stop'>;
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

/** What one component of a run spends on a model. */
export interface RowPart {
  component: PlanComponent;
  model: string;
  estimate: Estimate;
}

/** Predicted tokens and US dollars of one run by component, from the real prompts, the seed's own words and the padding. */
export function rowParts(row: PlannedCell, sizes: PlanSizes): RowPart[] {
  const full = partsUpTo(row.turns, row, sizes);
  const { is_on, turns } = sizes.profile.early_stop;
  const { collapse_frac, collapse_turn } = sizes.assumptions.early_stop;
  const stop = collapse_turn + turns - 1;
  if (!is_on || stop >= row.turns) return full;
  // The more runs collapse, the less is spent.
  const stopped = { low: collapse_frac.high, likely: collapse_frac.likely, high: collapse_frac.low };
  const short = partsUpTo(stop, row, sizes);
  return full.map((part, index) => ({
    ...part,
    estimate: mixEstimates(part.estimate, short[index]!.estimate, stopped),
  }));
}

/** The parts of a run that is cut behind so many turns; what is pasted until then stays as it was laid out. */
function partsUpTo(turns: number, row: PlannedCell, sizes: PlanSizes): RowPart[] {
  const variant = variantOf(row, sizes);
  const shape = { ...dialogueShape(row, sizes), turns };
  const tutor = modelOf(row.cell.model, sizes);
  const parts: RowPart[] = [
    {
      component: 'dialogue',
      model: tutor.model_id,
      estimate: estimateDialogue(shape, tutor, sizes.assumptions),
    },
  ];
  if (variant.student === 'model' && variant.student_model !== undefined) {
    const student = modelOf(variant.student_model, sizes);
    const { remembered_turns, window_turns } = sizes.script.model;
    const asked = {
      turns,
      prompt_chars: sizes.studentPromptChars + personaChars(seedOf(row, sizes)),
      chars_per_token: shape.chars_per_token,
      remembered_turns,
      window_turns,
    };
    parts.push({
      component: 'student',
      model: student.model_id,
      estimate: estimateStudent(asked, { tutor, student }, sizes.assumptions),
    });
  }
  const judging = judgingShape(row, shape, sizes);
  const { primary, secondary } = sizes.profile.judges;
  for (const [component, judge] of [
    ['judge', primary],
    ['secondary_judge', secondary],
  ] as const)
    if (judge !== null)
      parts.push({
        component,
        model: judge,
        estimate: estimateJudging(
          judging,
          { tutor, judge: modelOf(judge, sizes) },
          component,
          sizes.assumptions,
        ),
      });
  return parts;
}

/** The dialogue's part alone. */
export function estimateRow(row: PlannedCell, sizes: PlanSizes): Estimate {
  return rowParts(row, sizes)[0]!.estimate;
}

/** What judging the golden set spends; null where the profile has no canary. */
export function canaryPart(sizes: PlanSizes): (RowPart & { items: number }) | null {
  const items = sizes.profile.canary.is_on ? Math.min(sizes.canary.items, sizes.profile.canary.max_items) : 0;
  if (items === 0) return null;
  const judge = modelOf(sizes.profile.judges.primary, sizes);
  const shape: JudgingShape = {
    turns: items,
    fixed_chars: sizes.judgePromptChars,
    frame_chars: sizes.canary.chars_per_item,
    window_exchanges: 0,
    max_window_chars: sizes.rubric.judge.max_window_chars,
    said_chars_per_turn: 0,
    chars_per_token: sizes.phases.chars_per_token,
    use_filter: false,
  };
  return {
    component: 'canary',
    model: judge.model_id,
    estimate: estimateJudging(shape, { tutor: judge, judge }, 'judge', sizes.assumptions),
    items,
  };
}

/** Characters that student and tutor of a run are expected to produce, each once. */
export function newTextChars(row: PlannedCell, sizes: PlanSizes): number {
  const shape = dialogueShape(row, sizes);
  const replyChars =
    replyTokens(modelOf(row.cell.model, sizes), 'likely', sizes.assumptions) * shape.chars_per_token;
  return (
    row.turns * (shape.said_chars_per_turn + replyChars) +
    shape.pasted_chars.reduce((sum, chars) => sum + chars, 0)
  );
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
    turns: shape.turns,
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
