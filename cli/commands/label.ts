import { createInterface, type Interface } from 'node:readline';
import { CRITERION_NAMES, type Violation } from '../../schemas/common.ts';
import { VIOLATION_KEYS } from '../../schemas/violation-keys.ts';
import type {
  LabelActionRequest,
  LabelMarks,
  LabelQueue,
  LabelStatistics,
  SessionView,
} from '../../schemas/label.ts';
import { raterSchema } from '../../schemas/label.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Labelling } from '../../core/tasks/labelling.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { localLabelling } from '../host/local-labelling.ts';
import { openLake } from '../host/local-lake.ts';
import { numberText, percentText, tableText } from '../view/table.ts';

export interface LabelOptions {
  rater?: string;
  queue: LabelQueue;
  adjudicate?: boolean;
  stats?: boolean;
}

/** `label`: says how to open the page; with --rater it labels in the terminal, a line an item; --stats shows agreement. */
export async function labelCommand(options: LabelOptions, context: Context): Promise<number> {
  const labelling = await localLabelling(openLake(context), context.configFolder);
  if (options.stats === true) {
    const statistics = await labelling.statistics(options.queue);
    context.out(context.json ? `${JSON.stringify(statistics)}\n` : statisticsText(statistics, context));
    return EXIT.ok;
  }
  if (options.rater === undefined) {
    const lake = context.lake === 'lake' ? '' : ` --lake ${context.lake}`;
    context.out(
      `socratic-bench view --open${lake}, then #/rate?queue=${options.queue}\n${context.colors.dim('or in this terminal:')} socratic-bench label --rater <name> --queue ${options.queue}${lake}\n`,
    );
    return EXIT.ok;
  }
  const rater = raterSchema.safeParse(options.rater);
  if (!rater.success)
    throw new CliError(
      'usage',
      `--rater: expected lower-case letters, digits, ".", "_" or "-", got "${options.rater}"`,
    );
  const kind = options.adjudicate === true ? 'adjudication' : 'labels';
  const view = await labelling.open(rater.data, options.queue, kind);
  const lines = createInterface({ input: process.stdin });
  try {
    await labelInTerminal(labelling, view, lines, context);
  } finally {
    lines.close();
  }
  return EXIT.ok;
}

async function labelInTerminal(
  labelling: Labelling,
  first: SessionView,
  lines: Interface,
  context: Context,
): Promise<void> {
  context.err(
    `${first.session}: nine marks 0-5 (${CRITERION_NAMES.join(', ')}), then letters for violations:\n${Object.entries(
      VIOLATION_KEYS,
    )
      .map(([violation, key]) => `${key} ${violation}`)
      .join(
        ', ',
      )}\n"s <reason>" skips, "u" takes the last one back, "q" ends; everything is saved at once.\n`,
  );
  let view = first;
  show(view, context);
  for await (const line of lines) {
    if (line.trim() === 'q') break;
    const request = parseLine(line, view);
    if (typeof request === 'string') {
      context.err(`${request}\n> `);
      continue;
    }
    view = (await labelling.act(view.rater, view.session, request))!;
    if (view.position === null) break;
    show(view, context);
  }
  context.err(
    `\n${view.n_done} of ${view.n_items} done${view.position === null ? '' : '; the same command goes on'}\n`,
  );
}

function show({ item, position, n_items, opinions }: SessionView, { err, colors }: Context): void {
  if (position === null) return;
  if (item === null) {
    err(`\n${position + 1}/${n_items}: this turn is no longer in the lake; skip it\n> `);
    return;
  }
  const says = item.context.map(({ role, text }) => `${colors.bold(role)}: ${printable(text)}`);
  err(
    [
      '',
      colors.bold(`${position + 1}/${n_items}`),
      `${colors.dim('goal:')} ${printable(item.goal)}`,
      ...(item.reference_answer === null
        ? []
        : [`${colors.dim('not to be given away:')} ${printable(item.reference_answer)}`]),
      ...says,
      `${colors.bold('tutor, to mark')}: ${printable(item.tutor_text)}`,
      ...opinions.map(({ marks, violations }) =>
        colors.dim(
          `a rater: ${CRITERION_NAMES.map((name) => marks[name]).join(' ')} ${violations.join(', ')}`,
        ),
      ),
      '> ',
    ].join('\n'),
  );
}

/** Model text moves no cursor. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');
}

/** What a line asks for; a text says what is wrong with it. */
function parseLine(line: string, view: SessionView): LabelActionRequest | string {
  const text = line.trim();
  const position = view.position!;
  if (text === 'u') return view.can_undo ? { action: 'undo' } : 'nothing to take back';
  const skip = /^s\s+(.{1,400})$/.exec(text);
  if (skip !== null) return { action: 'skip', position, reason: skip[1]! };
  if (text === 's') return 'a skip needs a reason: s <reason>';
  const [, digits = '', letters = ''] = /^((?:[0-5]\s*){9})\s*([a-z\s]*)$/.exec(text) ?? [];
  const given = digits.replaceAll(/\s/g, '');
  if (given.length !== CRITERION_NAMES.length) return 'expected nine marks 0-5, then letters of violations';
  const marks = Object.fromEntries(CRITERION_NAMES.map((name, i) => [name, Number(given[i])])) as LabelMarks;
  const violations: Violation[] = [];
  for (const letter of letters.replaceAll(/\s/g, '')) {
    const found = (Object.keys(VIOLATION_KEYS) as Violation[]).find(
      (name) => VIOLATION_KEYS[name] === letter,
    );
    if (found === undefined) return `no violation has the letter "${letter}"`;
    if (!violations.includes(found)) violations.push(found);
  }
  return { action: 'label', position, marks, violations };
}

function statisticsText(statistics: LabelStatistics, { colors }: Context): string {
  const interval = (one: LabelStatistics['alpha']) =>
    one === null
      ? '–'
      : `${numberText(one.value, 2)}${one.ci_low === null ? '' : ` (${numberText(one.ci_low, 2)} – ${numberText(one.ci_high, 2)})`}, n ${one.n}`;
  const { judge, corrections } = statistics;
  return [
    '',
    `${colors.bold(statistics.queue)}  ${statistics.n_items} items, ${statistics.n_labels} labels, ${percentText(statistics.double_frac)} by two raters, ${statistics.n_to_adjudicate} to adjudicate`,
    `α of the score        ${interval(statistics.alpha)}`,
    `two raters, MAE       ${interval(statistics.raters_mae_pts)}`,
    `same rater again, MAE ${interval(statistics.self_mae_pts)}`,
    ...(judge === null
      ? []
      : [
          `judge − consensus     bias ${interval(judge.bias_pts)}; MAE ${interval(judge.mae_pts)}; κ ${numberText(judge.kappa, 2)}`,
        ]),
    ...(corrections === null ? [] : [`means                 ${corrections.note}`]),
    '',
    tableText(
      [
        { title: 'criterion' },
        { title: 'pairs', align: 'right' },
        { title: 'κ', align: 'right' },
        { title: 'α', align: 'right' },
      ],
      statistics.by_criterion.map((row) => [
        row.criterion,
        String(row.n_pairs),
        numberText(row.kappa, 2),
        numberText(row.alpha, 2),
      ]),
      colors,
    ),
    tableText(
      [{ title: 'rater' }, { title: 'labels', align: 'right' }, { title: 'bias', align: 'right' }],
      statistics.by_rater.map((row) => [row.rater, String(row.n_labels), numberText(row.bias_pts, 2)]),
      colors,
    ),
    '',
  ].join('\n');
}
