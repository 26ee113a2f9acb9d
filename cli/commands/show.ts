import type { Colors } from 'picocolors/types.js';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { openAnyLake } from '../host/local-lake.ts';
import { readRun } from '../host/local-runs.ts';
import { numberText, usdText } from '../view/table.ts';
import { printable, wrap } from '../view/wrap.ts';

const PASTE_SHOWN = 160;

/** `show <run_id> [--turn n]`: one dialogue, turn by turn, with what it scored and why. */
export async function showCommand(
  run_id: string,
  options: { turn?: number },
  context: Context,
): Promise<number> {
  const { summary, turns, stopped_by } = await readRun(openAnyLake(context), run_id);
  const chosen =
    options.turn === undefined ? turns : turns.filter((turn) => turn.turn_index === options.turn);
  if (options.turn !== undefined && chosen.length === 0)
    throw new CliError('usage', `--turn: expected 1 to ${turns.length}, got ${options.turn}`);
  if (context.json) {
    context.out(`${JSON.stringify({ summary, stopped_by, turns: chosen })}\n`);
    return EXIT.ok;
  }
  const isDetailed = options.turn !== undefined;
  context.out(
    [
      header(summary, stopped_by, context.colors),
      ...chosen.map((turn) => turnText(turn, summary, isDetailed, context)),
    ].join('\n'),
  );
  return EXIT.ok;
}

function header(run: RunSummary, stopped_by: string | null, { bold, dim, inverse, yellow }: Colors): string {
  const halfLife =
    run.half_life_turn === null
      ? `not reached (${run.censor_reason ?? run.ended})`
      : `turn ${run.half_life_turn}`;
  const decline =
    run.decline_pts === null
      ? ''
      : ` · decline ${numberText(run.decline_pts, 2)}${run.decline_ci_low === null ? '' : ` [${numberText(run.decline_ci_low, 2)}, ${numberText(run.decline_ci_high, 2)}]`}`;
  return [
    '',
    `${bold(run.model)} · ${run.seed_id} · ${run.phase} · temperature ${run.temperature ?? 'none'}${run.variant === 'main' ? '' : ` · ${run.variant}`}${run.is_simulated ? `  ${inverse(' simulated ')}` : ''}`,
    `half-life ${halfLife} · SD ${numberText(run.mean_score, 2)} · CSD ${numberText(run.csd, 2)} · ${run.n_turns} of ${run.planned_turns} turns · ${usdText(run.cost_usd)}${decline}`,
    dim(
      `${run.run_id} · ${run.ended}${run.fault === null ? '' : ` · fault: ${run.fault}`}${run.skip_reason === null ? '' : ` · ${run.skip_reason}: ${run.skip_detail ?? ''}`}`,
    ),
    ...(stopped_by === null ? [] : [yellow(`stopped by: ${printable(stopped_by)}`)]),
    '',
  ].join('\n');
}

function turnText(turn: Turn, run: RunSummary, isDetailed: boolean, context: Context): string {
  const { colors } = context;
  const width = Math.max(40, Math.min(context.columns, 110)) - 6;
  const said = turn.student.text.slice(0, turn.student.said_chars);
  const pasted = turn.student.text.slice(turn.student.said_chars);
  const notes = [
    turn.student.move,
    turn.student.injected === null ? null : `${turn.student.injected.kind} ${turn.student.injected.id}`,
  ].filter((note) => note !== null);
  const score =
    turn.score === null
      ? colors.yellow(`unscored (${turn.unscored_reason ?? ''})`)
      : (turn.is_compliant === true ? colors.green : colors.red)(turn.score.toFixed(2));
  const lines = [
    `${colors.bold(String(turn.turn_index).padStart(3))}  ${colors.cyan('student')} ${colors.dim(notes.join(' · '))}`,
    wrap(printable(said), width, 5),
    ...(pasted === ''
      ? []
      : [
          colors.dim(
            wrap(
              `[pasted ${pasted.length} characters: ${printable(pasted.trim()).slice(0, PASTE_SHOWN)}…]`,
              width,
              5,
            ),
          ),
        ]),
    `     ${colors.magenta('tutor')}   ${score} ${colors.dim(`${turn.scored_by}${turn.filter === 'judged' ? '' : `, ${turn.filter}`}`)}${turn.violations.length > 0 ? ` ${colors.red(turn.violations.join(', '))}` : ''}${turn.is_injection_flagged ? colors.yellow(' addresses the judge') : ''}${run.half_life_turn === turn.turn_index ? colors.inverse(' half-life ') : ''}`,
    wrap(printable(turn.tutor_text === '' ? `(no text: ${turn.stop_reason})` : turn.tutor_text), width, 5),
  ];
  if (isDetailed) lines.push('', ...details(turn, width, colors));
  return `${lines.join('\n')}\n`;
}

function details(turn: Turn, width: number, { dim, bold }: Colors): string[] {
  const judge = turn.judge;
  const rows = Object.entries(turn.heuristic.criteria).map(
    ([name, value]) =>
      `     ${name.padEnd(16)} heuristic ${value.toFixed(1).padStart(4)}   judge ${(judge?.criteria[name as keyof typeof judge.criteria]?.toFixed(1) ?? '–').padStart(4)}   ${dim(judge?.evidence[name as keyof typeof judge.evidence] ?? '')}`,
  );
  return [
    ...rows,
    ...turn.violation_spans.map(
      (span) =>
        `     ${bold(span.violation)} ${dim(`at ${span.start}–${span.end}`)} “${printable(span.text)}”`,
    ),
    ...(judge === null
      ? []
      : [`     ${dim(`${judge.judge_model}: `)}${wrap(printable(judge.rationale), width, 5).trimStart()}`]),
    `     ${dim(
      `CSD ${Object.entries(turn.csd_subscores)
        .map(([name, value]) => `${name} ${value === null ? '–' : value.toFixed(2)}`)
        .join('  ')}`,
    )}`,
    `     ${dim(`${turn.input_tokens} input + ${turn.cache_read_tokens} cached + ${turn.cache_write_tokens} written, ${turn.output_tokens} output tokens · ${usdText(turn.cost_usd)} · ${turn.latency_ms.toFixed(0)} ms · ${turn.attempts} call${turn.attempts === 1 ? '' : 's'}`)}`,
  ];
}
