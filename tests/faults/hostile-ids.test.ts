import { describe, expect, it, test } from '@jest/globals';
import { parseConfig } from '../../core/manifest/parse-config.ts';
import { createLoadManifest } from '../../core/tasks/load-manifest.ts';
import { executionInputSchema, startRequestSchema } from '../../schemas/task-io.ts';
import { SHIPPED, textOf, type Loose } from '../core/manifest/config.ts';
import { createFakeBudget, sourceOf } from '../core/tasks/bench.ts';
import { FakeStore } from '../core/tasks/fake-store.ts';

const HOSTILE: [string, string][] = [
  ['a way out of the folder', '../../etc/passwd'],
  ['an absolute path', '/etc/passwd'],
  ['a path in it', 'a/b'],
  ['a Windows path', '..\\..\\x'],
  ['NUL', 'a\0b'],
  ['300 characters', 'x'.repeat(300)],
  ['right to left', 'a\u202egpj.exe'],
  ['a line break', 'a\nb'],
  ['nothing', ''],
  ['dots', '..'],
];

/** Where a value of a JSON file stands. */
type Place = (string | number)[];

/** Names that become keys of the lake, columns or file names; phases, vectors and the like are closed lists. */
const IS_ID =
  /^(?:model_id|seed_id|item_id|persona_id|primary|secondary|system_prompt|student_model|series)$/;
const ID_LISTS = ['models', 'seeds'];
const NAMED_BY_KEY = ['profiles', 'variants'];
const STEMS = 'artefacts';

/** The first place of every field that holds an id, whatever stands before it in lists. */
function idPlaces(value: Loose, at: Place = [], seen = new Set<string>()): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Record<string, Loose>).flatMap(([name, inner]): Place[] => {
    const key = Array.isArray(value) ? Number(name) : name;
    const place = [...at, key];
    const parent = at.at(-1);
    const isId =
      typeof inner === 'string' &&
      (IS_ID.test(name) ||
        parent === STEMS ||
        (typeof key === 'number' && ID_LISTS.includes(String(parent))));
    if (!isId) return idPlaces(inner, place, seen);
    const form = place.map((part) => (typeof part === 'number' ? '*' : part)).join('.');
    const rule = form.replace(/^profiles\.[^.]+\./, '').replace(/variants\.[^.]+\./, 'variants.*.');
    if (seen.has(rule)) return [];
    seen.add(rule);
    return [place];
  });
}

function withValue(root: Loose, place: Place, value: string): Loose {
  const copy: Loose = structuredClone(root);
  const holder: Loose = place.slice(0, -1).reduce((inner: Loose, part) => inner[part], copy);
  holder[place.at(-1)!] = value;
  return copy;
}

const cases = SHIPPED.filter(({ path }) => /^(?:models|seeds|phases|profiles)\/.*\.json$/.test(path)).flatMap(
  ({ path }) =>
    idPlaces(JSON.parse(textOf(path))).map((place): [string, string, Place] => [
      path,
      place.filter((part) => typeof part === 'string').join('.'),
      place,
    ]),
);

/** What parsing a config folder of one file says; '' where it finds nothing wrong. */
function problemsOf(path: string, content: Loose): string {
  try {
    parseConfig([{ path, text: JSON.stringify(content) }]);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('hostile ids in config', () => {
  it('are looked for in every kind of file that names something', () => {
    expect(cases.length).toBeGreaterThanOrEqual(12);
  });

  test.each(cases)('%s: %s is refused with file and path, whatever it holds', (path, _name, place) => {
    const content: Loose = JSON.parse(textOf(path));
    for (const [what, hostile] of HOSTILE) {
      const problems = problemsOf(path, withValue(content, place, hostile));
      expect({
        what,
        named:
          problems.includes(`config/${path}: `) &&
          problems.includes(String(place.filter((part) => typeof part === 'string').at(-1))),
      }).toEqual({ what, named: true });
    }
  });

  test.each(NAMED_BY_KEY)('names of %s are refused too', (kind) => {
    const path = 'profiles/profiles-1.0.json';
    for (const [what, hostile] of HOSTILE) {
      const content: Loose = JSON.parse(textOf(path));
      if (kind === 'profiles') content.profiles[hostile] = content.profiles.quick;
      else content.profiles.quick.variants = { [hostile]: content.profiles.quick.variants.main };
      expect({ what, problems: problemsOf(path, content) }).toEqual({
        what,
        problems: expect.stringContaining(`config/${path}: `),
      });
    }
  });

  it('as names of artefact files make them no artefacts, and nothing is written under such a name', async () => {
    const store = new FakeStore();
    const text = textOf('rubrics/rubric-1.1.json');
    const strangers = HOSTILE.map(([, hostile]) => ({ path: `rubrics/${hostile}-9.9.json`, text }));
    const config = sourceOf([...SHIPPED, ...strangers]);
    await createLoadManifest({ store, budget: createFakeBudget(), config })({
      input: { profile: 'mvp', scheduled_at: '2026-11-16T03:00:00Z', execution_id: 'hostile' },
      execution_name: 'hostile',
      started_at: '2026-11-16T03:00:00Z',
    }).catch(() => undefined);
    for (const key of store.lake.keys()) {
      expect(key).toMatch(/^(?:config|manifests|calibration)\/[0-9A-Za-z@=._/-]+$/);
      expect(key).not.toContain('9.9');
    }
  });
});

describe('hostile ids from outside', () => {
  const fields: [string, (value: string) => object][] = [
    ['profile', (profile) => ({ profile })],
    ['execution_id', (execution_id) => ({ execution_id })],
    ['overrides.models', (model) => ({ overrides: { models: [model] } })],
    ['overrides.seeds', (seed) => ({ overrides: { seeds: [seed] } })],
    ['overrides.phases', (phase) => ({ overrides: { phases: [phase] } })],
    ['scheduled_at', (scheduled_at) => ({ scheduled_at })],
  ];
  test.each(fields)("the state machine's input refuses them in %s", (_, make) => {
    for (const [, hostile] of HOSTILE)
      expect(executionInputSchema.safeParse(make(hostile)).success).toBe(false);
  });

  test.each(fields.filter(([name]) => name !== 'execution_id'))(
    'a start request refuses them in %s',
    (_, make) => {
      const good = { profile: 'quick', scheduled_at: '2026-11-16T03:00:00Z' };
      expect(startRequestSchema.safeParse(good).success).toBe(true);
      for (const [, hostile] of HOSTILE)
        expect(startRequestSchema.safeParse({ ...good, ...make(hostile) }).success).toBe(false);
    },
  );

  test.each(HOSTILE)('a manifest key with %s is refused before anything is read', async (_, hostile) => {
    const store = new FakeStore();
    const load = createLoadManifest({ store, budget: createFakeBudget(), config: sourceOf(SHIPPED) });
    await expect(
      load({
        input: { manifest_key: `manifests/${hostile}.json`, scheduled_at: '2026-11-16T03:00:00Z' },
        execution_name: 'hostile',
        started_at: '2026-11-16T03:00:00Z',
      }),
    ).rejects.toThrow();
    expect(store.lake.size).toBe(0);
  });
});
