import { describe, expect, it } from '@jest/globals';
import { runRow, scaleOf } from '../../../core/dashboard/run-row.ts';
import { transcriptFile } from '../../../core/dashboard/transcript.ts';
import { summarizeRun } from '../../../core/aggregate/summarize-run.ts';
import { seedFileSchema } from '../../../schemas/seed.ts';
import type { Turn } from '../../../schemas/turn.ts';
import { transcriptFileSchema } from '../../../schemas/dashboard-runs.ts';
import { readFileSync } from 'node:fs';
import { judgedRun, plannedRow, rubric } from '../aggregate/fixtures.ts';

const [seed] = seedFileSchema.parse(
  JSON.parse(readFileSync(new URL('../../../config/seeds/seeds-20261116.json', import.meta.url), 'utf8')),
).seeds;
const HOSTILE =
  '</script><img src=x onerror=alert(1)> =HYPERLINK("http://evil.example") \u2028 \u202e \u0000 ${7*7}';
const row = plannedRow();

function transcriptOf(turns: readonly Turn[]) {
  const summary = summarizeRun({
    row,
    seed: seed!,
    ended: null,
    provider: 'simulated',
    is_simulated: true,
    turns,
    rubric,
    threads: { thread_depths: [], salience_recall_at_3: null },
  });
  const view = runRow(summary, turns, rubric);
  return { view, file: transcriptFile({ summary, row: view, seed: seed!, scale: scaleOf(rubric) }, turns) };
}
const withText = (turn: Turn, changes: Partial<Turn>): Turn => ({ ...turn, ...changes });

describe('a transcript for the site', () => {
  it('keeps hostile text what it is: text, character by character, through JSON', () => {
    const turns = judgedRun(row, [9, 3, 3]).map((turn) =>
      withText(turn, {
        tutor_text: HOSTILE,
        student: { ...turn.student, text: HOSTILE, said_chars: HOSTILE.length },
        violation_spans: [{ violation: 'telling', start: 0, end: 9, text: '</script>' }],
      }),
    );
    const { file } = transcriptOf(turns);
    const read = transcriptFileSchema.parse(JSON.parse(JSON.stringify(file)));
    expect(read.turns.map(({ tutor_text }) => tutor_text)).toEqual([HOSTILE, HOSTILE, HOSTILE]);
    expect(read.turns[0]!.student.said).toBe(HOSTILE);
    expect(read.run.worst_turn!.text).toBe('</script>');
  });

  it('leaves what was pasted out, and says how much it was', () => {
    const paste = `\n\n${'secret minutes '.repeat(700)}`;
    const turns = judgedRun(row, [9, 9, 9]).map((turn) =>
      withText(turn, { student: { ...turn.student, text: `I think so.${paste}`, said_chars: 11 } }),
    );
    const { file } = transcriptOf(turns);
    expect(file.turns[0]!.student).toMatchObject({
      said: 'I think so.',
      pasted_words: 1400,
      pasted_note: '[… 1,400 words pasted …]',
    });
    expect(JSON.stringify(file)).not.toContain('secret');
  });

  it('draws the moving average over scored turns, with gaps where a turn is unscored', () => {
    const { file } = transcriptOf(judgedRun(row, [9, 9, null, 9, 6]));
    expect(file.turns.map(({ ma3_pts }) => ma3_pts)).toEqual([null, null, null, 9, 8]);
  });
});

describe('the turn that broke a run', () => {
  it('is the lowest of the window in which the average fell, not a worse one later', () => {
    const { view } = transcriptOf(judgedRun(row, [9, 9, 5, 9, 9, 9, 2, 2, 2]));
    expect(view.half_life_turn).toBe(3);
    expect([view.breaking_turn!.turn_index, view.worst_turn!.turn_index]).toEqual([3, 7]);
  });

  it('is none where the average held', () => {
    const { view } = transcriptOf(judgedRun(row, [9, 9, 8.5]));
    expect([view.breaking_turn, view.worst_turn!.turn_index]).toEqual([null, 3]);
  });

  it('shows the words of a violation that stands in the verdict before others, else how the reply begins', () => {
    const spans: Turn['violation_spans'] = [
      { violation: 'closed_question', start: 0, end: 3, text: 'Is ' },
      { violation: 'telling', start: 6, end: 12, text: 'wrong.' },
    ];
    const turns = judgedRun(row, [9, 3, 3]).map((turn) =>
      withText(turn, { tutor_text: 'Is it wrong. Yes.', violations: ['telling'], violation_spans: spans }),
    );
    expect(transcriptOf(turns).view.worst_turn!.text).toBe('wrong.');
    const bare = turns.map((turn) => withText(turn, { tutor_text: 'x'.repeat(500), violation_spans: [] }));
    expect(transcriptOf(bare).view.worst_turn!.text).toMatch(/^x{159}…$/);
  });
});
