import type { Random } from '../../core/identity/random.ts';
import { Agenda } from './agenda.ts';
import { TokenBucket } from './token-bucket.ts';

/** A model call as its quota sees it. */
export interface Call {
  /** Model whose quota it takes from. */
  model: string;
  /** Tokens reserved when it begins. */
  reserved: number;
  /** Tokens that count when it has ended. */
  counted: number;
}

/** A Fargate task: its calls, one after the other. */
export interface Task {
  calls: number;
  call: (index: number) => Call;
}

/** Seconds, lognormal: the median and the value that one in ten exceeds. */
export interface Seconds {
  median: number;
  p90: number;
}

export interface MapLoad {
  tasks: readonly Task[];
  /** MaxConcurrency of the Map. */
  concurrency: number;
  start: Seconds;
  call: Seconds;
  /** Tokens a minute by model; a model without one is not limited. */
  quotas: ReadonlyMap<string, number>;
}

export interface MapOutcome {
  wall_s: number;
  /** Sum over tasks from their start to their end. */
  task_s: number;
  /** The part of it that calls waited for their quota. */
  waited_s: number;
  calls: number;
  /** Waiting by model, largest first. */
  waits: { model: string; waited_s: number }[];
}

/** Tasks that Fargate starts a second, sustained (AWS: 20/s for Spot and for on-demand, each). */
const LAUNCHES_PER_S = 20;
/** Standard normal quantile of .9. */
const Z90 = 1.2816;

/**
 * A Map state over tasks as a discrete-event simulation: so many tasks at once, each started by Fargate and making its calls
 * in turn, each call waiting until its model's quota has room. Callers are taken as well-behaved: they wait their turn at the
 * quota, where a real week loses some time to 429s and their waits (measured: 15% at most, bench latency-bound).
 */
export function playMap(load: MapLoad, random: Random): MapOutcome {
  const agenda = new Agenda();
  const buckets = new Map([...load.quotas].map(([model, tpm]) => [model, new TokenBucket(tpm)]));
  const waits = new Map<string, number>();
  const outcome = { task_s: 0, waited_s: 0, calls: 0 };
  let nextTask = 0;
  let launchAtS = 0;

  const wake = (bucket: TokenBucket) => {
    const { wakeAtS } = bucket;
    if (wakeAtS === null) return;
    agenda.plan(wakeAtS, (atS) => {
      // An earlier look may have been planned since, or served.
      if (bucket.wakeAtS !== wakeAtS) return;
      bucket.serve(atS);
      wake(bucket);
    });
  };

  const launch = (atS: number) => {
    const task = load.tasks[nextTask];
    if (task === undefined) return;
    nextTask += 1;
    launchAtS = Math.max(launchAtS + 1 / LAUNCHES_PER_S, atS);
    const launchedS = launchAtS;
    agenda.plan(launchedS + drawn(load.start, random), (startedS) => step(task, 0, launchedS, startedS));
  };

  const step = (task: Task, index: number, launchedS: number, atS: number): void => {
    if (index === task.calls) {
      outcome.task_s += atS - launchedS;
      launch(atS);
      return;
    }
    const call = task.call(index);
    outcome.calls += 1;
    const go = (goS: number) => {
      outcome.waited_s += goS - atS;
      waits.set(call.model, (waits.get(call.model) ?? 0) + goS - atS);
      agenda.plan(goS + drawn(load.call, random), (endS) => {
        if (bucket !== undefined) {
          bucket.give(call.reserved - call.counted, endS);
          wake(bucket);
        }
        step(task, index + 1, launchedS, endS);
      });
    };
    const bucket = buckets.get(call.model);
    if (bucket === undefined) return go(atS);
    bucket.take(call.reserved, atS, go);
    wake(bucket);
  };

  for (let slot = 0; slot < Math.min(load.concurrency, load.tasks.length); slot += 1) launch(0);
  return {
    wall_s: agenda.play(),
    ...outcome,
    waits: [...waits]
      .map(([model, waited_s]) => ({ model, waited_s }))
      .filter(({ waited_s }) => waited_s > 0)
      .sort((a, b) => b.waited_s - a.waited_s),
  };
}

/** A lognormal draw (Box–Muller). */
function drawn({ median, p90 }: Seconds, random: Random): number {
  if (median === 0) return 0;
  const sigma = Math.log(p90 / median) / Z90;
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(sigma * normal);
}
