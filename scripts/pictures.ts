/**
 * `npm run pictures`: builds the demo lake and photographs every page that shows it (docs/pictures/dashboard-*.png), then
 * runs the quick profile and draws what a person sees in the terminal as docs/pictures/first-run.svg.
 * The picture in the README is the real output of the real command; this script is how it was made.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeDashboardPictures } from './dashboard-pictures.ts';
import { buildDemo } from './demo/build-demo.ts';
import { takePeoplePictures } from './people-pictures.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const CHAR_WIDTH = 8.43;
const LINE_HEIGHT = 20;
const PADDING = 20;
const HEAD = 40;
/** One Dark on near-black: readable on light and dark pages alike. */
const COLOURS: Record<string, string> = {
  '31': '#e06c75',
  '32': '#98c379',
  '33': '#e5c07b',
  '35': '#c678dd',
  '36': '#56b6c2',
};
const INK = '#d7dae0';
const FAINT = '#7f8693';
const GROUND = '#1b1f27';

interface Run {
  text: string;
  column: number;
  colour: string;
  isBold: boolean;
  isInverse: boolean;
}

/** The styled runs of one line of terminal output. */
function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  let column = 0;
  let [colour, isBold, isInverse] = [INK, false, false];
  // oxlint-disable-next-line no-control-regex
  for (const part of line.split(/(\u001B\[[0-9;]*m)/)) {
    // oxlint-disable-next-line no-control-regex
    const codes = /^\u001B\[([0-9;]*)m$/.exec(part)?.[1]?.split(';');
    if (codes === undefined) {
      if (part !== '') runs.push({ text: part, column, colour, isBold, isInverse });
      column += [...part].length;
      continue;
    }
    for (const code of codes) {
      if (code === '1') isBold = true;
      else if (code === '2') colour = FAINT;
      else if (code === '7') isInverse = true;
      else if (code === '22') [isBold, colour] = [false, INK];
      else if (code === '27') isInverse = false;
      else if (code === '39' || code === '0') colour = INK;
      else colour = COLOURS[code] ?? colour;
    }
  }
  return runs;
}

function svgOf(lines: readonly string[], title: string): string {
  const columns = Math.max(
    ...lines.map((line) =>
      runsOf(line).reduce((end, run) => Math.max(end, run.column + [...run.text].length), 0),
    ),
  );
  const width = Math.ceil(columns * CHAR_WIDTH + 2 * PADDING);
  const height = HEAD + lines.length * LINE_HEIGHT + PADDING;
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const body = lines.flatMap((line, index) =>
    runsOf(line).flatMap((run) => {
      const x = (PADDING + run.column * CHAR_WIDTH).toFixed(1);
      const y = HEAD + (index + 0.8) * LINE_HEIGHT;
      const length = ([...run.text].length * CHAR_WIDTH).toFixed(1);
      const text = `<text x="${x}" y="${y}" fill="${run.isInverse ? GROUND : run.colour}"${run.isBold ? ' font-weight="700"' : ''} textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escape(run.text)}</text>`;
      return run.isInverse
        ? [`<rect x="${x}" y="${y - 14}" width="${length}" height="18" rx="2" fill="${INK}"/>`, text]
        : [text];
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<rect width="${width}" height="${height}" rx="10" fill="${GROUND}"/>`,
    ...['#e06c75', '#e5c07b', '#98c379'].map(
      (fill, index) => `<circle cx="${20 + index * 18}" cy="20" r="6" fill="${fill}"/>`,
    ),
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">`,
    ...body,
    '</g></svg>',
    '',
  ].join('\n');
}

const lake = mkdtempSync(join(tmpdir(), 'socratic-picture-'));
try {
  const demo = join(lake, 'demo-lake');
  const program = join(root, 'dist/cli/main.js');
  const pictures = join(root, 'docs/pictures');
  await buildDemo({ lake: demo, onWeek: ({ week }) => console.error(`demo: ${week}`) });
  for (const path of await takeDashboardPictures(demo, pictures)) console.error(path);
  for (const path of await takePeoplePictures(demo, program, pictures)) console.error(path);
  const env = { ...process.env, FORCE_COLOR: '1', CI: '' };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'run', '--progress', 'none', '--lake', join(lake, 'first-run')],
    { encoding: 'utf8', env: { ...env, NO_COLOR: undefined } },
  );
  if (status !== 0) throw new Error(`run exits ${status}: ${stderr}`);
  const lines = ['$ npm ci && npm start', ...stdout.trimEnd().split('\n')];
  writeFileSync(
    join(root, 'docs/pictures/first-run.svg'),
    svgOf(
      lines,
      'Output of npm start: a table of six simulated tutors with half-life, survival, compliance, SD, CSD and cost',
    ),
  );
} finally {
  rmSync(lake, { recursive: true, force: true });
}
