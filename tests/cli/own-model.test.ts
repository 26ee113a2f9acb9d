import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { initCommand } from '../../cli/commands/init.ts';
import { planCommand } from '../../cli/commands/plan.ts';
import { runCommand, type RunOptions } from '../../cli/commands/run.ts';
import { showCommand } from '../../cli/commands/show.ts';
import { contextOf, type Context } from '../../cli/context.ts';
import { temporaryFolders } from '../e2e/cli.ts';
import { OPENAI_ERRORS, startOpenAiServer, type OpenAiReply } from '../servers/openai-server.ts';
import type { ScriptedServer } from '../servers/scripted-server.ts';

const folders = temporaryFolders();
const SELECTED: RunOptions = {
  profile: 'mine',
  phases: ['P0'],
  seeds: ['complexity-algebra-01'],
  turns: 3,
  week: '2026-W47',
};
const WARNING =
  'judge sim-judge is simulated: replies of my-model are scored by the heuristics alone; name a real judge in judges.primary of the profile';

let server: ScriptedServer<OpenAiReply>;
beforeAll(async () => {
  server = await startOpenAiServer();
  server.script('llama3.1:8b', [{ text: 'What makes you say that? Which case would speak against it?' }]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folders.removeAll();
});

/** What init writes, with the address of the test's server and whatever else is to be replaced. */
async function starter(name: string, ...edits: [string, string][]) {
  const config = folders.make(name);
  const talk = { out: '', err: '' };
  const context: Context = {
    ...contextOf({ lake: join(config, 'lake'), yes: true }, process),
    environment: {},
    configFolder: undefined,
    colors: pc.createColors(false),
    out: (text) => void (talk.out += text),
    err: (text) => void (talk.err += text),
    isErrTty: false,
    isInTty: false,
    outColumns: null,
  };
  expect(await initCommand(config, context)).toBe(0);
  const written = talk.err;
  for (const path of ['models/models-mine-1.0.json', 'profiles/profiles-mine-1.0.json']) {
    let text = readFileSync(join(config, path), 'utf8');
    for (const [from, to] of [['http://127.0.0.1:11434', server.url], ...edits] as const)
      text = text.replaceAll(from, to);
    writeFileSync(join(config, path), text);
  }
  const own = { ...context, configFolder: config };
  const answer = async (command: Promise<number>) => {
    const status = await command;
    const said = { status, ...talk };
    talk.out = talk.err = '';
    return said;
  };
  talk.err = '';
  return {
    written,
    plan: () => answer(planCommand(SELECTED, own)),
    run: (options: RunOptions = {}) => answer(runCommand({ ...SELECTED, ...options }, own)),
    async show(model: string) {
      const folder = join(config, 'lake', 'scores', 'dt=2026-11-16');
      const runs = readdirSync(folder).map(
        (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { run_id: string; model: string },
      );
      return answer(showCommand(runs.find((run) => run.model === model)!.run_id, {}, own));
    },
  };
}

describe('a model of one own that a simulated judge would judge', () => {
  it('is told of by init, plan and run, and by the results', async () => {
    const { written, plan, run } = await starter('unjudged');
    expect(written).toContain(WARNING);
    expect((await plan()).out).toContain(WARNING);
    const first = await run();
    expect(first).toMatchObject({ status: 0, err: expect.stringContaining(WARNING) });
    expect(first.out).toMatch(/scored by the heuristics alone, no judge gave a verdict: my-model;/);
  }, 60_000);

  it('is not told of where the profile names a real judge', async () => {
    const { plan } = await starter('judged', ['"primary": "sim-judge"', '"primary": "my-judge"']);
    expect((await plan()).out).not.toContain('is simulated');
  });
});

describe('a model that its server does not know', () => {
  it('leaves the week partial, breaks the gate of coverage, and is planned again by --new', async () => {
    const { run } = await starter('mistyped', ['llama3.1:8b', 'lama']);
    const first = await run();
    expect(first.status).toBe(1);
    expect(first.out).toContain('1 of 2 planned runs scored (partial)');
    expect(first.out).toMatch(/my-model P0: 1 skipped, access \(.*mend endpoint.*run --new plans the model/);
    expect(first.out).not.toContain('heuristics alone');
    expect(await run({ failOn: ['coverage'] })).toMatchObject({ status: 3 });
    expect((await run({ retryErrors: true })).err).toContain('--new plans skipped models again');

    server.script('lama', [{ text: 'What makes you say that?' }]);
    const again = await run();
    expect(again.err).toMatch(/nothing to do .*--new starts another and plans skipped models again/);
    expect(await run({ new: true })).toMatchObject({
      status: 0,
      out: expect.stringContaining('2 of 2 planned runs scored,'),
    });
  }, 60_000);
});

describe('providers that refuse what they are asked', () => {
  it('are quoted while the run is under way, and by show', async () => {
    const { run, show } = await starter('refused', ['"primary": "sim-judge"', '"primary": "my-judge"']);
    server.script('llama3.1:8b', [
      { text: 'Hi' },
      { text: 'What makes you say that?' },
      OPENAI_ERRORS.temperature,
    ]);
    server.script('qwen2.5:32b', [{ text: 'Hi' }, { text: 'I give it a good mark.' }]);
    const { out, err } = await run();
    expect(err).toMatch(/^my-model: 400 from .*set supports\.temperature of my-model .* to false$/m);
    expect(err).toMatch(/^judge my-judge: no verdict that can be read; it holds no JSON object$/m);
    expect(out).toContain('1 run failed: show <run_id> says why');
    expect(out).not.toContain('no judge gave a verdict: my-model');
    expect((await show('my-model')).out).toMatch(/stopped by: my-model: 400 from /);
  }, 60_000);
});

describe('progress', () => {
  it('counts the money of tutor, student and judge, and no turn of its own as kept from before', async () => {
    const { run } = await starter(
      'paid',
      ['"primary": "sim-judge"', '"primary": "my-judge"'],
      ['"student": "scripted"', '"student": "model", "student_model": "my-judge"'],
      ['"usd_per_1m_input_tokens": 0', '"usd_per_1m_input_tokens": 1000'],
      ['"budget_usd": 1,', '"budget_usd": 5000,'],
    );
    const busy = { ...OPENAI_ERRORS.internal, headers: { 'retry-after': '3600' } };
    // The probe of planning is no call under the cap.
    const free = { text: 'Hi', usage: { prompt_tokens: 0, completion_tokens: 0 } };
    const answer = { text: 'I hold that it is so, because I have seen it.' };
    server.script('llama3.1:8b', [free, { text: 'Why?' }, busy, { text: 'Why?' }]);
    server.script('qwen2.5:32b', [answer]);
    const { out, err } = await run({ maxCostUsd: 5000 });
    const spent = /, (\$\S+) spent/.exec(out)?.[1];
    expect(err).toContain(`PublishMetrics · 6 turns · ${spent} spent`);
  }, 60_000);
});
