import pc from 'picocolors';

const WIDTH = 92;

/** What a scene prints, in plain words. */
export interface Teller {
  scene(title: string, what: string): void;
  /** A line that says what happens now. */
  step(text: string): void;
  /** A figure before and after. */
  compare(name: string, before: string, after: string): void;
  /** The promise and whether it was kept. */
  verdict(promise: string, isKept: boolean): void;
}

export function createTeller(write: (text: string) => void): Teller {
  let scenes = 0;
  return {
    scene(title, what) {
      scenes += 1;
      const head = ` ${scenes}  ${title} `;
      write(`\n${pc.inverse(pc.bold(head))}${pc.dim('─'.repeat(Math.max(0, WIDTH - head.length)))}\n`);
      for (const line of wrapped(what)) write(`${line}\n`);
      write('\n');
    },
    step: (text) => write(`  ${pc.yellow('›')} ${text}\n`),
    compare: (name, before, after) =>
      write(
        `    ${name.padEnd(34)} ${pc.dim('before')} ${before.padEnd(18)} ${pc.dim('after')} ${pc.bold(after)}\n`,
      ),
    verdict: (promise, isKept) =>
      write(`  ${isKept ? pc.green('✓') : pc.red('✗')} ${isKept ? promise : pc.red(`BROKEN: ${promise}`)}\n`),
  };
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
