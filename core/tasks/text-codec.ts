const decoder = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 text of bytes; throws TypeError on bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** The JSON values of JSON-lines bytes, in order. Throws SyntaxError naming the line (1-based) of a bad one. */
export function parseJsonLines<T>(bytes: Uint8Array, name: string): T[] {
  const values: T[] = [];
  const lines = decodeUtf8(bytes).split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    try {
      values.push(JSON.parse(line) as T);
    } catch (cause) {
      throw new SyntaxError(
        `${name}:${index + 1}: expected one JSON value, got ${line.length} characters that are none`,
        { cause },
      );
    }
  }
  return values;
}

/** JSON lines of values, each line ended. U+2028/2029 are escaped so that a line is a line for every reader. */
export function toJsonLines(values: readonly unknown[]): string {
  return values
    .map(
      (value) => `${JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`,
    )
    .join('');
}
