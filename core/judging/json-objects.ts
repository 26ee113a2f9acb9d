/** One JSON object found in a text, and where it stood. */
export interface FoundObject {
  value: object;
  start: number;
  /** Behind the closing brace. */
  end: number;
}

/** Characters looked at before the search gives up: hostile braces cost quadratic time, no real answer needs so many. */
const MAX_SCANNED_CHARS = 2_000_000;

/**
 * Every outermost `{…}` of the text that is a JSON object, in order, whatever prose, code fences or broken objects stand
 * around; trailing commas and raw line breaks in strings are mended.
 */
export function jsonObjects(text: string): FoundObject[] {
  const found: FoundObject[] = [];
  let scanned = 0;
  let start = text.indexOf('{');
  while (start >= 0 && scanned < MAX_SCANNED_CHARS) {
    const end = closingBrace(text, start);
    scanned += (end < 0 ? text.length : end) - start;
    const value = end < 0 ? null : parseLoosely(text.slice(start, end + 1));
    if (value !== null) found.push({ value, start, end: end + 1 });
    start = text.indexOf('{', value === null ? start + 1 : end + 1);
  }
  return found;
}

function closingBrace(text: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let i = start; i < text.length; i += 1) {
    const c = text[i];
    if (isInString) {
      if (c === '\\') i += 1;
      else if (c === '"') isInString = false;
    } else if (c === '"') isInString = true;
    else if (c === '{') depth += 1;
    else if (c === '}') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
}

/** Control characters, which JSON refuses inside strings. */
const CONTROL = /\p{Cc}+/gu;

/** The object as it stands, else with trailing commas and control characters mended, else null. */
export function parseLoosely(text: string): object | null {
  const mended = text.replaceAll(/,(\s*[}\]])/g, '$1').replaceAll(CONTROL, ' ');
  for (const candidate of text === mended ? [text] : [text, mended]) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // Not this reading; the next one, or none, is the answer.
    }
  }
  return null;
}
