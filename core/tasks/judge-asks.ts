import { judgeAskSchema, type JudgeAsk } from '../../schemas/checkpoint.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { ObjectStore } from '../ports.ts';
import { decodeUtf8 } from './text-codec.ts';

/** The answers about one turn so far: what was received in another life is recalled, not paid for again. */
export interface JudgeAsks {
  /** The answer to this ask, if it has been received. */
  recall(component: JudgeAsk['component'], ask: number): JudgeAsk | null;
  /** Writes the last answer, unless that is done. Called before the next call, so that a kill re-pays one at most. */
  flush(): Promise<void>;
  /** Takes an answer; it rests in memory until `flush`, since mostly it is the last and the verdict's own file holds it. */
  receive(ask: JudgeAsk): void;
}

/** @param isCheckpointed has the turn any judge checkpoint? Spares a look at the store for turns that have none. */
export async function openJudgeAsks(
  store: ObjectStore,
  run_id: string,
  turn_index: number,
  isCheckpointed: boolean,
): Promise<JudgeAsks> {
  const received: JudgeAsk[] = [];
  const mostAsks = isCheckpointed ? Number.POSITIVE_INFINITY : 0;
  while (received.length < mostAsks) {
    const bytes = await store.get(lakeKeys.judgeAsk(run_id, turn_index, received.length + 1));
    if (bytes === null) break;
    received.push(judgeAskSchema.parse(JSON.parse(decodeUtf8(bytes))));
  }
  let written = received.length;
  return {
    recall: (component, ask) =>
      received.find((one) => one.component === component && one.ask === ask) ?? null,
    receive: (ask) => {
      received.push(ask);
    },
    async flush() {
      for (; written < received.length; written += 1)
        await store.putIfAbsent(
          lakeKeys.judgeAsk(run_id, turn_index, written + 1),
          JSON.stringify(received[written]),
        );
    },
  };
}
