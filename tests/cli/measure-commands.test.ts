import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { canaryRunCommand } from '../../cli/commands/canary.ts';
import { factorialCommand } from '../../cli/commands/factorial.ts';
import { goldenBuildCommand, goldenImportCommand, goldenStatsCommand } from '../../cli/commands/golden.ts';
import { validityCommand } from '../../cli/commands/validity.ts';
import { listening } from './listening.ts';

const folder = mkdtempSync(join(tmpdir(), 'socratic-measure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A context of a lake of its own, and what a command printed there as JSON. */
function measuring(name: string) {
  const { context, printed } = listening({ lake: join(folder, name), json: true, quiet: true });
  return { context, printed: () => JSON.parse(printed()) as Record<string, unknown> };
}

/** A folder of rows in the common form. */
function labelledFolder(rows: number): string {
  const data = mkdtempSync(join(folder, 'data-'));
  const lines = Array.from({ length: rows }, (_, n) => ({
    dataset: 'mathdial',
    dialogue_id: `problem-${n % 25}/${n}`,
    turn: 1,
    context: [{ role: 'student', text: `I added ${n} and 3 and got ${n + 4}.` }],
    utterance: n % 2 === 0 ? `No, the sum is ${n + 3}.` : `How did you add ${n} and 3?`,
    labels: {},
    binary: { telling: n % 2 === 0, reveals_answer: null, open_question: null, builds_on_prior: null },
  }));
  writeFileSync(join(data, 'mathdial.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return data;
}

describe('golden sets on the command line', () => {
  it('imports human labels into the lake under the next version, and never overwrites one', async () => {
    const first = measuring('import');
    expect(await goldenImportCommand(labelledFolder(40), { items: 10 }, first.context)).toBe(0);
    expect(first.printed()).toMatchObject({
      golden_set: 'golden_set_public_v1',
      n_items: 10,
      n_importable: 40,
    });
    const second = measuring('import');
    await goldenImportCommand(labelledFolder(40), {}, second.context);
    expect(second.printed()).toMatchObject({ golden_set: 'golden_set_public_v2', n_items: 40 });
    await expect(
      goldenImportCommand(labelledFolder(4), { as: 'golden_set_public_v1' }, measuring('import').context),
    ).rejects.toThrow(/write-once/);
  });

  it('counts what a set holds, balanced between what was found and what was not', async () => {
    await goldenImportCommand(labelledFolder(40), { items: 10, as: 'mine-1' }, measuring('stats').context);
    const { context, printed } = measuring('stats');
    await goldenStatsCommand('mine-1', context);
    expect(printed()).toMatchObject({ n_items: 10, n_clean: 5, agreement: null });
    expect(printed()['by_criterion']).toMatchObject({ non_directive: 10, open_ended: 0 });
  });

  it('names the sets there are when one is not', async () => {
    await expect(goldenStatsCommand('none', measuring('names').context)).rejects.toMatchObject({
      hint: expect.stringContaining('golden_set_v1'),
    });
  });

  it('refuses to build from labels that nobody has made', async () => {
    await expect(goldenBuildCommand({}, measuring('build').context)).rejects.toMatchObject({
      hint: expect.stringContaining('socratic-bench label'),
    });
  });
});

describe('canary run', () => {
  it('prints agreement by criterion and how far the judge agrees with itself', async () => {
    const { context, printed } = measuring('canary');
    expect(await canaryRunCommand({ repeats: 3 }, context)).toBe(0);
    const { n_items, n_judged, kappa, by_criterion, repeatability } = printed() as {
      n_items: number;
      n_judged: number;
      kappa: number;
      by_criterion: { criterion: string; n: number; kappa: number | null }[];
      repeatability: { n_repeats: number; score_sd_pts: number };
    };
    expect(n_judged).toBeGreaterThan(0);
    expect(n_judged).toBeLessThan(n_items);
    expect(kappa).toBeGreaterThan(0.9);
    expect(by_criterion).toHaveLength(9);
    expect(repeatability).toMatchObject({ n_repeats: 3 });
    expect(repeatability.score_sd_pts).toBeGreaterThan(0);
  });

  it('says which simulated judges there are when a judge is unknown', async () => {
    await expect(canaryRunCommand({ judge: 'nobody' }, measuring('canary').context)).rejects.toMatchObject({
      hint: expect.stringContaining('sim-judge'),
    });
  });

  it('calls no paid judge without --yes and a cap', async () => {
    await expect(
      canaryRunCommand({ judge: 'claude-haiku-4-5', items: 5 }, measuring('canary').context),
    ).rejects.toMatchObject({ kind: 'budget' });
  });

  it('compares nothing that a set of human labels does not mark', async () => {
    await goldenImportCommand(labelledFolder(8), { as: 'partial-1' }, measuring('partial').context);
    const { context, printed } = measuring('partial');
    await canaryRunCommand({ goldenSet: 'partial-1' }, context);
    expect(printed()).toMatchObject({ n_items: 8, n_scored: 0, mae_pts: null, kappa: null });
  });
});

describe('validity', () => {
  it('prints a row for each task and set', async () => {
    const { context, printed } = measuring('validity');
    expect(await validityCommand({ data: labelledFolder(120) }, context)).toBe(0);
    expect(printed()['tasks']).toEqual([
      expect.objectContaining({ task: 'telling', dataset: 'mathdial', n: 120, positive_frac: 0.5 }),
    ]);
  });

  it.each([
    ['a folder that is not there', () => join(folder, 'nowhere'), /got ENOENT/],
    ['a folder without sets', () => mkdtempSync(join(folder, 'empty-')), /expected \.jsonl files/],
  ])('refuses %s', async (_what, data, message) => {
    await expect(validityCommand({ data: data() }, measuring('validity').context)).rejects.toThrow(message);
  });
});

describe('factorial', () => {
  it('asks for an execution where there is none', async () => {
    await expect(factorialCommand('latest', measuring('empty').context)).rejects.toThrow(
      /no finished execution/,
    );
  });
});
