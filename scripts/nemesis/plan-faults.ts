import { randomFrom, type Random } from '../../core/identity/random.ts';
import { CALM, type Weather } from './provider.ts';

/** Where in an execution the program is struck. */
export type Moment =
  | { when: 'calls'; count: number } // so many more calls were answered
  | { when: 'folder'; folder: string }; // the first file of a state's output is there

/** How it is struck. `all`: with everything it started; `parent`: alone, what it started goes on; `child`: one it started. */
export type Blow = { signal: 'SIGKILL' | 'SIGTERM'; whom: 'all' | 'parent' | 'child' };

/** What is done to the lake while nobody works on it. */
export type Damage =
  | 'torn temporary file' // half a file of a process that is dead
  | 'torn checkpoint' // the last one written, cut at some byte as a power cut may
  | 'torn budget row' // half a row at the end of the budget's log
  | 'lost raw file' // a run file that is missing, checkpoints still there
  | 'lost judged file';

export interface Round {
  weather: Weather;
  moment: Moment;
  /** Milliseconds from the moment to the blow. */
  delay_ms: number;
  blow: Blow;
  /** Is the same command started a second time at once? */
  isTwice: boolean;
  damage: Damage | null;
}

export interface FaultPlan {
  seed: number;
  replies: 'steady' | 'sampled';
  isolation: 'inline' | 'process';
  rounds: Round[];
  /** Weather of the last start, which nobody strikes. */
  lastWeather: Weather;
  /** Is the finished execution started once more? */
  isRepeated: boolean;
}

const FOLDERS = [
  'manifests',
  'checkpoints',
  'raw',
  'map-runs',
  'judged',
  'calibration/results',
  'scores',
  'curated',
  'ledger',
  'alerts',
];
const DAMAGES: Damage[] = [
  'torn temporary file',
  'torn checkpoint',
  'torn budget row',
  'lost raw file',
  'lost judged file',
];
/** One start in a process of its own costs as much as five inline. */
const APART_EVERY = 6;
/** A run with sampled replies needs a clean run of its own to be compared with. */
const SAMPLED_EVERY = 3;

/** The faults of a seed: the same seed, the same plan. */
export function planFaults(seed: number): FaultPlan {
  const random = randomFrom(`nemesis:${seed}`);
  const isolation = seed % APART_EVERY === 0 ? 'process' : 'inline';
  const rounds = Array.from({ length: 1 + below(random, 2) }, () => round(random, isolation));
  return {
    seed,
    replies: seed % SAMPLED_EVERY === 1 ? 'sampled' : 'steady',
    isolation,
    rounds,
    lastWeather: weather(random),
    isRepeated: random() < 0.3,
  };
}

function round(random: Random, isolation: FaultPlan['isolation']): Round {
  const moment: Moment =
    random() < 0.6
      ? { when: 'calls', count: 1 + below(random, 12) }
      : { when: 'folder', folder: FOLDERS[below(random, FOLDERS.length)]! };
  const signal = random() < 0.7 ? 'SIGKILL' : 'SIGTERM';
  const whom = isolation === 'inline' ? 'all' : (['all', 'parent', 'child'] as const)[below(random, 3)]!;
  return {
    weather: weather(random),
    moment,
    delay_ms: below(random, 12),
    blow: { signal, whom },
    isTwice: random() < 0.12,
    damage: random() < 0.5 ? DAMAGES[below(random, DAMAGES.length)]! : null,
  };
}

/** One day in four is calm; the others have a mix, a storm of 429s, or a hung socket. */
function weather(random: Random): Weather {
  const kind = random();
  if (kind < 0.25) return CALM;
  if (kind < 0.6) return { ...CALM, throttled: 0.15, unavailable: 0.1, reset: 0.05, half: 0.03, hung: 0 };
  if (kind < 0.75) return { ...CALM, throttled: 0.5 + 0.4 * random() };
  if (kind < 0.9) return { ...CALM, calls_per_s: 40 + 60 * random() };
  return { ...CALM, hung: 0.04, unavailable: 0.05 };
}

function below(random: Random, n: number): number {
  return Math.floor(random() * n);
}
