/**
 * `npm run demo [-- --small --weeks n --out dir]`: a lake with a simulated history, for the dashboard, its tests and its pictures.
 * Every number in it comes from a real execution of the state machine; scripts/demo/story.json says what happens when.
 */
import { parseArgs } from 'node:util';
import { buildDemo } from './demo/build-demo.ts';

const { values } = parseArgs({
  options: {
    weeks: { type: 'string' },
    out: { type: 'string', default: 'demo-lake' },
    small: { type: 'boolean', default: false },
  },
});
const weeks = values.weeks === undefined ? undefined : Number(values.weeks);
if (weeks !== undefined && (!Number.isInteger(weeks) || weeks < 3 || weeks > 104)) {
  console.error(`--weeks: expected a whole number from 3 to 104, got "${values.weeks}"`);
  process.exit(2);
}
const startedMs = performance.now();
await buildDemo({
  lake: values.out,
  size: values.small ? 'small' : 'full',
  ...(weeks === undefined ? {} : { weeks }),
  onWeek: ({ week, events, isKept }) =>
    console.error(`${week}${isKept ? ' (kept)' : ''}${events.map((event) => `  · ${event}`).join('')}`),
});
console.error(
  `done in ${Math.round((performance.now() - startedMs) / 1000)} s\nnext: npx socratic-bench view --lake ${values.out}`,
);
