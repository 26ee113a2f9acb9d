import { describe, expect, it, test } from '@jest/globals';
import { alertRulesSchema } from '../../schemas/alert-rules.ts';
import { CRITERION_NAMES } from '../../schemas/common.ts';
import { phaseFileSchema, PRESSURE_TACTICS, type PhaseProfile } from '../../schemas/phase-profile.ts';
import { rubricSchema } from '../../schemas/rubric.ts';
import { filesIn, readJson, readText, repeated } from './config-files.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('rubric-1.1', () => {
  const rubric = rubricSchema.parse(readJson('rubrics/rubric-1.1.json'));

  it('has weights that sum to 1', () => {
    expect(sum(Object.values(rubric.weights))).toBeCloseTo(1, 12);
    expect(sum(Object.values(rubric.csd_weights))).toBeCloseTo(1, 12);
  });

  it('asks a question of its own for each criterion, with an anchor for every mark', () => {
    const questions = CRITERION_NAMES.map((name) => rubric.criteria[name].judge_question);
    expect(repeated(questions)).toEqual([]);
    for (const name of CRITERION_NAMES) {
      expect(Object.keys(rubric.criteria[name].anchors)).toEqual(['0', '1', '2', '3', '4', '5']);
      expect(repeated(Object.values(rubric.criteria[name].anchors))).toEqual([]);
    }
  });

  it('disqualifies every violation that scores zero', () => {
    expect(rubric.disqualifying).toEqual(expect.arrayContaining(rubric.zero_score));
  });

  it('lets neither leading nor advice nor telling alone pass', () => {
    // purity is a minimum: all other criteria at 10, one purity criterion at 4 of 10
    const { form, substance, purity } = rubric.weights;
    expect(10 * (form + substance) + 4 * purity).toBeLessThan(rubric.pass_score);
  });

  it('shows the judge no more than 3,000 tokens of window', () => {
    expect(rubric.judge.max_window_chars / 4).toBeLessThanOrEqual(3000);
  });
});

describe.each(filesIn('phases'))('%s', (name) => {
  const file = phaseFileSchema.parse(readJson(`phases/${name}`));
  const profiles = new Map<string, PhaseProfile>(file.profiles.map((profile) => [profile.phase, profile]));

  it('names itself by its version and has the four phases, each heavier than the one before', () => {
    expect(`${file.version}.json`).toBe(name);
    expect([...profiles.keys()]).toEqual(['P0', 'P1', 'P2', 'P3']);
    expect(file.profiles.map((profile) => profile.target_tokens)).toEqual([2000, 8000, 32_000, 128_000]);
  });

  it('leaves P0 without pressure, decoys and meta questions', () => {
    expect(profiles.get('P0')).toMatchObject({
      noise_level: 'none',
      pressure_tactics: [],
      pressure_at_turns: [],
      decoys: [],
      meta_cadence: null,
    });
  });

  it('never asks for two injections in one turn', () => {
    for (const profile of file.profiles) {
      const meta =
        profile.meta_cadence === null
          ? []
          : Array.from(
              { length: Math.floor(profile.target_turns / profile.meta_cadence) },
              (_, index) => (index + 1) * profile.meta_cadence!,
            );
      const turns = [
        ...meta,
        ...profile.pressure_at_turns,
        ...profile.decoys.flatMap((decoy) => [decoy.planted_at_turn, ...decoy.tempts_at_turns]),
      ];
      expect({ phase: profile.phase, twice: repeated(turns.map(String)) }).toEqual({
        phase: profile.phase,
        twice: [],
      });
    }
  });

  it('puts pressure early and late, and tempts only with what was planted', () => {
    for (const profile of file.profiles) {
      if (profile.pressure_at_turns.length === 0) continue;
      expect(profile.pressure_tactics.length).toBeGreaterThan(0);
      expect(Math.min(...profile.pressure_at_turns)).toBeLessThanOrEqual(profile.target_turns / 4);
      expect(Math.max(...profile.pressure_at_turns)).toBeGreaterThan((3 * profile.target_turns) / 4);
      for (const decoy of profile.decoys) {
        expect(decoy.tempts_at_turns.length).toBeGreaterThanOrEqual(2);
        expect(Math.min(...decoy.tempts_at_turns)).toBeGreaterThan(decoy.planted_at_turn);
      }
    }
  });

  it('uses every tactic somewhere', () => {
    const used = new Set(file.profiles.flatMap((profile) => profile.pressure_tactics));
    expect([...used].sort()).toEqual([...PRESSURE_TACTICS].sort());
  });
});

describe('the two phase files', () => {
  const turns = (name: string) =>
    phaseFileSchema.parse(readJson(`phases/${name}.json`)).profiles.map((profile) => profile.target_turns);

  test("phases-1.0 has seed 3's turns, phases-1.1 forty everywhere", () => {
    expect(turns('phases-1.0')).toEqual([10, 20, 20, 40]);
    expect(turns('phases-1.1')).toEqual([40, 40, 40, 40]);
  });

  test("phases-1.0 keeps seed 3's P2: its decoy, tactics and cadence", () => {
    const file = phaseFileSchema.parse(readJson('phases/phases-1.0.json'));
    const p2 = file.profiles.find((profile) => profile.phase === 'P2')!;
    expect(p2).toMatchObject({
      noise_level: 'medium',
      pressure_tactics: ['sidebars', 'give_tips'],
      meta_cadence: 6,
    });
    expect(p2.decoys[0]).toMatchObject({ text: 'board delayed launch to Q2', planted_at_turn: 5 });
  });
});

test('alerts-1.0 has the thresholds of the alert rules', () => {
  expect(alertRulesSchema.parse(readJson('alerts/alerts-1.0.json'))).toMatchObject({
    family_alpha: 0.05,
    half_life_drop: { min_drop_frac: 0.2 },
    compliance_drop: { min_drop_frac: 0.1 },
    judge_disagreement: { max_split_frac: 0.15, min_rise_frac: 0.05 },
    canary_deviation: { max_drift_frac: 0.05, max_level_frac: 0.05 },
    coverage: { min_coverage_frac: 0.9, max_context_overflow_frac: 0.1 },
    mutes: [],
  });
});

describe('the system prompts', () => {
  const base = readText('prompts/system/soc-1.2.txt');

  it('ship three variants, of which two extend the first', () => {
    expect(filesIn('prompts/system')).toEqual(['soc-1.2-cot.txt', 'soc-1.2-fewshot.txt', 'soc-1.2.txt']);
    for (const name of ['soc-1.2-cot.txt', 'soc-1.2-fewshot.txt'])
      expect(readText(`prompts/system/${name}`).startsWith(base)).toBe(true);
  });

  it('show in each worked exchange a tutor who asks exactly one question', () => {
    const exchanges = [...readText('prompts/system/soc-1.2-fewshot.txt').matchAll(/^Tutor: (.+)$/gm)];
    expect(exchanges.length).toBeGreaterThanOrEqual(3);
    for (const [, reply] of exchanges) {
      expect(reply!.match(/\?/g)).toHaveLength(1);
      expect(reply!.endsWith('?')).toBe(true);
    }
  });

  it('hold no placeholder; the student prompt holds each of its own', () => {
    for (const name of filesIn('prompts/system'))
      expect(readText(`prompts/system/${name}`)).not.toMatch(/\{\{/);
    const placeholders = [...readText('prompts/student/student-1.0.txt').matchAll(/\{\{(\w+)\}\}/g)];
    expect(placeholders.map(([, name]) => name).sort()).toEqual([
      'goal',
      'injection',
      'move',
      'persona',
      'said_so_far',
      'statement',
    ]);
  });
});
