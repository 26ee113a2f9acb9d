import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './python-tool.ts';

const PAGE = join(root, 'docs', 'conformance.md');

/** Writes the section of one tool into docs/conformance.md, in place of the one before. */
export function writeSection(tool: string, markdown: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const section = `<!-- ${tool} -->\n\n${markdown.trim()}\n\n<!-- /${tool} -->\n`;
  const known = new RegExp(`<!-- ${tool} -->[\\s\\S]*<!-- /${tool} -->\\n`);
  writeFileSync(PAGE, known.test(page) ? page.replace(known, () => section) : `${page}\n${section}`);
  run(join(root, 'node_modules', '.bin', 'prettier'), ['--log-level', 'warn', '--write', PAGE]);
}

/** A Markdown table. Cells are text: pipes and line breaks are made harmless. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
