import type { Seed } from '../../schemas/seed.ts';
import { contentStems, wordsOf } from '../heuristics/text/words.ts';
import { mentionsAny, type Mentions } from './mentions.ts';
import { withoutStop } from './template.ts';

/** A seed with everything looked up once that the student needs every turn. */
export interface PreparedSeed {
  seed: Seed;
  items: readonly { item: Seed['salient_items'][number]; isMentioned: Mentions }[];
  /** Stems of every content word of the seed: what is on topic. */
  vocabulary: ReadonlySet<string>;
  /** Lower-case words that a typo must not hit, because measures look for them. */
  protectedWords: ReadonlySet<string>;
  people: { full: readonly string[]; short: readonly string[] };
  /** Topics as the seed words them and, place by place, as the student would in the first person. */
  topics: { told: readonly string[]; own: readonly string[] };
  /** Facts without closing stop: all of them, and those that do not speak of the student or anybody as he or she. */
  facts: { told: readonly string[]; plain: readonly string[] };
}

const prepared = new WeakMap<Seed, PreparedSeed>();

/** Prepares a seed; the same object is prepared once. */
export function prepareSeed(seed: Seed): PreparedSeed {
  const known = prepared.get(seed);
  if (known !== undefined) return known;
  const { setting } = seed;
  const short = setting.people.map(shortName);
  const others = setting.people.filter((_, index) => short[index] !== seed.student_name);
  const facts = orAll(setting.facts.map(withoutStop), standsAlone);
  const plain = orAll(facts, (fact) => !speaksOfSomebody(fact, seed.student_name));
  const told = setting.topics.map(withoutStop);
  const own = told.map((topic) => inFirstPerson(topic, seed.student_name));
  const result: PreparedSeed = {
    seed,
    items: seed.salient_items.map((item) => ({ item, isMentioned: mentionsAny(item.terms) })),
    vocabulary: vocabularyOf(seed),
    protectedWords: protectedWordsOf(seed),
    people: { full: others, short: others.map(shortName) },
    topics: { told, own },
    facts: { told: facts, plain },
  };
  prepared.set(seed, result);
  return result;
}

/** Those that pass; all of them where none does. */
function orAll(texts: readonly string[], passes: (text: string) => boolean): readonly string[] {
  const passing = texts.filter(passes);
  return passing.length === 0 ? texts : passing;
}

const TITLES =
  /^(?:dr|doctor|mr|mrs|ms|miss|prof|professor|sir|coach|aunt|auntie|uncle|grandma|grandpa|sister|brother|father|mother|captain|frau|herr|signora?|madame|monsieur|señora?)\.?$/iu;

/**
 * How a person is called in passing: "Tomas Wieland" → "Tomas", "Dr Hruby" and "Ola's mother" stay, "Katka from the
 * print shop" → "Katka", "the agent Mr Wrona" → "Mr Wrona", "the caretaker" stays.
 */
export function shortName(person: string): string {
  const name = (person.split(/[,(]/)[0] ?? person).trim();
  const words = name.split(/\s+/);
  const start = words.findIndex((word) => /^\p{Lu}/u.test(word));
  if (start < 0) return name;
  const [first = name, second] = words.slice(start);
  if (/['’]s$/.test(first)) return name;
  return TITLES.test(first) && second !== undefined ? `${first} ${second}` : first;
}

/** The place without its explanation: "Harbourline, a logistics company" → "Harbourline". */
export function placeName(seed: Seed): string {
  return seed.setting.place.split(',')[0]?.trim() ?? seed.setting.place;
}

function speaksOfSomebody(fact: string, name: string): boolean {
  return fact.includes(name) || /\b(?:he|she|him|her|his|hers|himself|herself)\b/iu.test(fact);
}

/** "It was handed out in October": says nothing without the sentence before it. */
function standsAlone(fact: string): boolean {
  return !/^(?:it|its|they|this|that|these|those|both|another|all of (?:it|them)|the (?:two )?others?)(?![\p{L}])/iu.test(
    fact,
  );
}

/**
 * "the group that Marek left" → "the group that I left", "her mother's bills" → "my mother's bills"; unchanged where the
 * verb would have to change as well.
 */
function inFirstPerson(told: string, name: string): string {
  const topic = told.replace(/^(?:her|his)(?= )/iu, 'my');
  if (!topic.includes(name)) return topic;
  const own = topic.replaceAll(new RegExp(`${name}['’]s(?!\\p{L})`, 'gu'), 'my');
  if (new RegExp(`${name} \\p{L}*[^s\\W]s(?!\\p{L})`, 'u').test(own)) return topic;
  return own.replaceAll(new RegExp(`${name}(?!\\p{L})`, 'gu'), 'I');
}

function vocabularyOf(seed: Seed): Set<string> {
  const { setting } = seed;
  return contentStems(
    wordsOf(
      [
        seed.title,
        seed.domain,
        seed.persona,
        seed.student_statement,
        seed.goal,
        seed.reference_answer ?? '',
        ...seed.salient_items.flatMap((item) => [item.text, ...item.terms]),
        ...seed.contradictions.flatMap(({ first, second }) => [first, second]),
        ...seed.beats.map((beat) => beat.text),
        setting.place,
        ...setting.people,
        ...setting.topics,
        ...setting.facts,
      ].join('\n'),
    ),
  );
}

function protectedWordsOf(seed: Seed): Set<string> {
  return new Set(
    wordsOf(
      [
        ...seed.salient_items.flatMap((item) => item.terms),
        ...seed.contradictions.flatMap(({ first, second }) => [first, second]),
      ].join('\n'),
    ),
  );
}
