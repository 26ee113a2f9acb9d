import type { LedgerRow } from '../../schemas/ledger-row.ts';
import { costUsd } from '../cost/price-of-usage.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { ModelError } from '../model-error.ts';
import type { Budget, ChatModel, ChatRequest, ChatResult, Clock, ObjectStore, Telemetry } from '../ports.ts';
import { reserveCall } from './reserve-call.ts';
import { unreportedUsage } from './worst-case.ts';

/** A call to be paid for. */
export interface PricedCall {
  request: ChatRequest;
  /** The most that one try can cost, US dollars. */
  worst_usd: number;
  week: string;
  phase: string;
}

/**
 * Makes one call under the cap: its worst case is reserved before, what was billed is settled after. A refused call costs
 * nothing; one that was called off keeps its reservation, since it may have been answered. So may a try that no answer came
 * to: it counts as spent at its worst case, as an estimated ledger row in a file of its own, and each try behind it is
 * reserved anew. An answer that tells no usage counts by its texts, estimated too. Null when the cap has no room, before the
 * first try or between two. Throws what the model throws.
 */
export async function payForCall(
  ports: { store: ObjectStore; budget: Budget; clock: Clock; telemetry?: Telemetry },
  model: ChatModel,
  { request, worst_usd, week, phase }: PricedCall,
  abort: AbortSignal,
): Promise<{ result: ChatResult; row: LedgerRow } | null> {
  const { execution_id, run_id, turn_index, component, ask } = request.call;
  const { config } = model;
  const reserve = () => reserveCall(ports, execution_id, config, worst_usd, abort);
  const rowOf = (usage: ChatResult['usage']): LedgerRow => ({
    execution_id,
    week,
    run_id,
    turn_index,
    component,
    model: config.model_id,
    phase,
    attempt: ask,
    ...usage,
    cost_usd: costUsd(usage, config),
    is_estimated: false,
  });

  let reservation = await reserve();
  if (reservation === null) return null;
  let isRoomLeft = true;
  const spend = async (usd: number) => {
    if (reservation !== null) await ports.budget.settle(reservation.reservation_id, usd);
    reservation = null;
    if (usd > 0) ports.telemetry?.spent?.({ cost_usd: usd });
  };
  const spendUnanswered = async () => {
    await recordUnanswered(ports.store, { ...rowOf(NO_USAGE), cost_usd: worst_usd, is_estimated: true });
    await spend(worst_usd);
  };
  try {
    const result = await model.chat(
      {
        ...request,
        onUnanswered: async () => {
          await spendUnanswered();
          reservation = await reserve();
          isRoomLeft = reservation !== null;
          return isRoomLeft;
        },
      },
      abort,
    );
    const usage = unreportedUsage(request, result, config);
    const row = { ...rowOf(usage ?? result.usage), is_estimated: usage !== null };
    await spend(row.cost_usd);
    return { result: usage === null ? result : { ...result, usage }, row };
  } catch (error) {
    if (!isRoomLeft) return null;
    if (error instanceof ModelError && error.kind !== 'aborted')
      await (error.isUnanswered ? spendUnanswered() : spend(0));
    throw error;
  }
}

/** What a try used that was not answered: the provider alone knows. */
const NO_USAGE: ChatResult['usage'] = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
};

/** Written before a further try, under the first number that is free: every life of a run adds its own. */
async function recordUnanswered(store: ObjectStore, row: LedgerRow): Promise<void> {
  const body = JSON.stringify({ turn_index: row.turn_index, ledger: [row] });
  for (let n = 1; ; n += 1) {
    const key = lakeKeys.unanswered(row.run_id, row.turn_index, n);
    if ((await store.putIfAbsent(key, body)) === 'written') return;
  }
}
