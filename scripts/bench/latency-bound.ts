import { join } from 'node:path';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { Bench } from './bench.ts';
import { measureProcess } from './measure-process.ts';
import { shortTurns, writeOverlay, type Changes } from './overlay.ts';
import { processPath, root } from './processes.ts';
import type { LatencyReport, LatencyRequest } from './processes/latency.ts';

const CONCURRENCY = 20;
/** A sixth of the shipped tutors' 900 ms: the whole of 7,200 calls in a minute. */
const TUTOR_MS = { median: 150, sigma: 0.4 };
const JUDGE_MS = { median: 1, sigma: 0 };
/** What the provider takes, of the calls that 20 dialogues at once would make: 3 in 10 are refused. */
const TAKEN_FRAC = 0.7;
/** Mean of a lognormal over its median, at sigma 0.4. */
const MEAN_OVER_MEDIAN = Math.exp(0.4 ** 2 / 2);
/** A model on a network as shipped. */
const STORM_TUTOR_MS = { median: 900, sigma: 0.4 };

/** Waiting on models: 7,200 calls in real time against the least time possible, and a provider that refuses 30% of them. */
export const latencyBoundBench: Bench = {
  name: 'latency-bound',
  async run({ folder, log }) {
    const calm = await measured(folder, 'calm', null, TUTOR_MS, (weekly) => shortTurns(weekly, 4));
    const sum = calm.dialogues_ms.reduce((a, b) => a + b, 0);
    const bound = Math.max(sum / CONCURRENCY, ...calm.dialogues_ms);

    const perS = (CONCURRENCY / (STORM_TUTOR_MS.median * MEAN_OVER_MEDIAN)) * 1000 * TAKEN_FRAC;
    const storm = await measured(folder, 'storm', perS, STORM_TUTOR_MS, (weekly) => ({
      ...shortTurns(weekly, 8),
      models: ['steadfast'],
      turns: 12,
    }));
    log(`storm: ${storm.throttled} of ${storm.calls + storm.throttled} calls refused`);
    return [
      {
        what: `${calm.calls} calls at concurrency ${CONCURRENCY}: makespan against the least possible`,
        measured: calm.makespan_ms / bound,
        unit: '×',
        at_most: 1.05,
      },
      {
        what: 'throttling storm: makespan against the rate the provider sustains',
        measured: storm.makespan_ms / ((storm.calls / perS) * 1000),
        unit: '×',
        at_most: 1.15,
      },
    ];
  },
};

async function measured(
  folder: string,
  name: string,
  calls_per_s: number | null,
  tutor_ms: typeof TUTOR_MS,
  profile: (shipped: Parameters<Changes['profiles']>[0]) => ReturnType<typeof shortTurns>,
): Promise<LatencyReport> {
  const config = writeOverlay(join(folder, `config-${name}`), {
    profiles: (shipped) => ({
      waiting: { ...profile(shipped), concurrency: { runs: CONCURRENCY, judges: CONCURRENCY } },
    }),
    models: (shipped) => ({
      ...shipped,
      models: shipped.models.map((model) => withLatency(model, tutor_ms)),
    }),
  });
  const request: LatencyRequest = {
    profile: 'waiting',
    config: [join(root, 'config'), config],
    lake: join(folder, `lake-${name}`),
    calls_per_s,
  };
  const { stdout } = await measureProcess([await processPath('latency'), JSON.stringify(request)]);
  return JSON.parse(stdout) as LatencyReport;
}

function withLatency(model: ModelConfig, tutor_ms: typeof TUTOR_MS): ModelConfig {
  if (model.simulated === undefined) return model;
  const latency_ms = model.simulated.kind === 'tutor' ? tutor_ms : JUDGE_MS;
  return { ...model, simulated: { ...model.simulated, latency_ms } };
}
