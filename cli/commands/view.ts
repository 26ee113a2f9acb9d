import { indexFileSchema, type LocalFile } from '../../schemas/dashboard-data.ts';
import { DASHBOARD_FILES } from '../../schemas/dashboard-files.ts';
import { ENV, EXIT } from '../../schemas/names.ts';
import { readDashboard } from '../../core/tasks/dashboard-data.ts';
import type { ObjectStore } from '../../core/ports.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';
import { isOnS3 } from '../host/aws-environment.ts';
import { openAnyLake } from '../host/local-lake.ts';
import { openBrowser } from '../host/open-browser.ts';
import { packageVersion } from '../host/package-root.ts';
import { builtPages, STATIC_LOCAL } from '../host/site-files.ts';
import { stopOnSignals } from '../host/stop-signals.ts';
import { createLogin, MIN_TOKEN_CHARS } from '../host/view-login.ts';
import { LOOPBACK, startViewServer, type ViewServer, type ViewServerOptions } from '../host/view-server.ts';
import type { ViewSite } from '../host/view-site.ts';

/** Free on most machines; where it is taken and none was asked for, any free one serves. */
const USUAL_PORT = 4747;

export interface ViewOptions {
  port?: number;
  /** Another address than 127.0.0.1: everybody who reaches it needs the token. */
  host?: string;
  open?: boolean;
}

/** `view`: the dashboard of a lake with its API on 127.0.0.1, until Ctrl-C. */
export async function viewCommand(options: ViewOptions, context: Context): Promise<number> {
  const open = openTo(options.host, context);
  const store = openAnyLake(context);
  const site = await siteOf(store, context);
  const server = await listen(site, options.port, open, context);
  context.out(context.json ? `${JSON.stringify({ url: server.url })}\n` : `${server.url}\n`);
  if (!context.quiet) {
    for (const line of await remarks(store, site)) context.err(`${line}\n`);
    context.err(
      context.colors.dim(
        `dashboard of ${context.lake}, ${open === undefined ? 'for this machine alone' : `behind a login (${ENV.viewToken})`}; Ctrl-C ends it\n`,
      ),
    );
  }
  if (options.open === true && !(await openBrowser(server.url)))
    context.err(`no browser could be started: open ${server.url}\n`);
  await untilStopped();
  await server.close();
  return EXIT.ok;
}

async function siteOf(store: ObjectStore, context: Context): Promise<ViewSite> {
  const about = { lake: context.lake, version: packageVersion() };
  // Evaluator, labels and starts work on a folder; a lake on S3 is shown.
  if (isOnS3(context.lake))
    return { pages: builtPages(), store, api: null, local: { ...STATIC_LOCAL, ...about } };
  const { openLocalApi } = await import('../host/local-api.ts');
  const { handle, notices } = await openLocalApi(context);
  if (!context.quiet) for (const notice of notices) context.err(`${notice}\n`);
  const local: LocalFile = { api_base: 'api/', features: ['evaluator', 'rate'], ...about };
  return { pages: builtPages(), store, api: handle, local };
}

/** Who else may reach the server, and by which token. Undefined on 127.0.0.1, where nobody else can. */
function openTo(host: string | undefined, { environment }: Context): ViewServerOptions['open'] {
  if (host === undefined || host === LOOPBACK || host === 'localhost') return undefined;
  const token = environment[ENV.viewToken] ?? '';
  if (token.length < MIN_TOKEN_CHARS)
    throw new CliError(
      'usage',
      `--host ${host}: others can reach it, so ${ENV.viewToken} must hold a token of at least ${MIN_TOKEN_CHARS} characters, got ${token.length}`,
      'openssl rand -base64 24 makes one; without --host the server is for this machine alone',
    );
  return { host, login: createLogin(token) };
}

async function listen(
  site: ViewSite,
  port: number | undefined,
  open: ViewServerOptions['open'],
  context: Context,
): Promise<ViewServer> {
  const onError = (error: unknown) => context.err(`${String(error)}\n`);
  const options = { onError, ...(open === undefined ? {} : { open }) };
  try {
    return await startViewServer(site, { port: port ?? USUAL_PORT, ...options });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' && port === undefined) return startViewServer(site, { port: 0, ...options });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new CliError('usage', `--host ${open?.host}: expected an address of this machine`);
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new CliError(
        'usage',
        `--port ${port}: ${code === 'EACCES' ? 'not allowed here' : 'taken by another program'}`,
        'name another port, or leave --port out',
      );
    throw error;
  }
}

/** What a reader should know before wondering about an empty page. */
async function remarks(store: ObjectStore, { pages }: ViewSite): Promise<string[]> {
  const index = await readDashboard(store, DASHBOARD_FILES.index, indexFileSchema);
  return [
    ...(pages === null
      ? ['the dashboard is not built (`npm run build` builds it): only data/ is served']
      : []),
    ...(index === null
      ? [
          'nothing is published in this lake yet: `socratic-bench run` does, `socratic-bench reindex` for older lakes',
        ]
      : []),
  ];
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const { release } = stopOnSignals(() => {
      release();
      resolve();
    });
  });
}
