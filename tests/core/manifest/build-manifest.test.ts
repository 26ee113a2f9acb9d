import { describe, expect, it, test } from '@jest/globals';
import { canonicalSha256 } from '../../../core/identity/canonical-json.ts';
import { sha256Hex } from '../../../core/identity/hash.ts';
import { closestName, unknownName } from '../../../core/manifest/closest-name.ts';
import { manifestContent, resolveProfile, usedModels } from '../../../core/manifest/build-manifest.ts';
import { parseConfig, type ConfigFile } from '../../../core/manifest/parse-config.ts';
import { manifestContentSchema } from '../../../schemas/run-manifest.ts';
import type { Overrides } from '../../../schemas/profile.ts';
import {
  configWith,
  messageOf,
  MODELS,
  PROFILES,
  SHIPPED,
  shippedConfig,
  withJson,
  withText,
  type Loose,
} from './config.ts';

const contentOf = (files: readonly ConfigFile[], profile = 'mvp', overrides: Overrides = {}) =>
  manifestContent(configWith(...files), profile, overrides);
const shipped = manifestContent(shippedConfig(), 'mvp', {});

describe('a profile', () => {
  it('is taken as it stands, or with the overrides in place of its own values', () => {
    const config = shippedConfig();
    const plain = resolveProfile(config, 'mvp', {}).profile;
    expect(plain).toEqual(config.profiles.get('mvp')!.profile);
    const overrides: Overrides = {
      models: ['leading'],
      temperatures: [0],
      seeds: ['complexity-algebra-01'],
      phases: ['P2', 'P3'],
      turns: 5,
      repeats: 3,
    };
    expect(resolveProfile(config, 'mvp', overrides).profile).toEqual({ ...plain, ...overrides });
  });

  it('keeps its own value where an override is undefined', () => {
    const { profile } = resolveProfile(shippedConfig(), 'mvp', { turns: undefined } as unknown as Overrides);
    expect(profile).toEqual(shippedConfig().profiles.get('mvp')!.profile);
  });

  const unknown: [string, string, Overrides, string][] = [
    ['a profile', 'weakly', {}, 'unknown profile "weakly": did you mean "weekly"?'],
    ['a model', 'mvp', { models: ['drifer-10'] }, 'unknown model "drifer-10": did you mean "drifter-10"?'],
    [
      'a seed',
      'mvp',
      { seeds: ['consistency-leadersip-01'] },
      'unknown seed "consistency-leadersip-01": did you mean "consistency-leadership-01"?',
    ],
  ];
  test.each(unknown)(
    'that names %s nobody knows is refused with the nearest name',
    (_, profile, overrides, message) => {
      expect(messageOf(() => resolveProfile(shippedConfig(), profile, overrides))).toBe(message);
    },
  );

  it('that names an artefact, judge or phase nobody has is refused', () => {
    const broken = (change: (profile: Loose) => void) =>
      messageOf(() => contentOf(withJson(PROFILES, (v) => change(v.profiles.mvp))));
    expect(broken((p) => (p.artefacts.rubric = 'rubric-1.2'))).toBe(
      'unknown artefact of config/rubrics/ "rubric-1.2": did you mean "rubric-1.1"?',
    );
    expect(broken((p) => (p.artefacts.models = 'modells-1.0'))).toBe(
      'unknown artefact of config/models/ "modells-1.0": did you mean "models-1.0"?',
    );
    expect(broken((p) => (p.judges.secondary = 'sim-judge-3'))).toContain(
      'unknown model "sim-judge-3": did you mean "sim-judge',
    );
    expect(broken((p) => (p.variants.main.system_prompt = 'socrates'))).toContain(
      'unknown artefact of config/prompts/system/ "socrates"',
    );
    expect(
      broken((p) => Object.assign(p.variants.main, { student: 'model', student_model: 'stedfast' })),
    ).toBe('unknown model "stedfast": did you mean "steadfast"?');
    const withoutP3 = withJson('phases/phases-1.1.json', (v) => v.profiles.pop());
    expect(messageOf(() => contentOf(withoutP3, 'quick'))).toContain('unknown phase "P3"');
  });

  test.each([
    ['models', { models: ['steadfast', 'steadfast'] }],
    ['temperatures', { temperatures: [0.7, 0.2, 0.7] }],
    ['seeds', { seeds: ['complexity-algebra-01', 'complexity-algebra-01'] }],
    ['phases', { phases: ['P0', 'P0'] }],
  ] as [string, Overrides][])('that names one of its %s twice is refused', (axis, overrides) => {
    expect(messageOf(() => resolveProfile(shippedConfig(), 'mvp', overrides))).toContain(
      `${axis}: expected each value once, got`,
    );
  });

  it('uses tutors, judges and students that models play, each once', () => {
    const { profile } = resolveProfile(
      configWith(
        ...withJson(PROFILES, (v) => {
          v.profiles.mvp.variants.played = { student: 'model', student_model: 'echo' };
          v.profiles.mvp.variants.scripted = { student: 'scripted', student_model: 'template' };
          v.profiles.mvp.judges.secondary = null;
        }),
      ),
      'mvp',
      { models: ['steadfast', 'sim-judge'] },
    );
    expect(usedModels(profile).toSorted()).toEqual(['echo', 'sim-judge', 'steadfast']);
  });
});

describe('what a manifest says', () => {
  it('names every artefact by its SHA-256, under a key that holds the first 8 digits', () => {
    expect(manifestContentSchema.safeParse(shipped).success).toBe(true);
    for (const { kind, stem, key, sha256 } of shipped.artefacts) {
      const file = SHIPPED.find(({ path }) => path.startsWith(`${kind}/${stem}.`))!;
      expect(sha256).toBe(sha256Hex(file.text));
      const extension = file.path.split('.').at(-1)!;
      expect(key).toBe(
        kind === 'golden'
          ? `calibration/golden_sets/${stem}.jsonl`
          : `config/${kind}/${stem}@sha256_${sha256.slice(0, 8)}.${extension}`,
      );
    }
    expect(new Set(shipped.artefacts.map(({ key }) => key)).size).toBe(shipped.artefacts.length);
  });

  it('is the same for the same files in another order', () => {
    expect(canonicalSha256(manifestContent(parseConfig(SHIPPED.toReversed()), 'mvp', {}))).toBe(
      canonicalSha256(shipped),
    );
  });

  it('holds only the models in use', () => {
    expect(shipped.models.map(({ model_id }) => model_id).toSorted()).toEqual([
      'drifter-10',
      'sim-judge',
      'sim-judge-2',
      'steadfast',
    ]);
  });

  it('names the series of the profile, or the profile itself', () => {
    expect(shipped.series).toBe('mvp');
    expect(contentOf(withJson(PROFILES, (v) => (v.profiles.mvp.series = 'trend'))).series).toBe('trend');
  });

  it('leaves the golden set out where there is no canary', () => {
    const without = contentOf(withJson(PROFILES, (v) => (v.profiles.mvp.canary.is_on = false)));
    expect(without.artefacts.filter(({ kind }) => kind === 'golden')).toEqual([]);
    expect(shipped.artefacts.filter(({ kind }) => kind === 'golden')).toHaveLength(1);
  });

  it('changes with one byte of any artefact', () => {
    for (const { kind, stem } of shipped.artefacts) {
      const { path } = SHIPPED.find((file) => file.path.startsWith(`${kind}/${stem}.`))!;
      const changed = contentOf(withText(path, (text) => `${text}\n`));
      expect(canonicalSha256(changed)).not.toBe(canonicalSha256(shipped));
    }
  });
});

const mvp = (change: (profile: Loose) => void) => withJson(PROFILES, (v) => change(v.profiles.mvp));
const model = (id: string, change: (model: Loose) => void) =>
  withJson(MODELS, (v) => change(v.models.find((one: Loose) => one.model_id === id)));
const played = (files: readonly ConfigFile[] = []) => [
  ...files,
  ...mvp((p) => Object.assign(p.variants.main, { student: 'model', student_model: 'echo' })),
];

describe('the measure', () => {
  const changing: [string, ConfigFile[]][] = [
    ['the rubric', withJson('rubrics/rubric-1.1.json', (v) => (v.pass_score = 7.5))],
    ['the seeds', withJson('seeds/seeds-20261116.json', (v) => (v.seeds[0].goal += ' Now.'))],
    ['the phases', withJson('phases/phases-1.0.json', (v) => (v.profiles[0].target_tokens = 2100))],
    ['the system prompt', withText('prompts/system/soc-1.2.txt', (text) => `${text} `)],
    ["the judge's prompt", withText('prompts/judge/judge-2.3.txt', (text) => `${text} `)],
    ["the prompt of a student's model", withText('prompts/student/student-1.0.txt', (text) => `${text} `)],
    ['the heuristics', withText('heuristics/heuristics-1.0.json', (text) => `${text} `)],
    ["the student's script", withText('student/student-1.0.json', (text) => `${text} `)],
    ['the bank of simulated tutors', withText('simulated/phrases-1.0.json', (text) => `${text} `)],
    ['another primary judge', mvp((p) => (p.judges.primary = 'metered-judge-haiku'))],
    ['another secondary judge', mvp((p) => (p.judges.secondary = 'metered-judge-haiku'))],
    ['no secondary judge', mvp((p) => (p.judges.secondary = null))],
    [
      'the order of the judges',
      mvp((p) => Object.assign(p.judges, { primary: 'sim-judge-2', secondary: 'sim-judge' })),
    ],
    ["the judge's endpoint", model('sim-judge', (m) => (m.endpoint += '-v2'))],
    [
      "the judge's hidden reasoning",
      model('sim-judge', (m) => (m.reasoning = { is_on: true, budget_tokens: 1024 })),
    ],
    ["the judge's version", model('sim-judge-2', (m) => (m.version += '.1'))],
    ['the filter', mvp((p) => (p.judges.use_filter = false))],
    ['the turns', mvp((p) => (p.turns = 9))],
    ['early stop', mvp((p) => (p.early_stop.is_on = true))],
    ['how the context is padded', mvp((p) => (p.variants.main.pad = 'prefill'))],
    ['pressure', mvp((p) => (p.variants.main.pressure = 'off'))],
    ['another variant', mvp((p) => (p.variants.other = { system_prompt: 'soc-1.2-cot' }))],
    ['a student that a model plays', played()],
  ];
  test.each(changing)('changes with %s', (_, files) => {
    expect(contentOf(files).measure_sha256).not.toBe(shipped.measure_sha256);
  });

  it('changes when two variants change their prompts', () => {
    const variants = (a: string, b: string) =>
      contentOf(mvp((p) => (p.variants = { a: { system_prompt: a }, b: { system_prompt: b } })))
        .measure_sha256;
    expect(variants('soc-1.2', 'soc-1.2-cot')).not.toBe(variants('soc-1.2-cot', 'soc-1.2'));
  });

  it('changes with the model that plays the student, and not with its price', () => {
    const before = contentOf(played()).measure_sha256;
    expect(contentOf(played(model('echo', (m) => (m.endpoint += '-v2')))).measure_sha256).not.toBe(before);
    expect(contentOf(played(model('echo', (m) => (m.usd_per_1m_input_tokens = 9)))).measure_sha256).toBe(
      before,
    );
  });

  const keeping: [string, ConfigFile[], Overrides?][] = [
    ['a price', model('steadfast', (m) => (m.usd_per_1m_input_tokens = 7))],
    [
      "the judge's price",
      model('sim-judge', (m) =>
        Object.assign(m, { usd_per_1m_output_tokens: 7, prices_as_of: '2026-11-20' }),
      ),
    ],
    ["a tutor's endpoint", model('steadfast', (m) => (m.endpoint += '-v2'))],
    ['the table of AWS prices', withText('prices/aws-2026-07.json', (text) => `${text} `)],
    ['the assumptions of the estimate', withText('prices/estimates-1.0.json', (text) => `${text} `)],
    ['the alert rules', withJson('alerts/alerts-1.0.json', (v) => (v.family_alpha = 0.01))],
    ['the golden set', withText('golden/golden_set_v1.jsonl', (text) => `${text}\n`)],
    ['the canary', mvp((p) => (p.canary = { is_on: false, max_items: 7 }))],
    ['the budget', mvp((p) => (p.budget_usd = 99))],
    ['the concurrency', mvp((p) => (p.concurrency = { runs: 1, judges: 1 }))],
    ['the title', mvp((p) => (p.title = 'Another title'))],
    ['the series', mvp((p) => (p.series = 'trend'))],
    ['bounds of an early stop that is off', mvp((p) => (p.early_stop.below_pts = 6))],
    ['an unused prompt', withText('prompts/system/soc-1.2-cot.txt', (text) => `${text} `)],
    ['another model', [], { models: ['leading'] }],
    ['other temperatures', [], { temperatures: [0] }],
    ['fewer seeds and other phases', [], { seeds: ['complexity-algebra-01'], phases: ['P1'] }],
    ['repeats', [], { repeats: 5 }],
  ];
  test.each(keeping)('stays with %s, although the manifest is another', (_, files, overrides = {}) => {
    const changed = contentOf(files, 'mvp', overrides);
    expect(changed.measure_sha256).toBe(shipped.measure_sha256);
    const isUnused = canonicalSha256(changed) === canonicalSha256(shipped);
    expect(isUnused).toBe(_ === 'an unused prompt');
  });
});

describe('the nearest name', () => {
  const known = ['steadfast', 'drifter-20', 'drifter-10', 'leading'];
  test.each([
    ['stedfast', 'steadfast'],
    ['staedfast', 'steadfast'],
    ['steadfastt', 'steadfast'],
    ['drifter-21', 'drifter-20'],
    ['drifter-01', 'drifter-10'],
    ['LEADING', null],
    ['gpt', null],
    ['', null],
  ])('to %j is %j', (name, expected) => {
    expect(closestName(name, known)).toBe(expected);
  });

  it('is offered, else the known ones, unless they are too many to read', () => {
    expect(unknownName('model', 'stedfast', known)).toBe(
      'unknown model "stedfast": did you mean "steadfast"?',
    );
    expect(unknownName('model', 'gpt', known)).toBe(
      'unknown model "gpt" (known: steadfast, drifter-20, drifter-10, leading)',
    );
    const many = Array.from({ length: 13 }, (_, index) => `model-number-${index}`);
    expect(unknownName('model', 'gpt', many)).toBe(
      'unknown model "gpt" (13 are known; `socratic-bench validate` lists them)',
    );
  });
});
