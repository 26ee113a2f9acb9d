/** Everything a terminal would act on but line feeds; model text is shown, never obeyed. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Text safe for a terminal: control and bidirectional characters become spaces. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, ' ');
}

/** Text in lines of at most `width` characters, each indented. */
export function wrap(text: string, width: number, indent: number): string {
  const pad = ' '.repeat(indent);
  return text
    .split('\n')
    .flatMap((paragraph) => {
      const lines: string[] = [];
      let line = '';
      for (const word of paragraph.split(' ')) {
        if (line !== '' && line.length + 1 + word.length > width) {
          lines.push(line);
          line = word;
        } else line = line === '' ? word : `${line} ${word}`;
      }
      return [...lines, line];
    })
    .map((line) => `${pad}${line}`)
    .join('\n');
}
