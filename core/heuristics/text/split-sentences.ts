/** A stretch of text, UTF-16 offsets, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|mr|mrs|ms|dr|prof|st|no|fig|eq|approx|[a-z])$/i;
const LIST_MARKER = /^[\s>*_#(-]*\d{1,3}$/;
/** A question begun without a full stop before it ("gets 10 added to it What is 10 + 4?"), as people type in chats. */
const BEGUN =
  /(?<=[\p{Ll}\d)\]"'”’] )(?=(?:What|How|Why|Which|Where|Who|Could|Can|Would|Do|Does|Did|Is|Are|Should|Have|So what|So how|Let['’]s)(?: |['’]s ))/gu;
const CLOSERS = '"\'”’»)]*_';
const ENDERS = '.!?…？！。';

/**
 * Sentences of a text: they end at `. ! ? …` (with closing quotes and emphasis) before white space, and at line breaks.
 * Abbreviations, decimals and list numbers do not end one. Stretches without a letter, digit or `?` are dropped. Linear.
 */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  let index = 0;
  while (index < text.length) {
    const char = text[index] as string;
    if (char === '\n') {
      pushParts(spans, text, start, index);
      index += 1;
      start = index;
      continue;
    }
    if (!ENDERS.includes(char)) {
      index += 1;
      continue;
    }
    let end = index + 1;
    while (end < text.length && ENDERS.includes(text[end] as string)) end += 1;
    const isPlainDot = char === '.' && end === index + 1;
    while (end < text.length && CLOSERS.includes(text[end] as string)) end += 1;
    const closes = end >= text.length || isSpace(text.charCodeAt(end)) || '？！。'.includes(char);
    if (closes && !(isPlainDot && continues(text, start, index))) {
      pushParts(spans, text, start, end);
      start = end;
    }
    index = end;
  }
  pushParts(spans, text, start, text.length);
  return spans;
}

/** Does the dot at `dot` belong to an abbreviation or a list number? Looks back a few characters only. */
function continues(text: string, start: number, dot: number): boolean {
  const before = text.slice(Math.max(start, dot - 10), dot);
  return ABBREVIATION.test(before) || (dot - start < 10 && LIST_MARKER.test(text.slice(start, dot)));
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x2028 || code === 0x2029;
}

const HAS_MATTER = /[\p{L}\p{N}?？]/u;

/** No sentence is longer: what runs on without an end is cut, so that patterns over a sentence stay cheap. */
const MAX_CHARS = 1000;

function pushParts(spans: Span[], text: string, start: number, end: number): void {
  for (let from = start; from < end; from += MAX_CHARS) {
    pushBegun(spans, text, from, Math.min(end, from + MAX_CHARS));
  }
}

function pushBegun(spans: Span[], text: string, start: number, end: number): void {
  const part = text.slice(start, end);
  let from = 0;
  for (const { index } of part.matchAll(BEGUN)) {
    pushTrimmed(spans, text, start + from, start + index);
    from = index;
  }
  pushTrimmed(spans, text, start + from, end);
}

function pushTrimmed(spans: Span[], text: string, from: number, to: number): void {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  if (start < end && HAS_MATTER.test(text.slice(start, end))) spans.push({ start, end });
}
