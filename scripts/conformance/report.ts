import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './python-tool.ts';

const PAGE = join(root, 'docs', 'conformance.md');
const INTRO = `# Conformance

What independent tools say about the definition, the templates and the protocols. \`npm run conformance -- <subcommand>\` runs one
and writes its section; none belongs to \`npm test\`, because they install packages of PyPI (python3 with venv is needed). What a
tool cannot do stands in its table.
`;

/** Writes the section of one tool into docs/conformance.md, in place of the one before. */
export function writeSection(tool: string, markdown: string): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : INTRO;
  const section = `<!-- ${tool} -->\n\n${markdown.trim()}\n\n<!-- /${tool} -->\n`;
  const known = new RegExp(`<!-- ${tool} -->[\\s\\S]*<!-- /${tool} -->\\n`);
  writeFileSync(PAGE, known.test(page) ? page.replace(known, () => section) : `${page}\n${section}`);
}

/** A Markdown table. Cells are text: pipes and line breaks are made harmless. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
