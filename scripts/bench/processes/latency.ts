/** Runs the state machine with models that take their time, and says how long each state took and what the calls took. */
import { createFolderConfig } from '../../../adapters/local/folder-config.ts';
import { createSystemClock } from '../../../adapters/local/system-clock.ts';
import { createResilientModels, NETWORK_POLICY } from '../../../adapters/models/resilient-models.ts';
import { createSimulatedModels } from '../../../adapters/models/simulated/simulated-models.ts';
import { runEmbedded } from '../../../cli/host/embedded-host.ts';
import { ModelError } from '../../../core/model-error.ts';
import type { ChatModels, ModelsFor, Telemetry } from '../../../core/ports.ts';
import { phraseBankSchema } from '../../../schemas/phrase-bank.ts';

export interface LatencyRequest {
  profile: string;
  /** Folders of config files, the later laid over the earlier. */
  config: string[];
  lake: string;
  /** Calls a second that the provider of the tutors takes before it answers 429; null: any number. */
  calls_per_s: number | null;
}

export interface LatencyReport {
  /** From the first dialogue's start to the last one's end. */
  makespan_ms: number;
  /** Latency of the adopted calls of each dialogue. */
  dialogues_ms: number[];
  calls: number;
  throttled: number;
}

const request = JSON.parse(process.argv[2]!) as LatencyRequest;
const clock = createSystemClock();
const telemetry: Telemetry = { turn: () => undefined, waiting: () => undefined, log: () => undefined };
const latencyOfRun = new Map<string, number>();
const times = new Map<string, number>();
let calls = 0;
let throttled = 0;

/** A provider that takes so many calls a second on average, a second's worth at once, and refuses the others at once. */
function limited(models: ChatModels, callsPerS: number): ChatModels {
  let tokens = callsPerS;
  let filledMs = clock.monotonicMs();
  const take = (): boolean => {
    const now = clock.monotonicMs();
    tokens = Math.min(callsPerS, tokens + ((now - filledMs) / 1000) * callsPerS);
    filledMs = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
  return {
    open(config) {
      const model = models.open(config);
      return {
        ...model,
        async chat(request, signal) {
          if (request.call.component === 'dialogue' && !take()) {
            throttled += 1;
            throw new ModelError('throttled', `${config.model_id}: 429`);
          }
          return model.chat(request, signal);
        },
      };
    },
  };
}

function counted(models: ChatModels): ChatModels {
  return {
    open(config) {
      const model = models.open(config);
      return {
        ...model,
        async chat(request, signal) {
          const result = await model.chat(request, signal);
          if (request.call.component === 'dialogue') {
            calls += 1;
            const { run_id } = request.call;
            latencyOfRun.set(run_id, (latencyOfRun.get(run_id) ?? 0) + result.latency_ms);
          }
          return result;
        },
      };
    },
  };
}

let opened: ChatModels | null = null;
const models: ModelsFor = ({ simulatedBank }) => {
  if (opened !== null) return opened;
  const bank = phraseBankSchema.parse(JSON.parse(simulatedBank));
  const slow = counted(createSimulatedModels({ bank, realLatency: clock }));
  const provider = request.calls_per_s === null ? slow : limited(slow, request.calls_per_s);
  opened = createResilientModels(
    provider,
    { clock, random: Math.random, telemetry },
    // Judges have no part in this.
    (config) => ({
      ...NETWORK_POLICY,
      limiter:
        request.calls_per_s === null || config.simulated?.kind === 'judge'
          ? { ...NETWORK_POLICY.limiter, start: NETWORK_POLICY.limiter.max }
          : NETWORK_POLICY.limiter,
    }),
  );
  return opened;
};

const never = new AbortController().signal;
const result = await runEmbedded({ profile: request.profile, execution_id: 'latency' }, 'latency', {
  lake: request.lake,
  config: createFolderConfig(request.config),
  environment: {},
  telemetry,
  stop: { drain: never, abort: never },
  durability: 'process',
  models,
  onEvent: (event) => {
    if ('state' in event && event.state === 'RunDialogues') times.set(event.type, performance.now());
  },
  printAlert: () => undefined,
});
if (result.status !== 'SUCCEEDED') throw new Error(JSON.stringify(result));
const report: LatencyReport = {
  makespan_ms: times.get('StateExited')! - times.get('StateEntered')!,
  dialogues_ms: [...latencyOfRun.values()],
  calls,
  throttled,
};
console.log(JSON.stringify(report));
