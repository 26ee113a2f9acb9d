import type { Seed } from '../../schemas/seed.ts';
import type { StudentScript } from '../../schemas/student-script.ts';
import { randomFrom, type Random } from '../identity/random.ts';
import { createCalendar } from './calendar.ts';
import { createDeck, type Deck } from './deck.ts';
import { prepareScript, type PreparedGenre } from './prepare-script.ts';
import { placeName, prepareSeed } from './prepare-seed.ts';
import { capitalise, renderTemplate, withStop, type Template } from './template.ts';

/** What a student pastes over one dialogue: one stream of dated documents, cut into pastes. */
export interface Material {
  /**
   * The next paste, about `chars` characters long: it ends with the sentence in which the length asked for so far is
   * reached, and what it is too long is taken off the next one. Starts with a new document. Costs O(chars).
   */
  paste(chars: number): string;
  /** A paste of at least `chars` characters, whatever was too long before. */
  pasteAtLeast(chars: number): string;
}

export interface MaterialOptions {
  seed: Seed;
  script: StudentScript;
  /** Same key, same text. Without the variant in it, so that `prefill` pastes the text of `grow`. */
  key: string;
}

/** Tries for a sentence that was not pasted before in this dialogue. */
const MOST_TRIES = 6;

/**
 * Material out of the script's templates and the seed's setting: journal pages, minutes, mails, chats, drafts. Dates go
 * forward, a document keeps to a few matters and people, and a sentence is not said twice as long as the templates
 * allow it.
 */
export function createMaterial(options: MaterialOptions): Material {
  const { leads, genres, pools, lists } = prepareScript(options.script).material;
  const random = randomFrom(`${options.key}|material`);
  const world = createWorld(options, random, lists);
  const genreDeck = createGenreDeck(genresFor(options.seed, genres), random);
  const leadDeck = createDeck(leads, random);
  const poolDecks = new Map<string, Deck<Template>>();
  const seen = new Set<number>();
  let owed = 0;

  const heads = new Map<string, Deck<Template>>();
  const headDeck = (genre: PreparedGenre): Deck<Template> => {
    const deck = heads.get(genre.name) ?? createDeck(genre.heads, random);
    heads.set(genre.name, deck);
    return deck;
  };
  const fromDeck = (name: string): Deck<Template> => {
    let deck = poolDecks.get(name);
    if (deck === undefined) {
      deck = createDeck(pools.get(name) ?? [], random);
      poolDecks.set(name, deck);
    }
    return deck;
  };
  const sentence = (pool: string): string => {
    let text = '';
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      text = capitalise(renderTemplate(fromDeck(pool).deal() ?? [], random, world.fill));
      const print = fingerprint(text);
      if (!seen.has(print)) {
        seen.add(print);
        break;
      }
    }
    return withStop(text);
  };
  const line = (deck: Deck<Template>): string =>
    capitalise(renderTemplate(deck.deal() ?? [], random, world.fill));

  /** Adds one document to the page, stopping with the sentence that reaches `enough`. */
  const write = (page: Page, genre: PreparedGenre, enough: number): void => {
    world.nextDocument();
    world.nextMatter();
    page.add(`${line(headDeck(genre))}\n`);
    const rounds = between(genre.rounds, random);
    for (let round = 0; round < rounds; round += 1) {
      if (round > 0) world.nextMatter();
      for (const [index, part] of genre.round.entries()) {
        const times = between(part.times, random);
        for (let time = 0; time < times; time += 1) {
          const isFirst = round === 0 && index === 0 && time === 0;
          if (part.matter === 'new' && !isFirst) world.nextMatter();
          if (part.join === 'paragraph') world.nextParagraph();
          if (!isFirst) page.add(BREAK[part.join]);
          page.add(sentence(part.pool));
          if (page.length >= enough) return;
        }
      }
    }
    if (genre.tail !== null) page.add(`\n${sentence(genre.tail)}`);
  };
  const pages = (enough: number): string => {
    const page = createPage();
    page.add(`${line(leadDeck)}\n\n`);
    write(page, genreDeck(), enough);
    while (page.length < enough) {
      page.add('\n\n');
      write(page, genreDeck(), enough);
    }
    return page.text();
  };
  return {
    paste(chars) {
      owed += chars;
      if (owed <= 0) return '';
      const text = pages(owed);
      owed -= text.length;
      return text;
    },
    pasteAtLeast: pages,
  };
}

/** A text under way: pieces joined once at the end. */
interface Page {
  readonly length: number;
  add(piece: string): void;
  text(): string;
}

function createPage(): Page {
  const pieces: string[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(piece) {
      pieces.push(piece);
      length += piece.length;
    },
    text: () => pieces.join(''),
  };
}

const BREAK = { space: ' ', line: '\n', paragraph: '\n\n' } as const;

/** Genres whose `needs` the seed's domain or place meets. */
function genresFor(seed: Seed, genres: readonly PreparedGenre[]): readonly PreparedGenre[] {
  const words = `${seed.domain} ${seed.setting.place}`.toLowerCase().split(/[^\p{L}]+/u);
  return genres.filter(
    (genre) =>
      genre.needs.length === 0 || genre.needs.some((need) => words.some((word) => word.startsWith(need))),
  );
}

/** Draws genres by share, never the same twice running while there are others. */
function createGenreDeck(genres: readonly PreparedGenre[], random: Random): () => PreparedGenre {
  let last: PreparedGenre | null = null;
  return () => {
    const choice = genres.length > 1 ? genres.filter((genre) => genre !== last) : genres;
    let draw = random() * choice.reduce((sum, genre) => sum + genre.share, 0);
    const drawn = choice.find((genre) => (draw -= genre.share) < 0) ?? choice.at(-1);
    if (drawn === undefined) throw new Error('material: expected a genre that fits every seed');
    last = drawn;
    return drawn;
  };
}

interface World {
  fill(slot: string): string;
  /** A new document: another day, author and circle. */
  nextDocument(): void;
  /** A new matter within the document. */
  nextMatter(): void;
  /** A new paragraph: the matter is named in full again. */
  nextParagraph(): void;
}

/** The names, matters and days that stand for the slots at this moment. */
function createWorld(
  options: MaterialOptions,
  random: Random,
  lists: ReadonlyMap<string, readonly Template[]>,
): World {
  const { seed, script } = options;
  const { people, topics, facts } = prepareSeed(seed);
  const calendar = createCalendar(script.material, random);
  const matters = createDeck(
    topics.told.map((_, index) => index),
    random,
  );
  const circle = createDeck(
    people.short.map((_, index) => index),
    random,
  );
  const records = createDeck(facts.told, random);
  const plainFacts = createDeck(facts.plain, random);
  const items = createDeck(
    seed.salient_items.map((item) => item.text),
    random,
  );
  let matter = 0;
  let isNamed = false;
  let who: number[] = [];
  const person = (place: number) => people.short[who[place % who.length] ?? 0] ?? '';

  /** The matter in full where the paragraph has not named it yet, else a word that points back to it. */
  const named = (wordings: readonly string[]): string => {
    if (isNamed) return fill('again');
    isNamed = true;
    return wordings[matter] ?? '';
  };
  const fill = (slot: string): string => {
    switch (slot) {
      case 'topic':
        return named(topics.own);
      case 'matter':
        return named(topics.told);
      case 'topic_full':
        isNamed = true;
        return topics.own[matter] ?? '';
      case 'matter_full':
        isNamed = true;
        return topics.told[matter] ?? '';
      case 'person':
        return person(0);
      case 'person2':
        return person(1);
      case 'person3':
        return person(2);
      case 'person_full':
        return people.full[who[0] ?? 0] ?? '';
      case 'everybody':
        return who.map((index) => people.short[index] ?? '').join(', ');
      case 'place':
        return placeName(seed);
      case 'fact':
        return plainFacts.deal() ?? '';
      case 'record':
        return records.deal() ?? '';
      case 'item':
        return items.deal() ?? '';
      case 'me':
        return seed.student_name;
      case 'date':
        return calendar.date();
      case 'day':
        return calendar.weekday();
      case 'time':
        return calendar.nextTime();
      case 'n':
        return String(2 + Math.floor(random() * 8));
      case 'n2':
        return String(11 + Math.floor(random() * 49));
      default: {
        const list = lists.get(slot) ?? [];
        return renderTemplate(list[Math.floor(random() * list.length)] ?? [], random, fill);
      }
    }
  };
  return {
    fill,
    nextDocument() {
      calendar.nextDocument();
      who = [];
      for (let count = Math.min(3, people.short.length); count > 0; count -= 1)
        who.push(circle.deal((index) => !who.includes(index)) ?? 0);
    },
    nextMatter() {
      matter = matters.deal() ?? 0;
      isNamed = false;
      // Another of the circle comes to the fore.
      who.push(who.shift() ?? 0);
    },
    nextParagraph() {
      isNamed = false;
    },
  };
}

function between([least, most]: readonly [number, number], random: Random): number {
  return least + Math.floor(random() * (most - least + 1));
}

// Bound once: the loop below runs for every pasted character.
const { imul } = Math;

/** FNV-1a over UTF-16 units, 32 bits: enough to notice a repeated sentence among some thousand. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
