import { CRITERION_NAMES } from '../../schemas/common.ts';
import { LANGUAGE_PATTERNS } from './injection-languages.ts';
import { PATTERNS, type InjectionPattern } from './injection-patterns.ts';
import { triggerOf } from './injection-trigger.ts';
import { visibleText } from './visible-text.ts';

/**
 * Text in a tutor's reply that addresses the judge. It is flagged, and taken out of what judges read, so that even a
 * gullible judge marks the tutoring alone. Known limits: text in a cipher (base64, reversed), letters spelled apart,
 * hints so indirect that only a person sees them, languages not listed, and an instruction whose halves stand in two
 * turns each harmless by itself. For those the judge's instructions and the secondary judge remain.
 */
export interface Span {
  start: number;
  end: number;
}

/** Removing a span can join the halves of another; after so many rounds the rest is given up. */
const MAX_ROUNDS = 4;
/** How far a sentence is looked for around a match, characters. */
const SENTENCE_REACH = 300;

/** Spans [start, end) of the text that address the judge, merged and in order. Offsets hold for `visibleText(text)`. */
export function injectionSpans(text: string): Span[] {
  return spansOf(visibleText(text));
}

/** Does the text address the judge? */
export function addressesJudge(text: string): boolean {
  return injectionSpans(text).length > 0;
}

/** The text as judges read it: without what addresses them. Text without injection comes back unchanged. */
export function withoutInjection(text: string): string {
  let seen = visibleText(text);
  let spans = spansOf(seen);
  if (spans.length === 0) return text;
  for (let round = 1; spans.length > 0; round += 1) {
    // Nested on purpose: what stands behind the first remnant is not trusted either.
    seen = tidy(round > MAX_ROUNDS ? seen.slice(0, spans[0]!.start) : without(seen, spans));
    spans = spansOf(seen);
  }
  return seen;
}

function tidy(text: string): string {
  return text
    .replaceAll(/[ \t]{2,}/g, ' ')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function spansOf(text: string): Span[] {
  const trigger = triggerOf(text);
  const spans: Span[] = [];
  if (trigger.english) spans.push(...verdictObjects(text), ...matches(PATTERNS, text));
  if (trigger.languages) spans.push(...matches(LANGUAGE_PATTERNS, text));
  return merge(spans);
}

function matches(patterns: readonly InjectionPattern[], text: string): Span[] {
  const spans: Span[] = [];
  for (const { pattern, counts_in_questions } of patterns) {
    for (const match of allMatches(pattern, text)) {
      const start = match.index;
      const end = start + match[0].length;
      if (match[0].trim() === '') continue;
      if (!counts_in_questions && isAskedAbout(text, start, end)) continue;
      spans.push({ start, end });
    }
  }
  return spans;
}

/**
 * Every match of a global pattern, as `matchAll` finds them. That makes a new RegExp a call, which is compiled again
 * whenever the engine has dropped its compilation cache: a tenth of a second for these patterns.
 */
function allMatches(pattern: RegExp, text: string): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    found.push(match);
    if (match[0] === '') pattern.lastIndex += (text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1;
  }
  return found;
}

const ASKS =
  /(?<![\p{L}'’])(?:what|how|why|when|which|who|whom|whose|where|if|suppose|imagine|whether|would|could|should|do|does|did|is|are|can|might|have|has)(?![\p{L}])/iu;
const TERMINATOR = /[.!?\n]/;

/**
 * Does the match stand inside a question about the subject: behind a question word, in a sentence that ends on a question
 * mark, and without a plea?
 */
function isAskedAbout(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - SENTENCE_REACH), start);
  const head = before.slice(lastTerminator(before) + 1);
  const after = text.slice(end - 1, end + SENTENCE_REACH);
  const stop = after.search(TERMINATOR);
  if (stop < 0 || after[stop] !== '?') return false;
  const matched = text.slice(start, end);
  return ASKS.test(head) && !/\bplease\b/i.test(head + matched);
}

function lastTerminator(text: string): number {
  return Math.max(
    text.lastIndexOf('.'),
    text.lastIndexOf('!'),
    text.lastIndexOf('?'),
    text.lastIndexOf('\n'),
  );
}

/** Keys by which an object is an imitated verdict, and those that only go with them. */
const VERDICT_KEY = new RegExp(
  `["'“”](rationale|criteria|violations|verdict|score|mark|is_compliant|${CRITERION_NAMES.join('|')})["'“”]\\s{0,5}:`,
  'giu',
);
const WEAK_KEYS: ReadonlySet<string> = new Set(['score', 'mark', 'verdict', 'relevance']);

/** JSON objects, whole or cut off, that look like a verdict: two of its keys, one of them no everyday word. */
function verdictObjects(text: string): Span[] {
  if (!text.includes('{')) return [];
  const spans: Span[] = [];
  for (const object of outermostObjects(text)) {
    const keys = new Set(
      [...text.slice(object.start, object.end).matchAll(VERDICT_KEY)].map((match) => match[1]!.toLowerCase()),
    );
    if (keys.size >= 2 && [...keys].some((key) => !WEAK_KEYS.has(key))) spans.push(object);
  }
  return spans;
}

/**
 * Outermost `{…}` of the text; a brace that never closes reaches to the end of its paragraph. Linear: braces are paired
 * once, and of the open ones in a paragraph the first stands for all.
 */
function outermostObjects(text: string): Span[] {
  const open: number[] = [];
  const closed: Span[] = [];
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    if (brace === '{') {
      open.push(index);
      continue;
    }
    const start = open.pop();
    if (start === undefined) continue;
    while (closed.length > 0 && closed.at(-1)!.start > start) closed.pop();
    closed.push({ start, end: index + 1 });
  }
  let paragraphEnd = -1;
  for (const start of open) {
    if (start < paragraphEnd) continue;
    const blank = text.indexOf('\n\n', start);
    paragraphEnd = blank < 0 ? text.length : blank;
    closed.push({ start, end: paragraphEnd });
  }
  return closed;
}

function merge(spans: Span[]): Span[] {
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}

/** What opens and closes around a span that held nothing else. */
const SHELLS: readonly (readonly [RegExp, RegExp])[] = [
  [/```[a-z]{0,10}\s{0,3}$/iu, /^\s{0,3}```/u],
  [/<!--\s{0,3}$/u, /^\s{0,3}-->/u],
  [/\[\s?$/u, /^\s?\]/u],
  [/\(\s?$/u, /^\s?\)/u],
  [/["“]\s?$/u, /^\s?["”]/u],
  [/\*{1,3}$/u, /^\*{1,3}/u],
  [/_{1,2}$/u, /^_{1,2}/u],
  [/`$/u, /^`/u],
];
const LETTER = /\p{L}/u;
/** Longest shell, with the white space in it. */
const SHELL_REACH = 20;

/** The text without the spans and the empty brackets, quotes and fences they leave; a space in their place where words would grow together. */
function without(text: string, spans: readonly Span[]): string {
  let kept = '';
  let position = 0;
  for (const span of spans) {
    let { start, end } = span;
    for (const [opening, closing] of SHELLS) {
      const before = text.slice(Math.max(position, start - SHELL_REACH), start);
      const open = opening.exec(before);
      const close = open === null ? null : closing.exec(text.slice(end, end + SHELL_REACH));
      if (open === null || close === null) continue;
      start -= before.length - open.index;
      end += close[0].length;
    }
    if (start > position) kept += text.slice(position, start);
    position = Math.max(position, end);
    // A tag inside a word is how a reader would not see it: its halves are one word.
    const isInWord = LETTER.test(text.charAt(start - 1)) && LETTER.test(text.charAt(end));
    if (!isInWord) kept += ' ';
  }
  return kept + text.slice(position);
}
