import {
  MIN_LITERAL_CHARS,
  SLOTS,
  type Occasion,
  type PhraseBank,
  type PhraseGroup,
  type PhraseKind,
  type Slot,
} from '../../../schemas/phrase-bank.ts';
import { stripMarks } from '../../../core/judging/fence.ts';
import { withoutInjection } from '../../../core/judging/injection.ts';
import { hashText } from './hash-text.ts';
import type { Fills } from './fill-slots.ts';

/** One phrase of the bank with the group that states its truth. */
export interface Phrase {
  /** `<group_id>-<NN>`, its place in the group. */
  id: string;
  group: PhraseGroup;
  slots: readonly Slot[];
  /** Its slots, each once, sorted and joined by "+": `focus+item`. */
  shape: string;
  /** First two words, by which two phrases begin alike. */
  opening: string;
  /** Hash of the id. */
  hash: number;
  /** The words spoken, or null when a slot of the phrase has no fill. */
  speak(fills: Fills): string | null;
}

/** A reply recognised: the phrase and what filled its slots. */
export interface Recognised {
  phrase: Phrase;
  fills: Partial<Record<Slot, string>>;
}

/** The bank, ready to speak and to be looked up in. */
export interface CompiledBank {
  bank: PhraseBank;
  phrases: readonly Phrase[];
  /** Phrases of a kind for an occasion, all or those of a shape; empty when there are none. */
  of(kind: PhraseKind, occasion: Occasion, shape?: string): readonly Phrase[];
  group(group_id: string): PhraseGroup | undefined;
  /** The phrase that a reply fills, or null when it is none of the bank's. O(length of the reply). */
  find(reply: string): Recognised | null;
}

/** One way in which a phrase is met: literals around slots. */
interface Form {
  phrase: Phrase;
  literals: readonly string[];
  slots: readonly Slot[];
  literalChars: number;
}

const SLOT = new RegExp(`\\{(${SLOTS.join('|')})\\}`, 'g');
const compiled = new WeakMap<PhraseBank, CompiledBank>();

/** Compiles a bank once; the same bank gives the same object. */
export function compileBank(bank: PhraseBank): CompiledBank {
  const known = compiled.get(bank);
  if (known !== undefined) return known;
  const phrases: Phrase[] = [];
  const spokenForms: Form[] = [];
  const injectors: { phrase: Phrase; pattern: string }[] = [];
  const byUse = new Map<string, Phrase[]>();
  for (const group of bank.groups) {
    const use = `${group.kind}/${group.occasion}`;
    for (const [at, pattern] of group.patterns.entries()) {
      const phrase = phraseOf(group, pattern, `${group.group_id}-${String(at + 1).padStart(2, '0')}`);
      phrases.push(phrase);
      append(byUse, use, phrase);
      append(byUse, `${use}/${phrase.shape}`, phrase);
      spokenForms.push(formOf(phrase, pattern));
      if (group.kind === 'injector') injectors.push({ phrase, pattern });
    }
  }
  const groups = new Map(bank.groups.map((group) => [group.group_id, group]));
  const spoken = indexOf(spokenForms);
  /** Made when first needed: compiling what finds injections takes 0.4 s. */
  let judged: ReturnType<typeof indexOf> | null = null;
  const result: CompiledBank = {
    bank,
    phrases,
    of: (kind, occasion, shape) =>
      byUse.get(shape === undefined ? `${kind}/${occasion}` : `${kind}/${occasion}/${shape}`) ?? [],
    group: (group_id) => groups.get(group_id),
    find(reply) {
      const text = reply.trim();
      const found = findIn(spoken, text);
      if (found !== null) return found;
      judged ??= indexOf(injectors.map(({ phrase, pattern }) => formOf(phrase, asJudged(pattern))));
      return findIn(judged, text);
    },
  };
  compiled.set(bank, result);
  return result;
}

function phraseOf(group: PhraseGroup, pattern: string, id: string): Phrase {
  const { literals, slots } = split(pattern);
  return {
    id,
    group,
    slots,
    shape: [...new Set(slots)].sort().join('+'),
    opening: pattern.split(/\s+/u, 2).join(' ').toLowerCase(),
    hash: hashText(id),
    speak(fills) {
      let text = literals[0]!;
      for (const [i, slot] of slots.entries()) {
        const fill = fills[slot];
        if (fill === null) return null;
        text += fill + literals[i + 1]!;
      }
      return text;
    },
  };
}

function formOf(phrase: Phrase, text: string): Form {
  const { literals, slots } = split(text);
  return { phrase, literals, slots, literalChars: literals.reduce((sum, { length }) => sum + length, 0) };
}

/** A phrase that addresses the judge as judges read it: without that address. */
function asJudged(pattern: string): string {
  return stripMarks(withoutInjection(pattern), '\u0000');
}

function split(pattern: string): { literals: string[]; slots: Slot[] } {
  const literals: string[] = [];
  const slots: Slot[] = [];
  let from = 0;
  for (const match of pattern.matchAll(SLOT)) {
    literals.push(pattern.slice(from, match.index));
    slots.push(match[1] as Slot);
    from = match.index + match[0].length;
  }
  literals.push(pattern.slice(from));
  return { literals, slots };
}

/** Forms by twelve characters from the middle of their longest literal: any reply of the phrase holds them. */
function indexOf(forms: readonly Form[]): ReadonlyMap<string, readonly Form[]> {
  const index = new Map<string, Form[]>();
  for (const form of forms) {
    const longest = form.literals.reduce((a, b) => (b.length > a.length ? b : a));
    if (longest.length < MIN_LITERAL_CHARS) continue;
    const start = Math.floor((longest.length - MIN_LITERAL_CHARS) / 2);
    const key = longest.slice(start, start + MIN_LITERAL_CHARS);
    append(index, key, form);
  }
  return index;
}

function findIn(index: ReadonlyMap<string, readonly Form[]>, reply: string): Recognised | null {
  let best: { form: Form; fills: Recognised['fills'] } | null = null;
  for (let i = 0; i + MIN_LITERAL_CHARS <= reply.length; i += 1) {
    const forms = index.get(reply.slice(i, i + MIN_LITERAL_CHARS));
    if (forms === undefined) continue;
    for (const form of forms) {
      // The more of a reply is the bank's own words, the surer it is that phrase and not a quotation of it.
      if (best !== null && form.literalChars <= best.form.literalChars) continue;
      const fills = matchForm(form, reply);
      if (fills !== null) best = { form, fills };
    }
  }
  return best === null ? null : { phrase: best.form.phrase, fills: best.fills };
}

/** Literals in order, the first at the start, the last at the end, something in every slot. */
function matchForm({ literals, slots }: Form, reply: string): Recognised['fills'] | null {
  const first = literals[0]!;
  const last = literals.at(-1)!;
  if (slots.length === 0) return reply === first ? {} : null;
  if (!reply.startsWith(first) || !reply.endsWith(last)) return null;
  const end = reply.length - last.length;
  const fills: Recognised['fills'] = {};
  let position = first.length;
  for (const [i, slot] of slots.entries()) {
    const isLast = i === slots.length - 1;
    const next = isLast ? end : reply.indexOf(literals[i + 1]!, position + 1);
    if (next <= position || next > end) return null;
    fills[slot] ??= reply.slice(position, next);
    position = next + (isLast ? 0 : literals[i + 1]!.length);
  }
  return fills;
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
