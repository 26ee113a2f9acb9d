import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../../schemas/names.ts';
import { folderConfig } from '../host/folder-config.ts';
import { simulatedJudgeWarning } from '../host/simulated-judge-warning.ts';
import { parseConfig } from '../../core/manifest/parse-config.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';

/** `init [dir]`: a starter config folder with a model of one's own and a profile that measures it. */
export async function initCommand(folder: string, context: Context): Promise<number> {
  const config = parseConfig(await folderConfig(undefined).files());
  const { profile } = config.profiles.get('quick')!;
  const shipped = config.models.get(profile.artefacts.models)!;
  const server = {
    provider: 'openai-compatible' as const,
    version: '1',
    base_url: 'http://127.0.0.1:11434/v1',
    usd_per_1m_input_tokens: 0,
    usd_per_1m_output_tokens: 0,
    usd_per_1m_cache_read_tokens: 0,
    usd_per_1m_cache_write_tokens: 0,
    prices_as_of: shipped.updated_at.slice(0, 10),
    context_window_tokens: 128_000,
    reasoning: { is_on: false, budget_tokens: 0 },
    supports: { temperature: true, system: true, cache: 'none' },
    lifecycle: { status: 'active' },
  };
  const own = {
    version: 'mine-1.0',
    updated_at: shipped.updated_at,
    models: [
      {
        ...server,
        model_id: 'my-model',
        vendor: 'me',
        endpoint: 'llama3.1:8b',
        max_output_tokens: 300,
        notes:
          'any OpenAI-compatible server: Ollama, vLLM, LM Studio, llama.cpp; api_key_env names the variable that holds a key',
      },
      {
        ...server,
        model_id: 'my-judge',
        vendor: 'others',
        endpoint: 'qwen2.5:32b',
        max_output_tokens: 800,
        notes:
          'a judge of your tutor, better of another family: name it in judges.primary of the profile; sim-judge judges simulated tutors only',
      },
      ...shipped.models.filter(
        (model) => model.model_id === 'steadfast' || model.simulated?.kind === 'judge',
      ),
    ],
  };
  const mine = {
    version: 'mine-1.0',
    profiles: {
      mine: {
        ...profile,
        title:
          'My model beside a steadfast simulated tutor (scored by the heuristics alone until judges.primary names a real judge)',
        models: ['my-model', 'steadfast'],
        temperatures: [0.7],
        phases: ['P0', 'P1'],
        artefacts: { ...profile.artefacts, models: 'models-mine-1.0' },
      },
    },
  };
  const warning = simulatedJudgeWarning({ profile: mine.profiles.mine, models: own.models });
  const files = [
    ['models/models-mine-1.0.json', own],
    ['profiles/profiles-mine-1.0.json', mine],
  ] as const;
  for (const [path, value] of files) {
    const target = join(folder, path);
    await mkdir(join(target, '..'), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw new CliError(
        'usage',
        `${folder}: expected a folder to write to, got ${error.code ?? error.message}`,
        'name another folder',
      );
    });
    await writeFile(target, `${JSON.stringify(value, null, 2)}\n`, { flag: 'wx' }).catch(
      (error: NodeJS.ErrnoException) => {
        throw new CliError(
          'usage',
          `${target}: ${error.code === 'EEXIST' ? 'exists already and is left as it is' : (error.code ?? error.message)}`,
          'name another folder, or edit the one you have',
        );
      },
    );
    if (!context.json) context.err(`wrote ${target}\n`);
  }
  if (context.json)
    context.out(`${JSON.stringify({ files: files.map(([path]) => join(folder, path)), profile: 'mine' })}\n`);
  else
    context.err(
      `next: edit ${join(folder, files[0][0])}, then socratic-bench plan --config ${folder} --profile mine\n      ${warning} (my-judge is a slot for one)\n`,
    );
  return EXIT.ok;
}
