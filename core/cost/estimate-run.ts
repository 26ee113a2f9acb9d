import type { Usage } from '../../schemas/common.ts';
import type { CostAssumptions } from '../../schemas/cost-assumptions.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import { CachedPrompt } from './cached-prompt.ts';
import { asInterval, perScenario, priced, type Estimate, type Scenario } from './estimate.ts';

/** Sizes of one dialogue before it is held, in characters. */
export interface DialogueShape {
  turns: number;
  system_chars: number;
  /** What the student says in a turn, on average, pasted material apart. */
  said_chars_per_turn: number;
  /** What the student pastes, turn by turn (core/dialogue/padding.ts); missing turns paste nothing. */
  pasted_chars: readonly number[];
  chars_per_token: number;
}

/** Sizes of the judge's prompts, in characters. */
export interface JudgingShape {
  turns: number;
  /** Instructions and rubric: the same text in every call, cached where the model can. */
  fixed_chars: number;
  /** Goal, reference answer and marks around the window. */
  frame_chars: number;
  window_exchanges: number;
  max_window_chars: number;
  said_chars_per_turn: number;
  chars_per_token: number;
  use_filter: boolean;
}

/** Sizes of the calls of a student played by a model. */
export interface StudentShape {
  turns: number;
  /** Characters of prompt, persona, statement and goal. */
  prompt_chars: number;
  chars_per_token: number;
  /** Own messages that the prompt recalls, and exchanges that it shows in full, at most. */
  remembered_turns: number;
  window_turns: number;
}

/** Visible tokens of a tutor's reply in a scenario. */
export function replyTokens(model: ModelConfig, scenario: Scenario, assumptions: CostAssumptions): number {
  const visible = model.max_output_tokens - (model.reasoning.is_on ? model.reasoning.budget_tokens : 0);
  if (model.provider === 'simulated') return Math.min(visible, assumptions.simulated_reply_tokens);
  return scenario === 'high' ? visible : Math.min(visible, assumptions.reply_tokens[scenario]);
}

/**
 * The dialogue of one run: every call sends the system prompt and the whole conversation so far, so tokens grow with the
 * square of the turns (facts: T·S + g·T(T+1)/2 for even growth). Hidden reasoning is billed as output and not resent.
 */
export function estimateDialogue(
  shape: DialogueShape,
  model: ModelConfig,
  assumptions: CostAssumptions,
): Estimate {
  const readings = perScenario((scenario) => {
    const tokens = (chars: number) =>
      (chars / shape.chars_per_token) *
      (model.provider === 'simulated' ? 1 : assumptions.token_ratio[scenario]);
    const reply = replyTokens(model, scenario, assumptions);
    const prompt = new CachedPrompt(model.supports, assumptions.cache_hit_frac[scenario]);
    const usage = emptyUsage();
    let context = tokens(shape.system_chars);
    for (let turn = 1; turn <= shape.turns; turn += 1) {
      context += tokens(shape.said_chars_per_turn + (shape.pasted_chars[turn - 1] ?? 0));
      addPrompt(usage, prompt.next(context));
      usage.output_tokens += reply + (model.reasoning.is_on ? model.reasoning.budget_tokens : 0);
      context += reply;
    }
    return priced(shape.turns, usage, model);
  });
  return asInterval(readings);
}

/**
 * The verdicts on one run's turns: fixed instructions (cached after the first call of the run where they are long enough)
 * and a window of the last exchanges, without pasted material. The secondary judge sees a share of the judged turns.
 */
export function estimateJudging(
  shape: JudgingShape,
  models: { tutor: ModelConfig; judge: ModelConfig },
  role: 'judge' | 'secondary_judge',
  assumptions: CostAssumptions,
): Estimate {
  const model = models.judge;
  const readings = perScenario((scenario) => {
    const ratio = model.provider === 'simulated' ? 1 : assumptions.token_ratio[scenario];
    const tokens = (chars: number) => (chars / shape.chars_per_token) * ratio;
    const judged = shape.use_filter ? assumptions.judged_frac[scenario] : 1;
    const share = role === 'judge' ? judged : judged * assumptions.secondary_frac[scenario];
    const calls = shape.turns * share * (1 + assumptions.repair_frac[scenario]);
    const reply = replyTokens(models.tutor, scenario, assumptions);
    const usage = emptyUsage();
    let windows = 0;
    for (let turn = 1; turn <= shape.turns; turn += 1) {
      const exchanges = Math.min(turn, shape.window_exchanges);
      windows += Math.min(
        tokens(shape.max_window_chars),
        exchanges * (tokens(shape.said_chars_per_turn) + reply),
      );
    }
    const meanWindow = shape.turns === 0 ? 0 : windows / shape.turns;
    const fixed = tokens(shape.fixed_chars);
    const isCached = model.supports.cache !== 'none' && fixed >= model.supports.cache_min_tokens;
    const cacheable = isCached ? Math.min(fixed, model.supports.cache_max_tokens ?? fixed) : 0;
    const hits = Math.max(0, calls - 1) * assumptions.cache_hit_frac[scenario];
    const written = cacheable * (calls - hits);
    usage.cache_read_tokens = cacheable * hits;
    usage.cache_write_tokens = model.supports.cache === 'automatic' ? 0 : written;
    usage.input_tokens =
      calls * (fixed - cacheable + tokens(shape.frame_chars) + meanWindow) +
      (written - usage.cache_write_tokens);
    usage.output_tokens =
      calls *
      (model.provider === 'simulated'
        ? assumptions.simulated_verdict_tokens
        : assumptions.verdict_tokens[scenario]);
    return priced(calls, usage, model);
  });
  return asInterval(readings);
}

/**
 * A student played by a model, who opens with the seed's own words and is asked from turn 2 on: its prompt, what it
 * remembers of its own messages and the last exchanges, uncached (the window moves, so no prefix stays).
 */
export function estimateStudent(
  shape: StudentShape,
  models: { tutor: ModelConfig; student: ModelConfig },
  assumptions: CostAssumptions,
): Estimate {
  const model = models.student;
  const readings = perScenario((scenario) => {
    const ratio = model.provider === 'simulated' ? 1 : assumptions.token_ratio[scenario];
    const said = assumptions.student_reply_tokens[scenario];
    const heard = replyTokens(models.tutor, scenario, assumptions);
    const usage = emptyUsage();
    const calls = Math.max(0, shape.turns - 1);
    for (let past = 1; past <= calls; past += 1) {
      const shown = Math.min(past, shape.window_turns);
      usage.input_tokens +=
        (shape.prompt_chars * ratio) / shape.chars_per_token +
        Math.min(past, shape.remembered_turns) * said +
        shown * heard +
        (shown - 1) * said;
    }
    usage.output_tokens = calls * said;
    return priced(calls, usage, model);
  });
  return asInterval(readings);
}

function emptyUsage(): Usage {
  return { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
}

function addPrompt(usage: Usage, prompt: Omit<Usage, 'output_tokens'>): void {
  usage.input_tokens += prompt.input_tokens;
  usage.cache_read_tokens += prompt.cache_read_tokens;
  usage.cache_write_tokens += prompt.cache_write_tokens;
}
