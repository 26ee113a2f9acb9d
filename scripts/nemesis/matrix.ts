import { mkdirSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { Profile } from '../../schemas/profile.ts';
import { writeOverlay } from '../bench/overlay.ts';
import { root } from '../bench/processes.ts';

/** Dialogues at once, and so the most calls that one kill can lose. */
export const CONCURRENCY = 2;
export const TURNS = 5;
export const PROFILE = 'nemesis';
export const KEY_VARIABLE = 'NEMESIS_API_KEY';
const GOLDEN_ITEMS = 2;

/** Writes the config folder of a small matrix whose tutors and judges are served at `base_url`; returns it. */
export function writeMatrix(folder: string, base_url: string): string {
  const model = (model_id: string, vendor: string): ModelConfig => ({
    model_id,
    provider: 'openai-compatible',
    vendor,
    endpoint: model_id,
    version: '1',
    base_url,
    api_key_env: KEY_VARIABLE,
    usd_per_1m_input_tokens: 1,
    usd_per_1m_output_tokens: 5,
    usd_per_1m_cache_read_tokens: 0.1,
    usd_per_1m_cache_write_tokens: 1.25,
    prices_as_of: '2026-07-17',
    context_window_tokens: 200_000,
    max_output_tokens: 300,
    reasoning: { is_on: false, budget_tokens: 0 },
    supports: {
      temperature: true,
      system: true,
      cache: 'none',
      cache_min_tokens: 0,
      forced_tool: false,
    },
    lifecycle: { status: 'active' },
    tags: [],
  });
  const tutors = [model('tutor-a', 'a'), model('tutor-b', 'b')];
  const judges = [model('judge-a', 'a'), model('judge-b', 'b')];
  const config = writeOverlay(join(folder, 'config'), {
    profiles: ({ mvp }) => ({
      [PROFILE]: {
        ...mvp!,
        title: 'A small matrix for the nemesis',
        series: 'nemesis',
        models: tutors.map(({ model_id }) => model_id),
        temperatures: [0.7],
        seeds: mvp!.seeds.slice(0, 1),
        turns: TURNS,
        judges: { primary: 'judge-a', secondary: 'judge-b', use_filter: false },
        canary: { is_on: true, max_items: GOLDEN_ITEMS },
        concurrency: { runs: CONCURRENCY, judges: CONCURRENCY },
      } satisfies Profile,
    }),
    models: (shipped) => ({ ...shipped, models: [...shipped.models, ...tutors, ...judges] }),
  });
  const golden = 'golden/golden_set_v1.jsonl';
  mkdirSync(join(config, 'golden'), { recursive: true });
  const items = readFileSync(join(root, 'config', golden), 'utf8')
    .split('\n')
    .slice(0, GOLDEN_ITEMS);
  writeFileSync(join(config, golden), `${items.join('\n')}\n`);
  return config;
}

/** The command under test, as a cron line would hold it. */
export function commandOf(config: string, lake: string): string[] {
  return [
    ...['run', '--profile', PROFILE, '--week', '2026-W47', '--progress', 'none', '--yes'],
    ...['--max-cost-usd', '5', '--config', config, '--lake', lake],
  ];
}
