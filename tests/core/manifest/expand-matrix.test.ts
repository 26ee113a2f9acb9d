import { describe, expect, it } from '@jest/globals';
import { manifestContent } from '../../../core/manifest/build-manifest.ts';
import { expandMatrix, type MatrixRow } from '../../../core/manifest/expand-matrix.ts';
import type { Overrides } from '../../../schemas/profile.ts';
import { configWith, PROFILES, MODELS, shippedConfig, withJson, type Loose } from './config.ts';

const DT = '2026-11-16';
const config = shippedConfig();

function rowsOf(profile: string, overrides: Overrides = {}, dt = DT, from = config): MatrixRow[] {
  const content = manifestContent(from, profile, overrides);
  return expandMatrix(content, from.phases.get(content.profile.artefacts.phases)!.profiles, dt);
}
const cellsOf = (rows: readonly MatrixRow[]) => rows.map(({ cell }) => JSON.stringify(Object.values(cell)));

describe('the matrix of a profile', () => {
  it('holds every combination of its axes once', () => {
    // Sizes as the seeds and the list of profiles state them.
    for (const [profile, size] of [
      ['quick', 6 * 2 * 4],
      ['mvp', 2 * 2 * 2],
      ['weekly', 180],
      ['weekly-bedrock', 180],
      ['seed-25', 25 * 2],
    ] as const) {
      const rows = rowsOf(profile);
      expect([profile, rows.length]).toEqual([profile, size]);
      expect(new Set(cellsOf(rows)).size).toBe(size);
    }
    expect(rowsOf('mvp', { repeats: 3 })).toHaveLength(24);
  });

  it('of `weekly` is 7,200 turns: 180 dialogues of 40', () => {
    expect(rowsOf('weekly').reduce((sum, row) => sum + row.turns, 0)).toBe(7200);
  });

  it('comes in blocks of all models and variants, so that a cut falls on all of them alike', () => {
    const { models, variants, seeds } = config.profiles.get('factorial')!.profile;
    const rows = rowsOf('factorial', { repeats: 2 });
    const arms = models.flatMap((model) => Object.keys(variants).map((variant) => `${model}|${variant}`));
    const n_blocks = seeds.length * 2;
    expect(rows).toHaveLength(arms.length * n_blocks);
    for (let block = 0; block < n_blocks; block += 1) {
      const own = rows.slice(block * arms.length, (block + 1) * arms.length);
      expect(own.every((row) => row.block === block)).toBe(true);
      expect(own.map(({ cell }) => `${cell.model}|${cell.variant}`).toSorted()).toEqual(arms.toSorted());
      const axes = own.map(({ cell }) => `${cell.repeat}|${cell.seed_id}|${cell.temperature}|${cell.phase}`);
      expect(new Set(axes).size).toBe(1);
    }
  });

  it('keeps phases balanced wherever it is cut: no phase is ahead of another by more than one block', () => {
    const rows = rowsOf('weekly');
    const seen = new Map<string, Set<number>>();
    for (const row of rows) {
      const blocks = seen.get(row.cell.phase) ?? new Set();
      seen.set(row.cell.phase, blocks.add(row.block));
      const counts = ['P0', 'P1', 'P2', 'P3'].map((phase) => seen.get(phase)?.size ?? 0);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it('finishes one repeat before it begins the next', () => {
    const repeats = rowsOf('mvp', { repeats: 3 }).map(({ cell }) => cell.repeat);
    expect(repeats).toEqual(repeats.toSorted((a, b) => a - b));
  });

  it('takes its turns from the phase, cut where the profile says so, never drawn out', () => {
    const onPhases10 = configWith(
      ...withJson(PROFILES, (v) => (v.profiles.quick.artefacts.phases = 'phases-1.0')),
    );
    const turnsOf = (overrides: Overrides) =>
      Object.fromEntries(
        rowsOf('quick', overrides, DT, onPhases10).map(({ cell, turns }) => [cell.phase, turns]),
      );
    expect(turnsOf({})).toEqual({ P0: 10, P1: 20, P2: 20, P3: 40 });
    expect(turnsOf({ turns: 15 })).toEqual({ P0: 10, P1: 15, P2: 15, P3: 15 });
    expect(turnsOf({ turns: 400 })).toEqual({ P0: 10, P1: 20, P2: 20, P3: 40 });
  });
});

describe('a model that takes no temperature', () => {
  const rows = rowsOf('mvp', { models: ['claude-opus-4-8', 'steadfast'], temperatures: [0.2, 0.7, 1] });
  const own = rows.filter(({ cell }) => cell.model === 'claude-opus-4-8');

  it('gets one run with null instead of three fake ones', () => {
    expect(own.map(({ cell, skip }) => [cell.temperature, skip?.reason ?? null])).toEqual([
      [null, null],
      [0.7, 'temperature_unsupported'],
      [1, 'temperature_unsupported'],
      [null, null],
      [0.7, 'temperature_unsupported'],
      [1, 'temperature_unsupported'],
    ]);
  });

  it('leaves the others as they are', () => {
    const others = rows.filter(({ cell }) => cell.model === 'steadfast');
    expect(others.map(({ cell }) => cell.temperature)).toEqual([0.2, 0.7, 1, 0.2, 0.7, 1]);
    expect(others.every(({ skip }) => skip === null)).toBe(true);
  });
});

describe('rows that are skipped before any model is asked', () => {
  const modelWith = (change: (model: Loose) => void) =>
    configWith(
      ...withJson(MODELS, (v) => change(v.models.find((one: Loose) => one.model_id === 'steadfast'))),
    );
  const reasonOf = (change: (model: Loose) => void, dt = DT, phase = 'P3' as 'P0' | 'P3') =>
    rowsOf(
      'quick',
      { models: ['steadfast'], phases: [phase], seeds: ['complexity-algebra-01'] },
      dt,
      modelWith(change),
    )[0]!.skip?.reason ?? null;

  it('are those whose phase does not fit into 0.85 of the window', () => {
    // P3 reaches 128,000 tokens; 128,000 / 0.85 = 150,588.2…
    expect(reasonOf((m) => (m.context_window_tokens = 150_589))).toBeNull();
    expect(reasonOf((m) => (m.context_window_tokens = 150_588))).toBe('context_window');
    expect(reasonOf((m) => (m.context_window_tokens = 128_000))).toBe('context_window');
    expect(reasonOf((m) => (m.context_window_tokens = 128_000), DT, 'P0')).toBeNull();
  });

  it('are those of models at the end of their life, from its very day on', () => {
    const ends = (ends_at: string) => (m: Loose) => Object.assign(m.lifecycle, { ends_at });
    expect(reasonOf(ends('2026-11-17'))).toBeNull();
    expect(reasonOf(ends('2026-11-16'))).toBe('eol');
    expect(reasonOf(ends('2026-11-15'))).toBe('eol');
    expect(reasonOf((m) => (m.lifecycle.status = 'eol'))).toBe('eol');
    expect(reasonOf((m) => (m.lifecycle.status = 'legacy'))).toBeNull();
    expect(reasonOf((m) => (m.lifecycle.status = 'unverified'))).toBeNull();
  });

  it('say why, with the numbers', () => {
    const rows = rowsOf('quick', { models: ['qwen3-32b', 'claude-3-opus', 'llama-3-2-90b'] });
    const details = new Set(
      rows.filter(({ skip }) => skip !== null).map(({ cell, skip }) => `${cell.model}: ${skip!.detail}`),
    );
    expect([...details]).toEqual([
      'claude-3-opus: retired by its provider (model registry)',
      'llama-3-2-90b: retired on 2026-07-07 by its provider (model registry)',
      'qwen3-32b: P2 reaches 32000 tokens, 27852 fit (0.85 × 32768)',
      'qwen3-32b: P3 reaches 128000 tokens, 27852 fit (0.85 × 32768)',
    ]);
  });

  it('of `weekly-bedrock` do not exist: its models hold P3 and take a temperature', () => {
    expect(rowsOf('weekly-bedrock').filter(({ skip }) => skip !== null)).toEqual([]);
  });
});

describe('a profile whose phases file lacks nothing', () => {
  it('gives each row the phase it names', () => {
    const changed = configWith(
      ...withJson(PROFILES, (v) => (v.profiles.quick.artefacts.phases = 'phases-1.1')),
    );
    for (const { cell, phase, turns } of rowsOf('quick', {}, DT, changed)) {
      expect(phase.phase).toBe(cell.phase);
      expect(turns).toBe(40);
    }
  });
});
