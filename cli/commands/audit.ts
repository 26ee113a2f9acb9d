import { shiftWeek } from '../../core/identity/iso-week.ts';
import { turnItemId } from '../../core/labelling/draw-turns.ts';
import { readAudit } from '../../core/tasks/label-items.ts';
import { readSessions } from '../../core/tasks/read-labels.ts';
import { ratingsOf } from '../../core/labelling/ratings.ts';
import { weekSchema } from '../../schemas/common.ts';
import { EXIT } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { localLabelling } from '../host/local-labelling.ts';
import { openLake } from '../host/local-lake.ts';
import { readScorer } from '../host/read-scorer.ts';
import { tableText } from '../view/table.ts';

/** `audit [week]`: the queue, who has labelled what, and how far the means are from being corrected. */
export async function auditCommand(week: string | undefined, context: Context): Promise<number> {
  if (week !== undefined && !isWeek(week))
    throw new CliError('usage', `audit: expected an ISO week such as 2026-W47, got "${week}"`);
  const store = openLake(context);
  const { rubric } = await readScorer(context.configFolder);
  const items = await readAudit(store, week === undefined ? undefined : [week]);
  const ratings = ratingsOf(await readSessions(store), rubric);
  const rows = items.map((item) => {
    const item_id = turnItemId(item.run_id, item.turn_index);
    const raters = [
      ...new Set(ratings.filter((rating) => rating.item_id === item_id).map(({ rater }) => rater)),
    ];
    return { ...item, status: raters.length > 0 ? ('labelled' as const) : ('open' as const), raters };
  });
  const { corrections } = await (await localLabelling(store, context.configFolder)).statistics('audit');
  if (context.json) {
    context.out(`${JSON.stringify({ items: rows, corrections })}\n`);
    return EXIT.ok;
  }
  const open = rows.filter(({ status }) => status === 'open').length;
  const { colors } = context;
  context.out(
    [
      '',
      `${colors.bold('audit queue')}  ${rows.length} turns, ${open} open`,
      '',
      tableText(
        [
          { title: 'week' },
          { title: 'run' },
          { title: 'turn', align: 'right' },
          { title: 'drawn' },
          { title: 'raters' },
        ],
        rows.map((row) => [
          row.week,
          row.run_id,
          String(row.turn_index),
          row.drawn_as,
          row.raters.join(', '),
        ]),
        colors,
      ),
      `means: ${corrections?.note ?? 'no finished execution in this lake'}${colors.dim(' — labels on turns drawn at random, of the last 12 weeks of this series and measure')}`,
      colors.dim('`socratic-bench label --queue audit` labels them'),
      '',
    ].join('\n'),
  );
  return EXIT.ok;
}

function isWeek(week: string): boolean {
  if (!weekSchema.safeParse(week).success) return false;
  try {
    return shiftWeek(week, 0) === week;
  } catch {
    return false;
  }
}
