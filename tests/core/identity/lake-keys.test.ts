import { describe, expect, it, test } from '@jest/globals';
import { checkDerivedKey, checkLakeKey, checkLakePrefix } from '../../../core/identity/check-lake-key.ts';
import { defaultExecutionId } from '../../../core/identity/execution-id.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';

const RUN_ID = '01JD0000000000000000000001';
const place = { dt: '2026-11-16', model: 'nova-lite', phase: 'P3', run_id: RUN_ID };
const MANIFEST_ID = 'manifest_20261116_0123abcd';
const EXECUTION = 'weekly-2026-W47-0123abcd4567';

describe('keys of the lake', () => {
  // The layout of docs/lake.md.
  test.each([
    [lakeKeys.manifest(MANIFEST_ID), `manifests/${MANIFEST_ID}.json`],
    [lakeKeys.plan(MANIFEST_ID, EXECUTION), `manifests/${MANIFEST_ID}/plans/${EXECUTION}.jsonl`],
    [lakeKeys.runs(MANIFEST_ID, EXECUTION), `manifests/${MANIFEST_ID}/plans/${EXECUTION}.runs.jsonl`],
    [
      lakeKeys.judgements(MANIFEST_ID, EXECUTION),
      `manifests/${MANIFEST_ID}/plans/${EXECUTION}.judgements.jsonl`,
    ],
    [lakeKeys.turnCheckpoint(RUN_ID, 7), `checkpoints/${RUN_ID}/turn-0007.json`],
    [lakeKeys.studentCheckpoint(RUN_ID, 12), `checkpoints/${RUN_ID}/student-0012.json`],
    [lakeKeys.judgeCheckpoint(RUN_ID, 1000), `checkpoints/${RUN_ID}/judge-1000.json`],
    [lakeKeys.ended(RUN_ID), `checkpoints/${RUN_ID}/ended.json`],
    [lakeKeys.raw(place), `raw/dt=2026-11-16/model=nova-lite/phase=P3/${RUN_ID}.jsonl`],
    [lakeKeys.judged(place), `judged/dt=2026-11-16/model=nova-lite/phase=P3/${RUN_ID}.jsonl`],
    [lakeKeys.score('2026-11-16', RUN_ID), `scores/dt=2026-11-16/${RUN_ID}_summary.json`],
    [lakeKeys.curatedTurns('2026-W47', EXECUTION), `curated/turns/week=2026-W47/${EXECUTION}.parquet`],
    [
      lakeKeys.curatedWeekly('2026-W47', EXECUTION),
      `curated/weekly_summary/week=2026-W47/${EXECUTION}.parquet`,
    ],
    [lakeKeys.goldenSet('golden_set_v1'), 'calibration/golden_sets/golden_set_v1.jsonl'],
    [lakeKeys.canaryResults('2026-11-16', EXECUTION), `calibration/results/dt=2026-11-16/${EXECUTION}.jsonl`],
    [lakeKeys.ledger('2026-W47', EXECUTION), `ledger/week=2026-W47/${EXECUTION}.jsonl`],
    [lakeKeys.alerts('2026-W47', EXECUTION), `alerts/week=2026-W47/${EXECUTION}.jsonl`],
    [lakeKeys.audit('2026-W47', EXECUTION), `audit/week=2026-W47/${EXECUTION}.jsonl`],
    [lakeKeys.status(EXECUTION), `executions/${EXECUTION}/status.json`],
    [lakeKeys.seal(EXECUTION), `executions/${EXECUTION}/seal.json`],
  ])('%s', (key, expected) => {
    expect(key).toBe(expected);
    expect(() => checkLakeKey(key)).not.toThrow();
  });

  it('of checkpoints sort by turn as text, and lie under their prefix', () => {
    const keys = Array.from({ length: 1000 }, (_, index) => lakeKeys.turnCheckpoint(RUN_ID, index + 1));
    expect(keys.toSorted()).toEqual(keys);
    expect(keys.every((key) => key.startsWith(lakeKeys.checkpoints(RUN_ID)))).toBe(true);
  });

  test.each([
    '',
    '/etc/passwd',
    '../x',
    'raw/../config/x',
    'raw/./x',
    'raw//x',
    'raw/x/',
    '.local/x',
    'raw/.hidden',
    'raw/a b',
    'raw/\0',
    'raw\\x',
    'raw/\u202egnp.exe',
    'raw/é',
    'raw/a:b',
    `raw/${'x'.repeat(256)}`,
    Array.from({ length: 10 }, () => 'x'.repeat(120)).join('/'),
  ])('that lead elsewhere or fit no store are refused: %j', (key) => {
    expect(() => checkLakeKey(key)).toThrow(expect.objectContaining({ name: 'InvalidConfig' }));
    expect(() => checkDerivedKey(key)).toThrow(expect.objectContaining({ name: 'InvalidConfig' }));
  });

  it('may be as long as a file system and S3 allow, no longer', () => {
    expect(() => checkLakeKey(`raw/${'x'.repeat(255)}`)).not.toThrow();
    const almost = `${'x'.repeat(199)}/`.repeat(5);
    expect(() => checkLakeKey(almost + 'x'.repeat(24))).not.toThrow();
    expect(() => checkLakeKey(almost + 'x'.repeat(25))).toThrow('at most 1024 characters');
  });

  test.each([
    'config/x',
    'manifests/x',
    'calibration/x',
    'checkpoints/x',
    'raw/x',
    'labels/x',
    'evaluator/x',
  ])('that are written once are refused where one would be replaced: %s', (key) => {
    expect(() => checkDerivedKey(key)).toThrow('putIfAbsent');
  });

  test.each(['judged/x', 'scores/x', 'curated/x', 'dashboard/data/x', 'executions/x', 'rawest/x'])(
    'that are derived may be replaced: %s',
    (key) => {
      expect(() => checkDerivedKey(key)).not.toThrow();
    },
  );

  it('can be listed by folder, by the beginning of a name, and all', () => {
    for (const prefix of ['', 'raw/', 'raw', 'manifests/manifest_', lakeKeys.checkpoints(RUN_ID)])
      expect(() => checkLakePrefix(prefix)).not.toThrow();
    for (const prefix of ['/', '../', 'raw//', 'raw/../', '.', 'raw/.', 'x'.repeat(1025)])
      expect(() => checkLakePrefix(prefix)).toThrow(expect.objectContaining({ name: 'InvalidConfig' }));
  });
});

describe('the default execution id', () => {
  const sha256 = `0123456789abcdef${'0'.repeat(48)}`;

  it('names profile, week and content', () => {
    expect(defaultExecutionId('weekly', '2026-W47', sha256)).toBe('weekly-2026-W47-0123456789ab');
  });

  test.each(['seed.25', 'p'.repeat(64), '_x', 'über'])(
    'is refused for the profile %s, with the way out',
    (profile) => {
      expect(() => defaultExecutionId(profile, '2026-W47', sha256)).toThrow(
        expect.objectContaining({
          name: 'InvalidConfig',
          hint: expect.stringContaining('shorter name'),
        }),
      );
    },
  );
});
