import { ERROR } from '../../../schemas/names.ts';
import type { PhraseBank } from '../../../schemas/phrase-bank.ts';
import { NamedError } from '../../../core/errors.ts';
import type { ChatModels, Clock } from '../../../core/ports.ts';
import { createCallTurnstile } from './call-turnstile.ts';
import { createSimulatedJudge } from './simulated-judge.ts';
import { createSimulatedTutor } from './simulated-tutor.ts';

export interface SimulatedModelsOptions {
  /** What the tutors say and what is true of it, parsed. */
  bank: PhraseBank;
  /** Calls take their drawn latency on this clock (the system clock: real waiting); without it they only report it. */
  realLatency?: Clock;
}

/** Simulated tutors and judges by their configuration: no key, no network, no cost. */
export function createSimulatedModels({ bank, realLatency }: SimulatedModelsOptions): ChatModels {
  const throughTheLoop = createCallTurnstile();
  return {
    open(config) {
      const clock = realLatency ?? null;
      switch (config.simulated?.kind) {
        case 'tutor':
          return throughTheLoop(createSimulatedTutor(config, bank, clock));
        case 'judge':
          return throughTheLoop(createSimulatedJudge(config, bank, clock));
        case undefined:
          throw new NamedError(
            ERROR.invalidConfig,
            `config/models: ${config.model_id}: expected "simulated" beside provider "simulated", got nothing`,
            { hint: `describe the tutor or judge in ${config.model_id}'s "simulated"` },
          );
      }
    },
  };
}
