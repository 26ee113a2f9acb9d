import type { JudgeCheckpoint } from '../../schemas/checkpoint.ts';
import { judgeCheckpointSchema } from '../../schemas/checkpoint.ts';
import type { JudgeResult } from '../../schemas/judge-result.ts';
import type { LedgerRow } from '../../schemas/ledger-row.ts';
import { ERROR } from '../../schemas/names.ts';
import { costUsd } from '../cost/price-of-usage.ts';
import { NamedError } from '../errors.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import {
  judgeNonce,
  judgeSystemPrompt,
  judgeUserPrompt,
  repairPrompt,
  type Exchange,
} from '../judging/judge-prompt.ts';
import { parseVerdict, VERDICT_JSON_SCHEMA, type Verdict } from '../judging/parse-verdict.ts';
import type { Opinion } from '../judging/resolve-score.ts';
import { ModelError } from '../model-error.ts';
import type {
  Budget,
  CallIdentity,
  ChatMessage,
  ChatModel,
  ChatResult,
  ModelsFor,
  ObjectStore,
  Stop,
} from '../ports.ts';
import { worstCaseUsd } from './worst-case.ts';
import type { Measure } from './measure.ts';
import { decodeUtf8 } from './text-codec.ts';

/** One turn as the judges get it. */
export interface JudgeQuestion {
  /** Names the checkpoint folder: a run, or `canary-<execution_id>`. */
  run_id: string;
  turn_index: number;
  goal: string;
  reference_answer: string | null;
  before: readonly Exchange[];
  current: Exchange;
  /** Is there a verdict to adopt? Spares a look at the store for turns that have none. */
  isCheckpointed: boolean;
}

type Component = Extract<CallIdentity['component'], 'judge' | 'secondary_judge' | 'canary'>;

interface Asked {
  result: JudgeResult | null;
  outcome: JudgeCheckpoint['outcome'];
  ledger: LedgerRow[];
}

/** Repair asks after the first malformed answer. */
const MAX_ASKS = 2;

/**
 * Judges single turns with checkpoints: primary judge, one repair ask, the secondary judge on a split, an injection or a
 * malformed answer. `malformed` and `refused` without any verdict leave the turn unscored, never 0 and never dropped.
 */
export function createTurnJudge(
  ports: { store: ObjectStore; models: ModelsFor; budget: Budget },
  measure: Measure,
  work: { execution_id: string; week: string; phase?: string; kind: 'run' | 'canary' },
) {
  const { judges } = measure.manifest.content.profile;
  const system = judgeSystemPrompt(measure.judgeTemplate, measure.rubric);
  const primaryModel = ports.models(measure).open(measure.model(judges.primary));
  const secondaryModel =
    judges.secondary === null ? null : ports.models(measure).open(measure.model(judges.secondary));

  return async (
    question: JudgeQuestion,
    wantsSecondary: (primary: Opinion) => boolean,
    stop: Stop,
  ): Promise<JudgeCheckpoint> => {
    const key = lakeKeys.judgeCheckpoint(question.run_id, question.turn_index);
    if (question.isCheckpointed) {
      const stored = await ports.store.get(key);
      if (stored !== null) return judgeCheckpointSchema.parse(JSON.parse(decodeUtf8(stored)));
    }
    const ask = (model: ChatModel, component: Component) =>
      askJudge(ports, measure, work, system, model, component, question, stop);
    const primary = await ask(primaryModel, work.kind === 'canary' ? 'canary' : 'judge');
    const opinion = primary.result === null ? null : { ...primary.result, is_compliant: false };
    const callsSecondary =
      secondaryModel !== null &&
      primary.outcome !== 'abstained' &&
      (opinion === null || wantsSecondary(opinion));
    const secondary = callsSecondary ? await ask(secondaryModel, 'secondary_judge') : null;
    const hasVerdict = primary.result !== null || secondary?.result != null;
    const checkpoint: JudgeCheckpoint = {
      turn_index: question.turn_index,
      primary: primary.result,
      secondary: secondary?.result ?? null,
      outcome: hasVerdict ? 'judged' : primary.outcome,
      ledger: [...primary.ledger, ...(secondary?.ledger ?? [])],
    };
    if ((await ports.store.putIfAbsent(key, JSON.stringify(checkpoint))) === 'exists') {
      return judgeCheckpointSchema.parse(JSON.parse(decodeUtf8((await ports.store.get(key))!)));
    }
    return checkpoint;
  };
}

async function askJudge(
  ports: { budget: Budget },
  measure: Measure,
  work: { execution_id: string; week: string; phase?: string },
  system: string,
  model: ChatModel,
  component: Component,
  question: JudgeQuestion,
  stop: Stop,
): Promise<Asked> {
  const ledger: LedgerRow[] = [];
  const nonce = judgeNonce(question.run_id, question.turn_index, component === 'secondary_judge' ? 2 : 1);
  const messages: ChatMessage[] = [
    { role: 'user', text: judgeUserPrompt({ ...question, nonce }, measure.rubric) },
  ];
  let attempts = 0;
  for (let ask = 1; ask <= MAX_ASKS; ask += 1) {
    const answer = await call(ports, measure, work, system, model, component, question, messages, ask, stop);
    // A judge that is denied, retired or out of budget gives no verdict; the turn is unscored, the week goes on.
    if (answer === null) return { result: null, outcome: 'refused', ledger };
    attempts += answer.attempts;
    const cost_usd = costUsd(answer.usage, model.config);
    ledger.push({
      execution_id: work.execution_id,
      week: work.week,
      run_id: question.run_id,
      turn_index: question.turn_index,
      component,
      model: model.config.model_id,
      phase: work.phase ?? '-',
      attempt: ask,
      ...answer.usage,
      cost_usd,
      is_estimated: false,
    });
    if (answer.stop_reason === 'abstained') return { result: null, outcome: 'abstained', ledger };
    if (answer.stop_reason === 'refusal' || answer.stop_reason === 'filtered')
      return { result: null, outcome: 'refused', ledger };
    const parsed = parseVerdict(answer.text, question.current.tutor_text, measure.rubric);
    if ('verdict' in parsed)
      return {
        result: toResult(parsed.verdict, model, answer, attempts, cost_usd, ask > 1),
        outcome: 'judged',
        ledger,
      };
    messages.push(
      { role: 'assistant', text: answer.text === '' ? '(empty)' : answer.text },
      { role: 'user', text: repairPrompt(parsed.problem) },
    );
  }
  return { result: null, outcome: 'malformed', ledger };
}

async function call(
  ports: { budget: Budget },
  measure: Measure,
  work: { execution_id: string },
  system: string,
  model: ChatModel,
  component: Component,
  question: JudgeQuestion,
  messages: readonly ChatMessage[],
  ask: number,
  stop: Stop,
): Promise<ChatResult | null> {
  const chars = system.length + messages.reduce((sum, message) => sum + message.text.length, 0);
  const reservation = await ports.budget.reserve(
    work.execution_id,
    model.config.model_id,
    worstCaseUsd(chars / measure.phases.chars_per_token, model.config),
  );
  if (reservation === null) return null;
  try {
    const answer = await model.chat(
      {
        system,
        messages,
        temperature: model.config.supports.temperature ? 0 : null,
        max_output_tokens: Math.max(model.config.max_output_tokens, JUDGE_OUTPUT_TOKENS),
        output: { kind: 'json', name: 'verdict', schema: VERDICT_JSON_SCHEMA },
        call: {
          execution_id: work.execution_id,
          run_id: question.run_id,
          turn_index: question.turn_index,
          component,
          ask,
        },
      },
      stop.abort,
    );
    await ports.budget.settle(reservation.reservation_id, costUsd(answer.usage, model.config));
    return answer;
  } catch (error) {
    if (error instanceof ModelError && error.kind !== 'aborted') {
      await ports.budget.settle(reservation.reservation_id, 0);
      if (error.isRetryable) throw new NamedError(ERROR.retryable, error.message, { cause: error });
      return null;
    }
    throw error;
  }
}

/** Room for a rationale, nine marks with quotes and the violations: about 500 tokens, doubled. */
const JUDGE_OUTPUT_TOKENS = 1000;

function toResult(
  verdict: Verdict,
  model: ChatModel,
  answer: ChatResult,
  attempts: number,
  cost_usd: number,
  is_repaired: boolean,
): JudgeResult {
  const { rationale, criteria, evidence, violations, form_pts, substance_pts, purity_pts, score } = verdict;
  return {
    judge_model: model.config.model_id,
    rationale,
    criteria,
    evidence,
    violations,
    form_pts,
    substance_pts,
    purity_pts,
    score,
    is_repaired,
    attempts,
    latency_ms: answer.latency_ms,
    ...answer.usage,
    cost_usd,
  };
}
