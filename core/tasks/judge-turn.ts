import type { JudgeAsk, JudgeCheckpoint } from '../../schemas/checkpoint.ts';
import { judgeCheckpointSchema } from '../../schemas/checkpoint.ts';
import type { Usage } from '../../schemas/common.ts';
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
  Clock,
  ModelsFor,
  ObjectStore,
  Stop,
  Telemetry,
} from '../ports.ts';
import { openJudgeAsks, type JudgeAsks } from './judge-asks.ts';
import type { Measure } from './measure.ts';
import { payForCall } from './pay-for-call.ts';
import { decodeUtf8 } from './text-codec.ts';
import { worstCaseUsd } from './worst-case.ts';

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

/** What the judges said of a turn. */
export interface TurnVerdict extends JudgeCheckpoint {
  /** Why an answer that was wanted never came; null when all did. Such a turn is asked about again when the run is. */
  missing: Missing | null;
}
/** The cap left too little; the model is denied or retired; or the provider refuses this one request. */
type Missing = 'budget' | 'provider' | 'request';

interface Asked {
  result: JudgeResult | null;
  outcome: JudgeCheckpoint['outcome'];
  ledger: LedgerRow[];
  missing: Missing | null;
}

/** Repair asks after the first malformed answer. */
const MAX_ASKS = 2;

interface Work {
  execution_id: string;
  week: string;
  phase?: string;
  kind: 'run' | 'canary';
}

/** One turn on its way to a verdict. */
interface Hearing {
  ports: { store: ObjectStore; budget: Budget; clock: Clock; telemetry?: Telemetry };
  measure: Measure;
  work: Work;
  system: string;
  question: JudgeQuestion;
  asks: JudgeAsks;
  abort: AbortSignal;
  tell: (message: string) => void;
}

/**
 * Judges single turns with checkpoints: primary judge, one repair ask, the secondary judge on a split, an injection or a
 * malformed answer. `malformed` and `refused` without any verdict leave the turn unscored, never 0 and never dropped. Every
 * answer is recorded before the next is paid for. A turn is settled once all answers it wanted have come: what the provider
 * or the cap withheld is no verdict, and another life asks for that alone.
 */
export function createTurnJudge(
  ports: { store: ObjectStore; models: ModelsFor; budget: Budget; clock: Clock; telemetry?: Telemetry },
  measure: Measure,
  work: Work,
  /** Tells people why a judge gives no verdict. */
  tell: (message: string) => void = () => undefined,
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
  ): Promise<TurnVerdict> => {
    const { run_id, turn_index, isCheckpointed } = question;
    const key = lakeKeys.judgeCheckpoint(run_id, turn_index);
    const stored = isCheckpointed ? await ports.store.get(key) : null;
    if (stored !== null) return settled(stored);
    const asks = await openJudgeAsks(ports.store, run_id, turn_index, isCheckpointed);
    const hearing = { ports, measure, work, system, question, asks, abort: stop.abort, tell };

    const primary = await askJudge(hearing, primaryModel, work.kind === 'canary' ? 'canary' : 'judge');
    const opinion = primary.result === null ? null : { ...primary.result, is_compliant: false };
    const callsSecondary =
      secondaryModel !== null &&
      primary.outcome !== 'abstained' &&
      (opinion === null || wantsSecondary(opinion));
    const secondary = callsSecondary ? await askJudge(hearing, secondaryModel, 'secondary_judge') : null;
    const hasVerdict = primary.result !== null || secondary?.result != null;
    const checkpoint: JudgeCheckpoint = {
      turn_index,
      primary: primary.result,
      secondary: secondary?.result ?? null,
      outcome: hasVerdict ? 'judged' : primary.outcome,
      ledger: [...primary.ledger, ...(secondary?.ledger ?? [])],
    };
    const missing = primary.missing ?? secondary?.missing ?? null;
    if (missing !== null) {
      await asks.flush();
      return { ...checkpoint, missing };
    }
    if ((await ports.store.putIfAbsent(key, JSON.stringify(checkpoint))) === 'exists')
      return settled((await ports.store.get(key))!);
    return { ...checkpoint, missing: null };
  };
}

function settled(bytes: Uint8Array): TurnVerdict {
  return { ...judgeCheckpointSchema.parse(JSON.parse(decodeUtf8(bytes))), missing: null };
}

async function askJudge(hearing: Hearing, model: ChatModel, component: Component): Promise<Asked> {
  const { measure, question, asks } = hearing;
  const ledger: LedgerRow[] = [];
  const nonce = judgeNonce(question.run_id, question.turn_index, component === 'secondary_judge' ? 2 : 1);
  const messages: ChatMessage[] = [
    { role: 'user', text: judgeUserPrompt({ ...question, nonce }, measure.rubric) },
  ];
  let attempts = 0;
  let problem = '';
  for (let ask = 1; ask <= MAX_ASKS; ask += 1) {
    const heard = asks.recall(component, ask) ?? (await call(hearing, model, component, messages, ask));
    // A judge that is denied, retired or out of budget gives no verdict; the turn is unscored, the week goes on.
    if (typeof heard === 'string') return { result: null, outcome: 'refused', ledger, missing: heard };
    const { text, stop_reason, usage, latency_ms } = heard.answer;
    attempts += heard.answer.attempts;
    ledger.push(...heard.ledger);
    const without = (outcome: Asked['outcome']): Asked => ({ result: null, outcome, ledger, missing: null });
    if (stop_reason === 'abstained') return without('abstained');
    if (stop_reason === 'refusal' || stop_reason === 'filtered') return without('refused');
    const parsed = parseVerdict(text, question.current.tutor_text, measure.rubric);
    if ('verdict' in parsed) {
      const cost_usd = costUsd(usage, model.config);
      const said = {
        judge_model: model.config.model_id,
        is_repaired: ask > 1,
        attempts,
        latency_ms,
        cost_usd,
      };
      return { result: toResult(parsed.verdict, said, usage), outcome: 'judged', ledger, missing: null };
    }
    problem = parsed.problem;
    messages.push(
      { role: 'assistant', text: text === '' ? '(empty)' : text },
      { role: 'user', text: repairPrompt(parsed.problem) },
    );
  }
  hearing.tell(
    `${component.replace('_', ' ')} ${model.config.model_id}: no verdict that can be read; ${problem}`,
  );
  return { result: null, outcome: 'malformed', ledger, missing: null };
}

/** One paid call, or why there was none. */
async function call(
  hearing: Hearing,
  model: ChatModel,
  component: Component,
  messages: readonly ChatMessage[],
  ask: number,
): Promise<JudgeAsk | Missing> {
  const { ports, measure, work, system, question, asks, abort } = hearing;
  const { config } = model;
  await asks.flush();
  const chars = system.length + messages.reduce((sum, message) => sum + message.text.length, 0);
  const max_output_tokens = Math.max(config.max_output_tokens, JUDGE_OUTPUT_TOKENS);
  try {
    const paid = await payForCall(
      ports,
      model,
      {
        request: {
          system,
          messages,
          temperature: config.supports.temperature ? 0 : null,
          max_output_tokens,
          output: { kind: 'json', name: 'verdict', schema: VERDICT_JSON_SCHEMA },
          call: {
            execution_id: work.execution_id,
            run_id: question.run_id,
            turn_index: question.turn_index,
            component,
            ask,
          },
        },
        worst_usd: worstCaseUsd(chars / measure.phases.chars_per_token, config, max_output_tokens),
        week: work.week,
        phase: work.phase ?? '-',
      },
      abort,
    );
    if (paid === null) return 'budget';
    const { result: answer, row } = paid;
    const heard: JudgeAsk = { turn_index: question.turn_index, component, ask, answer, ledger: [row] };
    asks.receive(heard);
    return heard;
  } catch (error) {
    if (error instanceof ModelError && error.kind !== 'aborted') {
      hearing.tell(`${component.replace('_', ' ')} ${error.message}`);
      if (error.isRetryable) throw new NamedError(ERROR.retryable, error.message, { cause: error });
      return error.skipReason === null ? 'request' : 'provider';
    }
    throw error;
  }
}

/** Room for a rationale, nine marks with quotes and the violations: about 500 tokens, doubled. */
const JUDGE_OUTPUT_TOKENS = 1000;

function toResult(
  verdict: Verdict,
  said: Pick<JudgeResult, 'judge_model' | 'is_repaired' | 'attempts' | 'latency_ms' | 'cost_usd'>,
  usage: Usage,
): JudgeResult {
  const { rationale, criteria, evidence, violations, form_pts, substance_pts, purity_pts, score } = verdict;
  const { judge_model, is_repaired, attempts, latency_ms, cost_usd } = said;
  return {
    judge_model,
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
    latency_ms,
    ...usage,
    cost_usd,
  };
}
