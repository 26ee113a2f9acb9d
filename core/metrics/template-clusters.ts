import { findCopiedWords } from './csd/copied-words.ts';
import { MAX_VOCABULARY } from './csd/parameters.ts';
import { skeletonOf } from './csd/skeleton.ts';
import { readMessage, readReplyText, shinglesOf } from './csd/text.ts';

/** Replies of many runs that are one template filled anew. */
export interface TemplateCluster {
  /** The first reply of the cluster with the student's words replaced by `…`. */
  template: string;
  n_turns: number;
  n_runs: number;
  /** Where the first one stands. */
  example: { run_id: string; turn_index: number };
}

export interface TemplateClusterer {
  /** Adds one tutor turn; its run's turns in a row. O(words), whatever came before. */
  add(turn: { run_id: string; turn_index: number; said: string; tutor_text: string }): void;
  /** Clusters of at least `min_turns` turns, largest first (ties: first seen first). */
  clusters(min_turns: number): TemplateCluster[];
  /** Share of the turns added so far that lie in clusters of at least `min_turns`, 0–1; null before the first turn. */
  templateFrac(min_turns: number): number | null;
  /** Clusters held now; bounded. */
  readonly size: number;
}

interface Cluster extends TemplateCluster {
  signature: Uint32Array;
  last_run: string;
  bands: readonly string[];
}

/**
 * MinHash (Broder 1997) with banding (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4): 18 minima in 6 bands
 * of 3 propose a cluster at Jaccard .8 with probability .99, at .6 with .77 and at .3 with .15; a proposal is taken from an
 * estimated Jaccard of .6 on.
 */
const MINIMA = 18;
const BAND_ROWS = 3;
const SAME_TEMPLATE = 0.6;
/** Clusters held at most; when full, the oldest of a single turn is forgotten. */
const MAX_CLUSTERS = 10_000;

/**
 * Groups tutor turns of many runs by template. What a reply takes from the student's words is a slot, so that one stem
 * filled from different scenarios falls together. Deterministic in the order of `add`; linear in the text; memory bounded.
 */
export function createTemplateClusterer(): TemplateClusterer {
  const clusters = new Set<Cluster>();
  const byBand = new Map<string, Cluster>();
  const singles = new Set<Cluster>();
  /** Content stems that the student of the run under way has used. */
  const heard = new Set<string>();
  let run: string | null = null;
  let turns = 0;

  const forgetOldestSingle = (): void => {
    const oldest = singles.values().next();
    if (oldest.done) return;
    singles.delete(oldest.value);
    clusters.delete(oldest.value);
    for (const band of oldest.value.bands) if (byBand.get(band) === oldest.value) byBand.delete(band);
  };

  return {
    add({ run_id, turn_index, said, tutor_text }) {
      turns += 1;
      if (run_id !== run) heard.clear();
      run = run_id;
      const message = readMessage(said);
      if (heard.size < MAX_VOCABULARY) for (const stem of message.content) heard.add(stem);
      const reply = readReplyText(tutor_text);
      if (reply.words.length === 0) return;
      const skeleton = skeletonOf(reply, findCopiedWords(message, reply).in_reply, (stem) => heard.has(stem));
      const signature = minimaOf(shinglesOf(skeleton.hashes));
      const bands = bandsOf(signature);
      const home = bands
        .map((band) => byBand.get(band))
        .find((cluster) => cluster !== undefined && agreement(cluster.signature, signature) >= SAME_TEMPLATE);
      if (home !== undefined) {
        home.n_turns += 1;
        if (home.last_run !== run_id) {
          home.n_runs += 1;
          home.last_run = run_id;
        }
        singles.delete(home);
        return;
      }
      if (clusters.size >= MAX_CLUSTERS) forgetOldestSingle();
      if (clusters.size >= MAX_CLUSTERS) return;
      const cluster: Cluster = {
        template: skeleton.words.join(' '),
        n_turns: 1,
        n_runs: 1,
        example: { run_id, turn_index },
        signature,
        last_run: run_id,
        bands,
      };
      clusters.add(cluster);
      singles.add(cluster);
      for (const band of bands) if (!byBand.has(band)) byBand.set(band, cluster);
    },
    clusters: (min_turns) =>
      [...clusters]
        .filter(({ n_turns }) => n_turns >= min_turns)
        .sort((a, b) => b.n_turns - a.n_turns)
        .map(({ template, n_turns, n_runs, example }) => ({ template, n_turns, n_runs, example })),
    templateFrac(min_turns) {
      if (turns === 0) return null;
      let inClusters = 0;
      for (const { n_turns } of clusters) if (n_turns >= min_turns) inClusters += n_turns;
      return inClusters / turns;
    },
    get size() {
      return clusters.size;
    },
  };
}

const { imul } = Math;

/** Odd multipliers and offsets of the hash family, from a linear congruence (Numerical Recipes' constants). */
const [FACTORS, OFFSETS] = (() => {
  let state = 1;
  const next = (): number => (state = (imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  const factors = Uint32Array.from({ length: MINIMA }, () => next() | 1);
  return [factors, Uint32Array.from({ length: MINIMA }, next)];
})();

function minimaOf(shingles: readonly number[]): Uint32Array {
  const minima = new Uint32Array(MINIMA).fill(0xffffffff);
  for (const shingle of shingles) {
    for (let index = 0; index < MINIMA; index += 1) {
      let hash = (imul(shingle, FACTORS[index] as number) + (OFFSETS[index] as number)) | 0;
      // Multiplication alone leaves the low bits of neighbours alike.
      hash = imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
      hash = (hash ^ (hash >>> 13)) >>> 0;
      if (hash < (minima[index] as number)) minima[index] = hash;
    }
  }
  return minima;
}

function bandsOf(signature: Uint32Array): string[] {
  const bands: string[] = [];
  for (let start = 0; start < MINIMA; start += BAND_ROWS) {
    bands.push(`${start}:${signature.subarray(start, start + BAND_ROWS).join('.')}`);
  }
  return bands;
}

function agreement(a: Uint32Array, b: Uint32Array): number {
  let same = 0;
  for (let index = 0; index < MINIMA; index += 1) if (a[index] === b[index]) same += 1;
  return same / MINIMA;
}
