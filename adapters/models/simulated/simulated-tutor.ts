import { ERROR } from '../../../schemas/names.ts';
import type { ModelConfig, SimulatedTutor } from '../../../schemas/model-config.ts';
import type { PhraseBank } from '../../../schemas/phrase-bank.ts';
import { NamedError } from '../../../core/errors.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import { ModelError } from '../../../core/model-error.ts';
import type { ChatMessage, ChatModel, Clock } from '../../../core/ports.ts';
import { chooseReply } from './choose-reply.ts';
import { compileBank } from './compiled-bank.ts';
import { createFollow } from './conversation.ts';
import { drawLatencyMs, spend } from './latency.ts';
import { usageOf } from './metering.ts';
import { createPoints } from './points.ts';
import { createProviderFaults } from './provider-faults.ts';
import { hintsOf, isFailing } from './situation.ts';

/**
 * A tutor whose truth is known (spec 3.4): a function of the conversation, the request's hints and the run id, so that a
 * run taken up in the middle goes on as it would have, and two executions differ as two samples do. Work per call is
 * O(new messages). Usage is metered as a provider would bill it.
 * @param latencyClock takes the drawn latency on this clock; without it calls return at once and only report it.
 */
export function createSimulatedTutor(
  config: ModelConfig,
  bank: PhraseBank,
  latencyClock: Clock | null = null,
): ChatModel {
  const tutor = tutorOf(config);
  const compiled = compileBank(bank);
  const follow = createFollow(compiled);
  const pointsOf = createPoints();
  const throwFaults = createProviderFaults(config.model_id, tutor);

  return {
    config,
    async probe() {
      return { usable: true, usage: null };
    },
    async chat(request, signal) {
      const { call, messages } = request;
      throwFaults(call);
      const conversation = follow(messages);
      const promptChars = request.system.length + conversation.chars;
      const context_tokens = Math.ceil(promptChars / bank.chars_per_token);
      if (context_tokens > config.context_window_tokens)
        throw new ModelError(
          'context_overflow',
          `${config.model_id}: a prompt of ${context_tokens} tokens, the window holds ${config.context_window_tokens}`,
        );
      const random = randomFrom(`${call.run_id}:${call.turn_index}:${call.ask}`);
      const latency_ms = drawLatencyMs(tutor.latency_ms, random);
      await spend(latency_ms, latencyClock, signal);

      const hints = hintsOf(request);
      const turn = { turn_index: call.turn_index, context_tokens, pressure_count: hints.pressure_count };
      const reply = chooseReply({
        bank: compiled,
        defect: tutor.defect,
        isFailing: isFailing(tutor.failure, turn, random),
        hints,
        points: pointsOf(hints.salient),
        conversation,
        run_id: call.run_id,
        random,
      });
      const maxChars = Math.floor(request.max_output_tokens * bank.chars_per_token);
      const text = reply.slice(0, maxChars);
      return {
        text,
        stop_reason: text.length < reply.length ? 'length' : 'end',
        usage: usageOf(
          {
            prompt: promptChars,
            sentBefore: charsSentBefore(promptChars, messages),
            sentAgain: promptChars,
            output: text.length,
          },
          config.supports,
          bank.chars_per_token,
        ),
        latency_ms,
        attempts: 1,
      };
    },
  };
}

/** Characters of the prompt of the turn before: all but the last reply and what the student said to it. */
function charsSentBefore(promptChars: number, messages: readonly ChatMessage[]): number {
  const lastReply = messages.at(-2);
  const lastSaid = messages.at(-1);
  if (lastReply?.role !== 'assistant' || lastSaid === undefined) return 0;
  return promptChars - lastReply.text.length - lastSaid.text.length;
}

function tutorOf(config: ModelConfig): SimulatedTutor {
  if (config.simulated?.kind === 'tutor') return config.simulated;
  throw new NamedError(
    ERROR.invalidConfig,
    `config/models: ${config.model_id}: simulated: expected {"kind": "tutor", …}, got ${JSON.stringify(config.simulated ?? null)}`,
    { hint: `give ${config.model_id} a simulated tutor, or name another model` },
  );
}
