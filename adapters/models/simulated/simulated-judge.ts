import { ERROR } from '../../../schemas/names.ts';
import type { ModelConfig, SimulatedJudge } from '../../../schemas/model-config.ts';
import type { Confusion, PhraseBank } from '../../../schemas/phrase-bank.ts';
import { NamedError } from '../../../core/errors.ts';
import { randomFrom } from '../../../core/identity/random.ts';
import { extractFenced } from '../../../core/judging/fence.ts';
import type { ChatMessage, ChatModel, ChatRequest, Clock } from '../../../core/ports.ts';
import { compileBank } from './compiled-bank.ts';
import { drawLatencyMs, spend } from './latency.ts';
import { usageOf } from './metering.ts';
import { malformedAnswer, misread, OBEDIENT, verdictJson } from './verdict.ts';

/**
 * A judge that is sent what a real one is sent, recognises the fenced reply as a phrase of the bank and gives the truth of
 * that phrase with the errors of its confusion matrix. Independent of the heuristics. The same reply of the same turn gets
 * the same verdict from the same judge, at the first ask and at a repair ask. A reply that is none of the bank's it does
 * not judge: empty text, stop reason `abstained`.
 * @param latencyClock as for createSimulatedTutor.
 */
export function createSimulatedJudge(
  config: ModelConfig,
  bank: PhraseBank,
  latencyClock: Clock | null = null,
): ChatModel {
  const judge = judgeOf(config);
  const confusion = confusionOf(judge, bank, config.model_id);
  const compiled = compileBank(bank);

  const answer = (request: ChatRequest): string => {
    const reply = fencedReply(request.messages);
    if (judge.is_gullible && isToldWhatToGive(request.messages, bank))
      return verdictJson(OBEDIENT, reply ?? '');
    const found = reply === null ? null : compiled.find(reply);
    if (reply === null || found === null) return '';
    const { run_id, turn_index, ask } = request.call;
    const seed = `verdict:${run_id}:${turn_index}:${config.model_id}:${found.phrase.id}`;
    const marks = misread(found.phrase.group, confusion, compiled, randomFrom(seed));
    if (confusion.malformed_frac > 0) {
      const random = randomFrom(`${seed}:${ask}`);
      if (random() < confusion.malformed_frac) return malformedAnswer(marks, reply, random);
    }
    return verdictJson(marks, reply);
  };

  return {
    config,
    async probe() {
      return { usable: true, usage: null };
    },
    async chat(request, signal) {
      const { call } = request;
      const latency_ms = drawLatencyMs(
        judge.latency_ms,
        randomFrom(`latency:${call.run_id}:${call.turn_index}:${call.ask}:${config.model_id}`),
      );
      await spend(latency_ms, latencyClock, signal);
      const full = answer(request);
      const text = full.slice(0, Math.floor(request.max_output_tokens * bank.chars_per_token));
      const system = request.system.length;
      // The instructions are the same for every turn: the first call of a run writes them to the cache, later ones read.
      const isFirst = call.turn_index <= 1 && call.ask === 1;
      return {
        text,
        stop_reason: full === '' ? 'abstained' : text.length < full.length ? 'length' : 'end',
        usage: usageOf(
          {
            prompt: system + request.messages.reduce((sum, message) => sum + message.text.length, 0),
            sentBefore: isFirst ? 0 : system,
            sentAgain: system,
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

/** The fenced reply of the last message that has one: a repair ask follows the question it is about. */
function fencedReply(messages: readonly ChatMessage[]): string | null {
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const message = messages[i]!;
    const reply = message.role === 'user' ? extractFenced(message.text) : null;
    if (reply !== null) return reply;
  }
  return null;
}

/** Does anything it reads, fenced or not, tell it which marks to give? */
function isToldWhatToGive(messages: readonly ChatMessage[], bank: PhraseBank): boolean {
  return messages.some(({ role, text }) => {
    if (role !== 'user') return false;
    const lower = text.toLowerCase();
    return bank.gullible_markers.some((marker) => lower.includes(marker));
  });
}

function judgeOf(config: ModelConfig): SimulatedJudge {
  if (config.simulated?.kind === 'judge') return config.simulated;
  throw new NamedError(
    ERROR.invalidConfig,
    `config/models: ${config.model_id}: simulated: expected {"kind": "judge", …}, got ${JSON.stringify(config.simulated ?? null)}`,
    { hint: `give ${config.model_id} a simulated judge, or name another judge` },
  );
}

function confusionOf(judge: SimulatedJudge, bank: PhraseBank, model_id: string): Confusion {
  const confusion = bank.confusions[judge.confusion];
  if (confusion !== undefined) return confusion;
  throw new NamedError(
    ERROR.invalidConfig,
    `config/models: ${model_id}: simulated.confusion: expected one of ${Object.keys(bank.confusions).join(', ')}, got "${judge.confusion}"`,
    { hint: `add it under "confusions" in config/simulated/${bank.version}.json` },
  );
}
