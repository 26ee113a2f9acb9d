import type { Seed } from '../../../schemas/seed.ts';
import { nounStemsOf } from './noun-stems.ts';
import {
  FOUND_ITEM_WEIGHT,
  MAX_FOUND_ITEMS,
  MAX_FOUND_PER_MESSAGE,
  SALIENCE_HALVING_TURNS,
} from './parameters.ts';
import type { RunningIdf } from './running-idf.ts';
import { createTermIndex } from './term-index.ts';
import type { SentenceReading, TextReading } from './text.ts';

/** A point the student has raised, as it stands at one turn. */
export interface SalientPoint {
  id: string;
  /** Above 0: base weight × (1 + ln mentions) × ½^(age ÷ halving turns). */
  weight: number;
  first_turn: number;
}

/** The points that matter to the student (entities, claims, goals), raised so far. Holds the seed's items and a bounded number of found ones. */
export interface SalienceMap {
  /** Notes what a message raises or repeats. `unwelcome` stems (decoys) are never taken for points. O(message). */
  hear(
    said: TextReading,
    turn: number,
    idf: RunningIdf,
    source: 'own_words' | 'scheduled_words',
    unwelcome: ReadonlySet<string>,
  ): void;
  /** Points raised so far, heaviest first. */
  points(turn: number): SalientPoint[];
  /** Ids of known points that sentences name. O(words). */
  namedIn(sentences: readonly SentenceReading[]): Set<string>;
  /** Is the stem a word of a known point? */
  holds(stem: string): boolean;
  readonly size: number;
}

interface Entry {
  base: number;
  mentions: number;
  first_turn: number;
  last_turn: number;
}

/** Ids of found points carry this mark, which no seed's slug can. */
const FOUND = '~';

export function createSalienceMap(seed: Seed | null): SalienceMap {
  const items = seed?.salient_items ?? [];
  const itemWeight = new Map(items.map(({ item_id, weight }) => [item_id, weight]));
  const index = createTermIndex(items.map(({ item_id, terms }) => ({ id: item_id, terms })));
  const foundWeight = seed === null ? FOUND_ITEM_WEIGHT.without_seed : FOUND_ITEM_WEIGHT.with_seed;
  const entries = new Map<string, Entry>();
  let found = 0;

  const weigh = (entry: Entry, turn: number): number =>
    entry.base * (1 + Math.log(entry.mentions)) * 0.5 ** ((turn - entry.last_turn) / SALIENCE_HALVING_TURNS);
  const mention = (id: string, base: number, turn: number): void => {
    const entry = entries.get(id);
    if (entry === undefined) entries.set(id, { base, mentions: 1, first_turn: turn, last_turn: turn });
    else {
      entry.mentions += 1;
      entry.last_turn = turn;
    }
  };
  const forgetLightest = (turn: number): void => {
    let lightest: string | null = null;
    let least = Infinity;
    for (const [id, entry] of entries) {
      if (!id.startsWith(FOUND)) continue;
      const weight = weigh(entry, turn);
      if (weight < least) [lightest, least] = [id, weight];
    }
    if (lightest !== null) entries.delete(lightest);
    found -= 1;
  };

  return {
    hear(said, turn, idf, source, unwelcome) {
      for (const id of index.find(said.words)) mention(id, itemWeight.get(id) as number, turn);
      for (const stem of said.content)
        if (entries.has(FOUND + stem)) mention(FOUND + stem, foundWeight, turn);
      if (source === 'scheduled_words') return;
      const fresh = [...nounStemsOf(said)]
        .filter((stem) => !entries.has(FOUND + stem) && !index.holds(stem) && !unwelcome.has(stem))
        .map((stem) => ({ stem, idf: idf.idf(stem) }))
        .sort((a, b) => b.idf - a.idf)
        .slice(0, MAX_FOUND_PER_MESSAGE);
      for (const { stem } of fresh) {
        mention(FOUND + stem, foundWeight, turn);
        found += 1;
        if (found > MAX_FOUND_ITEMS) forgetLightest(turn);
      }
    },
    points(turn) {
      const points: SalientPoint[] = [];
      for (const [id, entry] of entries) {
        points.push({ id, weight: weigh(entry, turn), first_turn: entry.first_turn });
      }
      return points.sort((a, b) => b.weight - a.weight);
    },
    namedIn(sentences) {
      const named = new Set<string>();
      for (const { words } of sentences) {
        for (const id of index.find(words)) if (entries.has(id)) named.add(id);
        for (const { stem, is_content } of words)
          if (is_content && entries.has(FOUND + stem)) named.add(FOUND + stem);
      }
      return named;
    },
    holds: (stem) => index.holds(stem) || entries.has(FOUND + stem),
    get size() {
      return entries.size;
    },
  };
}
