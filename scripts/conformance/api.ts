import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunIndex } from '../../adapters/local/run-index.ts';
import { createSystemClock } from '../../adapters/local/system-clock.ts';
import { createApi } from '../../api/create-api.ts';
import { runCommand } from '../../cli/commands/run.ts';
import { contextOf, type Context } from '../../cli/context.ts';
import { folderConfig } from '../../cli/host/folder-config.ts';
import { openEvaluator } from '../../cli/host/local-api.ts';
import { localLabelling } from '../../cli/host/local-labelling.ts';
import { openLake } from '../../cli/host/local-lake.ts';
import { startViewServer, type ViewServer } from '../../cli/host/view-server.ts';
import { createStartExecution } from '../../core/tasks/start-execution.ts';
import { installPython } from './python-tool.ts';
import { writeSection } from './report.ts';

const VERSION = '4.32.5';
/** Examples an operation and phase; the tool's seed makes them the same each time. */
const EXAMPLES = 40;

/** A body beyond 64 KiB is refused as too large (413), which the tool does not count among refusals by itself. */
const CONFIG =
  '[checks.negative_data_rejection]\nexpected-statuses = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429]\n';

/** The API behind `view`, evaluator and labelling included, against Schemathesis; 1 when a check fails. */
export async function api(): Promise<number> {
  let bin: string;
  try {
    bin = installPython('schemathesis', VERSION);
  } catch (error) {
    console.log(
      `skipped: Schemathesis ${VERSION} could not be installed: ${(error as Error).message.slice(0, 300)}`,
    );
    return 0;
  }
  const lake = mkdtempSync(join(tmpdir(), 'socratic-schemathesis-'));
  const server = await serve(lake);
  try {
    const url = `${server.url}api`;
    const config = join(lake, 'schemathesis.toml');
    writeFileSync(config, CONFIG);
    const { status, output } = await run(
      join(bin, 'schemathesis'),
      [
        '--config-file',
        config,
        'run',
        `${url}/openapi.json`,
        '--url',
        url,
        '--seed',
        '1',
        '--max-examples',
        String(EXAMPLES),
        '--suppress-health-check',
        'all',
        // Which models, runs and prompts exist no schema can say: a well-formed name that is none is refused with 422.
        '--exclude-checks',
        'positive_data_acceptance',
        '--no-color',
        '--generation-database',
        'none',
      ],
      lake,
    );
    console.log(output);
    const summary = /={3,} SUMMARY ={3,}\n([\s\S]*)$/.exec(output)?.[1] ?? output.slice(-2000);
    const quiet = summary
      .replaceAll(/^=+.*=+$/gm, '')
      .replaceAll(/ in [\d.]+s/g, '')
      .trim();
    writeSection(
      'api',
      `## Schemathesis ${VERSION}\n\nEvery operation of the generated OpenAPI document, as \`view\` serves it (evaluator and labelling included), with
up to ${EXAMPLES} examples a phase: valid and invalid data, missing fields, wrong methods, sequences of calls. Checked: no server error,
documented status, content type and schema, invalid data refused, \`allow\` beside 405. Not checked: that every well-formed request is
taken; which models, prompts and cursors exist no schema can say.\n\n\`\`\`text\n${quiet}\n\`\`\``,
    );
    return status;
  } finally {
    await server.close();
    rmSync(lake, { recursive: true, force: true });
  }
}

/** A small lake, and the API over it. Starts are remembered, not made: the tool sends many. */
async function serve(lake: string): Promise<ViewServer> {
  const context: Context = {
    ...contextOf({ lake, quiet: true, progress: 'none' }, process),
    out: () => undefined,
  };
  await runCommand({ models: ['steadfast', 'leading'], phases: ['P0'], turns: 3 }, context);
  const store = openLake(context);
  const config = folderConfig(undefined);
  const { evaluator } = await openEvaluator(store, { ...context, environment: {} }, {});
  const started = new Set<string>();
  const handle = createApi({
    store,
    config,
    // The tool asks as fast as it can.
    evaluator: { ...evaluator, admit: () => null },
    index: createRunIndex(lake),
    clock: createSystemClock(),
    start: createStartExecution({
      store,
      config,
      executions: {
        start: async (name) => {
          if (started.has(name)) return 'exists';
          started.add(name);
          return 'started';
        },
      },
    }),
    labelling: await localLabelling(store, undefined),
    version: VERSION,
    log: (message) => console.error(message),
  });
  const local = { api_base: 'api/', features: [], lake, version: null };
  return startViewServer({ pages: null, store, local, api: handle }, { port: 0, onError: console.error });
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ status: code === 0 ? 0 : 1, output }));
  });
}
