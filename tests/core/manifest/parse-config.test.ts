import { describe, expect, it, test } from '@jest/globals';
import { parseConfig } from '../../../core/manifest/parse-config.ts';
import {
  messageOf,
  MODELS,
  PROFILES,
  shippedConfig,
  textOf,
  withJson,
  withText,
  type Loose,
} from './config.ts';

const problemsOf = (files: Parameters<typeof parseConfig>[0]) =>
  messageOf(() => parseConfig(files))
    .split('\n')
    .filter((line) => line !== '');

describe('the config folder', () => {
  it('as shipped has no problem, and every artefact that a profile names', () => {
    const config = shippedConfig();
    expect([...config.profiles.keys()]).toEqual(
      expect.arrayContaining(['quick', 'mvp', 'weekly', 'weekly-bedrock', 'seed-25', 'factorial']),
    );
    expect(config.files.get('rubrics/rubric-1.1')).toMatchObject({ kind: 'rubrics', extension: 'json' });
    expect(config.files.get('prompts/system/soc-1.2')).toMatchObject({ extension: 'txt' });
    expect(config.files.get('golden/golden_set_v1')).toMatchObject({ extension: 'jsonl' });
  });

  it('may hold files that are no artefact', () => {
    expect(() => parseConfig([{ path: 'README.md', text: '{' }])).not.toThrow();
    expect(() => parseConfig([{ path: 'notes/x.json', text: '{' }])).not.toThrow();
  });

  const cases: [string, string, (value: Loose) => void, string][] = [
    [
      'a price below zero',
      MODELS,
      (v) => (v.models[3].usd_per_1m_input_tokens = -1),
      ': models[3].usd_per_1m_input_tokens: expected number to be >=0, got -1',
    ],
    [
      'a model id with a path in it',
      MODELS,
      (v) => (v.models[0].model_id = '../x'),
      ': models[0].model_id: expected a path-safe name matching ^[a-z0-9][a-z0-9._-]{0,63}$, got "../x"',
    ],
    [
      'a model id of 300 characters',
      MODELS,
      (v) => (v.models[0].model_id = 'x'.repeat(300)),
      ': models[0].model_id: expected a path-safe name',
    ],
    [
      'a model id written from right to left',
      MODELS,
      (v) => (v.models[0].model_id = 'a\u202eb'),
      ': models[0].model_id: expected a path-safe name',
    ],
    [
      'a key nobody knows',
      MODELS,
      (v) => (v.models[1].temprature = 1),
      ': models[1].temprature: expected no such key, got "temprature"',
    ],
    [
      'a missing key',
      MODELS,
      (v) => delete v.models[2].endpoint,
      ': models[2].endpoint: expected string, got nothing',
    ],
    [
      'an unknown provider',
      MODELS,
      (v) => (v.models[0].provider = 'acme'),
      ': models[0].provider: expected one of "simulated"|"bedrock"|"openai-compatible", got "acme"',
    ],
    [
      'a seed id with NUL',
      'seeds/seeds-20261116.json',
      (v) => (v.seeds[4].seed_id = 'a\0b'),
      ': seeds[4].seed_id: expected lower-case letters',
    ],
    [
      'weights of another type',
      'rubrics/rubric-1.1.json',
      (v) => (v.pass_score = '8'),
      ': pass_score: expected number, got "8"',
    ],
    [
      'a phase without tokens',
      'phases/phases-1.0.json',
      (v) => delete v.profiles[0].target_tokens,
      ': profiles[0].target_tokens: expected number, got nothing',
    ],
    [
      'an alert rule without its bound',
      'alerts/alerts-1.0.json',
      (v) => delete v.half_life_drop.min_drop_frac,
      ': half_life_drop.min_drop_frac: expected number, got nothing',
    ],
    [
      'a profile of no model',
      PROFILES,
      (v) => (v.profiles.quick.models = []),
      ': profiles.quick.models: expected array to have >=1 items, got []',
    ],
    [
      'a profile of no variant',
      PROFILES,
      (v) => (v.profiles.quick.variants = {}),
      ': profiles.quick.variants: expected at least one variant, got {}',
    ],
    [
      'a temperature of 3',
      PROFILES,
      (v) => v.profiles.mvp.temperatures.push(3),
      ': profiles.mvp.temperatures[2]: expected number to be <=2, got 3',
    ],
    [
      'two turns',
      PROFILES,
      (v) => (v.profiles.mvp.turns = 2),
      ': profiles.mvp.turns: expected number to be >=3, got 2',
    ],
    [
      'a student script without its version',
      'student/student-1.0.json',
      (v) => delete v.version,
      ': version: expected string, got nothing',
    ],
    [
      'a phrase bank of another form',
      'simulated/phrases-1.0.json',
      (v) => (v.version = 7),
      ': version: expected string, got 7',
    ],
    [
      'prices of another form',
      'prices/aws-2026-07.json',
      (v) => Object.keys(v).forEach((key) => delete v[key]),
      ': expected',
    ],
    [
      'weights of heuristics of another form',
      'heuristics/heuristics-1.0.json',
      (v) => (v.version = null),
      ': version: expected string, got null',
    ],
  ];
  test.each(cases)(
    'refuses %s, by file, path, what was expected and what was got',
    (_, path, change, expected) => {
      const problems = problemsOf(withJson(path, change));
      expect(problems.length).toBeGreaterThan(0);
      const found = problems.find((problem) => problem.includes(expected));
      expect(found ?? problems).toEqual(expect.stringContaining(`config/${path}`));
    },
  );

  it('says of every problem where it is, in one error that says how to check again', () => {
    const files = [
      ...withJson(MODELS, (v) => (v.models[0].vendor = 1)),
      ...withText('alerts/alerts-1.0.json', () => '{'),
    ];
    let error: unknown;
    try {
      parseConfig(files);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({
      name: 'InvalidConfig',
      hint: expect.stringContaining('socratic-bench validate'),
    });
    const problems = (error as Error).message.split('\n');
    expect(problems).toHaveLength(2);
    for (const problem of problems) expect(problem).toMatch(/^config\/[^:]+: [^:]+: expected .+, got .+$/);
  });

  it('names line and file of a bad golden item', () => {
    const problems = problemsOf(
      withText('golden/golden_set_v1.jsonl', (text) => {
        const lines = text.split('\n');
        lines[2] = lines[2]!.replace('"item_id"', '"item"');
        lines[4] = '{"item_id": ';
        return lines.join('\n');
      }),
    );
    expect(problems).toContainEqual(
      expect.stringMatching(
        /^config\/golden\/golden_set_v1\.jsonl:3: item_id: expected string, got nothing$/,
      ),
    );
    expect(problems).toContainEqual(
      expect.stringMatching(/^config\/golden\/golden_set_v1\.jsonl:5: \(root\): expected JSON, got /),
    );
  });

  it('refuses ids and names used twice, in one file or in two', () => {
    expect(problemsOf(withJson(MODELS, (v) => v.models.push(v.models[0])))).toEqual([
      expect.stringMatching(
        /^config\/models\/models-1\.0\.json: models\[\d+\]: expected an id used once, got "claude-sonnet-4-5" a second time$/,
      ),
    ]);
    expect(
      problemsOf(withJson('seeds/seeds-20261116.json', (v) => v.seeds.splice(1, 0, v.seeds[0]))),
    ).toEqual([
      expect.stringMatching(
        /^config\/seeds\/seeds-20261116\.json: seeds\[1\]: expected an id used once, got "[^"]+" a second time$/,
      ),
    ]);
    const text = textOf(PROFILES);
    expect(
      problemsOf([
        { path: 'profiles/mine.json', text },
        { path: PROFILES, text },
      ]),
    ).toContain(
      'config/profiles/profiles-1.0.json: profiles.quick: expected a name used once, got it a second time',
    );
  });

  it('shows at most 40 problems and no value in full length', () => {
    const problems = problemsOf(
      withJson(MODELS, (v) => v.models.forEach((model: Loose) => (model.version = 'v'.repeat(5000)))),
    );
    expect(problems).toHaveLength(40);
    for (const problem of problems) expect(problem.length).toBeLessThan(250);
  });
});
