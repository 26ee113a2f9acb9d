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
  const facts = setting.facts.map(withoutStop);
  const plain = facts.filter((fact) => !speaksOfSomebody(fact, seed.student_name));
  const told = setting.topics.map(withoutStop);
  const own = told.map((topic) => inFirstPerson(topic, seed.student_name));
  const result: PreparedSeed = {
    seed,
    items: seed.salient_items.map((item) => ({ item, isMentioned: mentionsAny(item.terms) })),
    vocabulary: vocabularyOf(seed),
    protectedWords: protectedWordsOf(seed),
    people: { full: others, short: others.map(shortName) },
    topics: { told, own },
    facts: { told: facts, plain: plain.length === 0 ? facts : plain },
  };
  prepared.set(seed, result);
  return result;
}

const TITLES =
  /^(?:dr|mr|mrs|ms|miss|prof|professor|sir|coach|aunt|auntie|uncle|sister|brother|father|captain)\.?$/iu;

/** How a person is called in passing: "Tomas Wieland" → "Tomas", "Dr Hruby" stays, "Katka from the print shop" → "Katka". */
export function shortName(person: string): string {
  const name = (person.split(/[,(]/)[0] ?? person).trim();
  const [first = name, second] = name.split(/\s+/);
  if (TITLES.test(first) && second !== undefined) return `${first} ${second}`;
  // "my sister Ana", "the caretaker": a description, not a name.
  return first[0] === first[0]?.toLowerCase() ? name : first;
}

/** The place without its explanation: "Harbourline, a logistics company" → "Harbourline". */
export function placeName(seed: Seed): string {
  return seed.setting.place.split(',')[0]?.trim() ?? seed.setting.place;
}

function speaksOfSomebody(fact: string, name: string): boolean {
  return fact.includes(name) || /\b(?:he|she|him|her|his|hers|himself|herself)\b/iu.test(fact);
}

/** "the group that Marek left" → "the group that I left"; unchanged where the verb would have to change as well. */
function inFirstPerson(topic: string, name: string): string {
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
