/**
 * Records the dialogues of tests/measure-version.test.ts anew: `npx tsx scripts/record-measure.ts`. Refuses while code gives
 * other results under the same config/ and MEASURE_VERSION: raise the version in schemas/names.ts first.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { record, replay, type Recording } from '../tests/measure/recording.ts';

const FIXTURE = fileURLToPath(new URL('../tests/fixtures/measure-recording.json', import.meta.url));

if (existsSync(FIXTURE)) {
  const recorded = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Recording;
  const today = await replay(recorded).catch(() => null);
  if (
    today?.measure_sha256 === recorded.measure_sha256 &&
    !isDeepStrictEqual(today.results, recorded.results)
  )
    throw new Error(
      'student or scoring code gives other results under the same measure: raise MEASURE_VERSION in schemas/names.ts, then record again',
    );
}
const made = await record();
writeFileSync(
  FIXTURE,
  await format(JSON.stringify(made), { ...(await resolveConfig(FIXTURE)), parser: 'json' }),
);
process.stdout.write(
  `${FIXTURE}: ${made.results.length} dialogues, measure ${made.measure_sha256.slice(0, 8)}, version ${made.measure_version}\n`,
);
