import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createDialogueScorer, type ScoredDialogue } from '../../core/metrics/score-dialogue.ts';
import { kaplanMeier } from '../../core/statistics/kaplan-meier.ts';
import { quantile } from '../../core/statistics/quantile.ts';
import { CSD_DIMENSIONS } from '../../schemas/csd-subscores.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { readDialogues } from '../host/read-dialogues.ts';
import { readScorer } from '../host/read-scorer.ts';
import { numberText, percentText, plural, tableText } from '../view/table.ts';
import { printable } from '../view/wrap.ts';

const OUT_PROBLEM: Record<string, string> = {
  EEXIST: 'the file exists already',
  ENOENT: 'its folder does not exist',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
};

/** `score <transcripts>`: SD, half-life and CSD of dialogues made elsewhere, of a file or (`-`) of stdin; no model needed. */
export async function scoreCommand(
  file: string,
  options: { out?: string },
  context: Context,
  stdin: Readable = process.stdin,
): Promise<number> {
  const { heuristics, rubric } = await readScorer(context.configFolder);
  const score = createDialogueScorer(heuristics, rubric);

  // All lines are read and checked before any is scored: bad input writes nothing.
  const dialogues = await readDialogues(file, stdin);
  const name = file === '-' ? 'stdin' : basename(file);
  const n_left_out = dialogues.reduce((sum, dialogue) => sum + dialogue.n_left_out, 0);
  if (n_left_out > 0 && !context.quiet)
    context.err(
      context.colors.dim(
        `left out: ${plural(n_left_out, 'message')} or parts of one that neither student nor tutor said in words (system, developer, tool, images)\n`,
      ),
    );
  const scored = dialogues.map(score);
  if (options.out !== undefined) {
    await writeFile(options.out, scored.map((dialogue) => `${JSON.stringify(dialogue)}\n`).join(''), {
      flag: 'wx',
    }).catch((error: NodeJS.ErrnoException) => {
      throw new CliError(
        'usage',
        `--out ${options.out}: ${OUT_PROBLEM[error.code ?? ''] ?? error.message}`,
        error.code === 'ENOENT' ? 'make the folder first' : 'name a file that does not exist yet',
      );
    });
  }
  context.out(
    context.json
      ? `${JSON.stringify({ file: name, rubric: rubric.version, n_left_out, dialogues: scored })}\n`
      : scoreText(scored, name, rubric.version, context),
  );
  return EXIT.ok;
}

function scoreText(
  scored: readonly ScoredDialogue[],
  name: string,
  rubric: string,
  context: Context,
): string {
  const { colors } = context;
  const turns = scored.flatMap((dialogue) => dialogue.turns);
  const timed = scored.flatMap((dialogue) =>
    dialogue.half_life.null_reason !== null
      ? []
      : [{ turn: dialogue.half_life.observed_turns, is_event: !dialogue.half_life.is_censored }],
  );
  const reached = timed.filter((one) => one.is_event).length;
  const means = scored.flatMap((dialogue) => (dialogue.mean_score === null ? [] : [dialogue.mean_score]));
  const violations = new Map<string, number>();
  for (const turn of turns)
    for (const violation of turn.violations) violations.set(violation, (violations.get(violation) ?? 0) + 1);
  const dimension = (one: (typeof CSD_DIMENSIONS)[number]) =>
    average(scored.map((dialogue) => dialogue.csd.subscores[one]));
  return [
    '',
    `${colors.bold(name)}  ${plural(scored.length, 'dialogue')}, ${plural(turns.length, 'tutor turn')}  ${colors.dim(`${rubric}, heuristics only`)}`,
    '',
    `SD           mean ${numberText(average(means), 2)}, quartiles ${[0.25, 0.5, 0.75].map((p) => quantile(means, p).toFixed(2)).join(' / ')} of 10`,
    `compliance   ${percentText(average(scored.map((dialogue) => dialogue.compliance_rate)), 1)} of a dialogue's turns`,
    `half-life    ${reached} of ${plural(timed.length, 'dialogue')} ${timed.length === 1 ? 'reaches' : 'reach'} it${timed.length === 0 ? '' : `; median ${medianText(timed)}`}${scored.length > timed.length ? `; ${scored.length - timed.length} too short to have one` : ''}`,
    `CSD          ${numberText(average(scored.map((dialogue) => dialogue.csd.csd)), 2)}  ${CSD_DIMENSIONS.map((one) => `${one} ${numberText(dimension(one), 2)}`).join('  ')}`,
    '',
    violations.size === 0
      ? 'no violation found\n'
      : tableText(
          [
            { title: 'violation' },
            { title: 'turns', align: 'right' },
            { title: 'per 100 turns', align: 'right' },
          ],
          [...violations]
            .sort((a, b) => b[1] - a[1])
            .map(([violation, count]) => [
              violation,
              String(count),
              ((100 * count) / turns.length).toFixed(1),
            ]),
          colors,
        ),
    tableText(
      [
        { title: 'lowest SD' },
        { title: 'SD', align: 'right' },
        { title: 'half-life', align: 'right' },
        { title: 'turns', align: 'right' },
      ],
      [...scored]
        .filter((dialogue) => dialogue.mean_score !== null)
        .sort((a, b) => a.mean_score! - b.mean_score!)
        .slice(0, 5)
        .map((dialogue) => [
          printable(dialogue.dialogue_id ?? '–').replaceAll('\n', ' '),
          numberText(dialogue.mean_score, 2),
          dialogue.half_life.null_reason !== null
            ? '–'
            : dialogue.half_life.half_life_turn === null
              ? `> ${dialogue.half_life.observed_turns}`
              : String(dialogue.half_life.half_life_turn),
          String(dialogue.turns.length),
        ]),
      colors,
    ),
    colors.dim('every turn: --json, or --out <file.jsonl>'),
    '',
  ].join('\n');
}

function medianText(timed: readonly { turn: number; is_event: boolean }[]): string {
  const curve = kaplanMeier(timed);
  return curve.median === null ? 'beyond the longest dialogue' : `turn ${curve.median}`;
}

function average(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
}
