import type { Random } from '../identity/random.ts';

/** A phrase with slots and alternatives, parsed once. */
export type Template = readonly Part[];
type Part = string | { slot: string } | { options: readonly Template[] };

/** What a slot stands for at this moment. */
export type Fill = (slot: string) => string;

/**
 * Parses `text {slot} [one side|another side]`. Sides may hold slots and brackets.
 * Throws SyntaxError where a bracket is left open or closes nothing; the schema of the student's script refuses such a text before.
 */
export function parseTemplate(text: string): Template {
  return parseUntil(text, 0, '').parts;
}

function parseUntil(text: string, from: number, stops: string): { parts: Template; end: number } {
  const parts: Part[] = [];
  let literal = '';
  let index = from;
  const flush = () => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  while (index < text.length) {
    const char = text[index] as string;
    if (stops.includes(char)) break;
    if (char === '{') {
      const close = text.indexOf('}', index);
      if (close < 0) throw new SyntaxError(`template: "{" at ${index} is left open in "${text}"`);
      flush();
      parts.push({ slot: text.slice(index + 1, close) });
      index = close + 1;
    } else if (char === '[') {
      flush();
      const options: Template[] = [];
      do {
        const side = parseUntil(text, index + 1, '|]');
        options.push(side.parts);
        index = side.end;
      } while (text[index] === '|');
      if (text[index] !== ']') throw new SyntaxError(`template: "[" is left open in "${text}"`);
      parts.push({ options });
      index += 1;
    } else if (char === ']' || char === '}') {
      throw new SyntaxError(`template: "${char}" at ${index} closes nothing in "${text}"`);
    } else {
      literal += char;
      index += 1;
    }
  }
  flush();
  return { parts, end: index };
}

/** The phrase with one side taken of each alternative and every slot filled. */
export function renderTemplate(template: Template, random: Random, fill: Fill): string {
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') text += part;
    else if ('slot' in part) text += fill(part.slot);
    else text += renderTemplate(part.options[Math.floor(random() * part.options.length)] ?? [], random, fill);
  }
  return text;
}

/** Names of all slots of a template, those of every side included. */
export function slotsOf(template: Template): Set<string> {
  const slots = new Set<string>();
  const visit = (parts: Template): void => {
    for (const part of parts) {
      if (typeof part === 'string') continue;
      if ('slot' in part) slots.add(part.slot);
      else part.options.forEach(visit);
    }
  };
  visit(template);
  return slots;
}

/** First letter in upper case, the rest as it is. */
export function capitalise(text: string): string {
  const first = text[0];
  return first === undefined ? text : first.toUpperCase() + text.slice(1);
}

/** A text without its closing punctuation and outer white space, to stand inside a sentence. */
export function withoutStop(text: string): string {
  return text.trim().replace(/[.!?…,;:\s]+$/u, '');
}

const ENDERS = '.!?…';
const CLOSERS = '"\'”’)';

/** A text that ends as a sentence does; a full stop is added where none stands. */
export function withStop(text: string): string {
  let last = text.length - 1;
  while (last >= 0 && CLOSERS.includes(text.charAt(last))) last -= 1;
  return last >= 0 && ENDERS.includes(text.charAt(last)) ? text : `${text}.`;
}
