/** The JSON text of one dialogue and the line it begins on, from 1. */
export interface DialogueText {
  line: number;
  text: string;
}

/**
 * The texts of the dialogues in a file: its lines or, where its first character is `[`, the members of that list, however
 * they are laid out. Nothing is parsed: what is no JSON comes out as it stands, and so does what follows the list.
 */
export async function* splitDialogues(lines: AsyncIterable<string>): AsyncGenerator<DialogueText> {
  let number = 0;
  let list: ReturnType<typeof createListSplitter> | null = null;
  let hasBegun = false;
  for await (const read of lines) {
    number += 1;
    // The byte-order mark that Windows editors put first is no part of the JSON.
    const text = number === 1 ? read.replace(/^\uFEFF/, '') : read;
    if (!hasBegun && text.trim() === '') continue;
    if (!hasBegun && text.trimStart().startsWith('[')) list = createListSplitter();
    hasBegun = true;
    if (list !== null) yield* list.next(text, number);
    else if (text.trim() !== '') yield { line: number, text };
  }
  if (list !== null) yield* list.end(number);
}

/** Cuts a JSON list at the commas of its own level, line by line, in one pass. */
function createListSplitter() {
  /** Open brackets; the list's own is the first. */
  let depth = 0;
  let isString = false;
  let isClosed = false;
  let member: { line: number; parts: string[] } | null = null;
  let hasComma = false;
  const take = (): DialogueText[] => {
    const taken = member === null ? [] : [{ line: member.line, text: member.parts.join('\n').trim() }];
    member = null;
    return taken;
  };
  return {
    *next(text: string, line: number): Generator<DialogueText> {
      if (isClosed) {
        if (text.trim() !== '') yield { line, text: text.trim() };
        return;
      }
      let from = 0;
      const keep = (to: number): void => {
        const part = text.slice(from, to);
        if (member !== null) member.parts.push(part);
        else if (part.trim() !== '') member = { line, parts: [part] };
      };
      for (let at = 0; at < text.length; at += 1) {
        const character = text[at];
        if (isString) {
          if (character === '\\') at += 1;
          else if (character === '"') isString = false;
        } else if (character === '"') isString = true;
        else if (character === '[' || character === '{') {
          depth += 1;
          if (depth === 1) from = at + 1;
        } else if (character === ',' && depth === 1) {
          keep(at);
          // Two commas with nothing between: an empty text, which no reader takes for JSON.
          if (member === null) yield { line, text: '' };
          yield* take();
          hasComma = true;
          from = at + 1;
        } else if (character === ']' || character === '}') {
          depth -= 1;
          if (depth > 0) continue;
          keep(at);
          if (member === null && hasComma) yield { line, text: '' };
          yield* take();
          isClosed = true;
          const rest = text.slice(at + 1).trim();
          if (rest !== '') yield { line, text: rest };
          return;
        }
      }
      // A string that goes on over a line's end is no JSON; the text says so when it is parsed.
      keep(text.length);
    },
    *end(line: number): Generator<DialogueText> {
      if (isClosed) return;
      // What is left of a list without its end is never one whole dialogue.
      const rest = take()[0];
      yield { line: rest?.line ?? line, text: `[${rest?.text ?? ''}` };
    },
  };
}
