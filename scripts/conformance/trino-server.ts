import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { freePort } from './free-port.ts';
import { root, run } from './python-tool.ts';

/**
 * The newest Trino on Java 17 whose Hive connector Maven Central carries whole: later ones keep their HDFS part in an archive of
 * its own, and 436 wants Java 21. Athena's engine version 3 follows Trino releases.
 */
export const TRINO_VERSION = '411';
const START_MS = 600_000;

export interface TrinoAnswer {
  columns: { name: string; type: string }[];
  rows: unknown[][];
}
export interface Trino {
  query(sql: string): Promise<TrinoAnswer>;
  stop(): void;
}

/**
 * A Trino server with the Hive connector over a metastore of files, made of Maven Central's artefacts: the server's jars and the
 * connector's bundle, once; then a process of its own, with a single node.
 */
export async function startTrino(): Promise<Trino> {
  const installed = installTrino();
  const folder = mkdtempSync(join(tmpdir(), 'socratic-trino-'));
  const port = await freePort();
  mkdirSync(join(folder, 'catalog'));
  const properties = {
    'node.environment': 'conformance',
    'node.id': 'conformance-1',
    'node.internal-address': '127.0.0.1',
    'node.bind-ip': '127.0.0.1',
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': String(port),
    'http-server.log.path': join(folder, 'http-request.log'),
    'discovery.uri': `http://127.0.0.1:${port}`,
    'catalog.config-dir': join(folder, 'catalog'),
    'plugin.dir': join(installed, 'plugin'),
    'query.max-memory-per-node': '400MB',
  };
  const hive = {
    'connector.name': 'hive',
    'hive.metastore': 'file',
    'hive.metastore.catalog.dir': `file://${join(folder, 'metastore')}`,
    'hive.partition-projection-enabled': 'true',
    // As Athena: a projected partition without a folder is empty, and a table holds what lies in folders below it.
    'hive.ignore-absent-partitions': 'true',
    'hive.recursive-directories': 'true',
  };
  writeFileSync(join(folder, 'config.properties'), propertiesText(properties));
  writeFileSync(join(folder, 'catalog', 'hive.properties'), propertiesText(hive));
  writeFileSync(join(folder, 'log.properties'), 'io.trino=WARN\nio.airlift=WARN\n');
  const server = spawn(
    'nice',
    [
      '-n',
      '10',
      'java',
      '-Xmx1500m',
      '-XX:+UseG1GC',
      '-Djdk.attach.allowAttachSelf=true',
      `-Dconfig=${join(folder, 'config.properties')}`,
      `-Dlog.levels-file=${join(folder, 'log.properties')}`,
      '-cp',
      `${join(installed, 'main')}:${join(installed, 'lib')}/*`,
      'Start',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log: string[] = [];
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log.push(text);
      if (log.length > 200) log.shift();
    });
  const url = `http://127.0.0.1:${port}`;
  await untilStarted(url, server, log);
  return {
    query: (sql) => query(url, sql),
    stop() {
      server.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      server.kill('SIGKILL');
    },
  };
}

/** Gives the folder with lib/, plugin/ and main/. Needs java 17 and mvn. */
function installTrino(): string {
  const folder = join(root, 'node_modules', '.cache', 'socratic-conformance', `trino-${TRINO_VERSION}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  mkdirSync(join(folder, 'main'), { recursive: true });
  copyJars(folder, 'trino-main', 'lib');
  copyJars(folder, 'trino-hive', join('plugin', 'hive'));
  // The launcher's main class lies in the server's archive, which Maven Central does not carry for this version.
  const source = join(folder, 'main', 'Start.java');
  writeFileSync(
    source,
    `public class Start { public static void main(String[] a) { new io.trino.server.Server().start("${TRINO_VERSION}"); } }\n`,
  );
  run('javac', ['-cp', `${join(folder, 'lib')}/*`, '-d', join(folder, 'main'), source]);
  addPlugin(folder);
  writeFileSync(done, '');
  return folder;
}

/** The class by which the server finds the connector; its own lies in an archive that Maven Central lacks for this version. */
function addPlugin(folder: string): void {
  const classes = join(folder, 'plugin', 'hive', 'classes');
  const services = join(classes, 'META-INF', 'services');
  mkdirSync(services, { recursive: true });
  writeFileSync(join(services, 'io.trino.spi.Plugin'), 'ConformancePlugin\n');
  const source = join(folder, 'main', 'ConformancePlugin.java');
  writeFileSync(
    source,
    `public class ConformancePlugin implements io.trino.spi.Plugin {
  @Override public Iterable<io.trino.spi.connector.ConnectorFactory> getConnectorFactories() {
    return java.util.List.of(new io.trino.plugin.hive.HiveConnectorFactory());
  }
}
`,
  );
  run('javac', [
    '-cp',
    `${join(folder, 'lib')}/*:${join(folder, 'plugin', 'hive')}/*`,
    '-d',
    classes,
    source,
  ]);
}

/** An artefact of Trino and all it needs at run time. What a plugin shares with the server is of scope provided, and left out. */
function copyJars(folder: string, artefact: string, to: string): void {
  const pom = join(folder, `${artefact}.xml`);
  writeFileSync(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>socratic.bench</groupId><artifactId>conformance-${artefact}</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.trino</groupId><artifactId>${artefact}</artifactId><version>${TRINO_VERSION}</version></dependency>
  </dependencies>
</project>
`,
  );
  const copy = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${join(folder, to)}`,
  ];
  run('nice', ['-n', '10', 'mvn', '-B', '-q', '-f', pom, ...copy]);
}

function propertiesText(properties: Record<string, string>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function untilStarted(url: string, server: ChildProcess, log: string[]): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(1000)) {
    if (server.exitCode !== null)
      throw new Error(`Trino ended with ${server.exitCode}:\n${log.join('').slice(-4000)}`);
    const answer = await fetch(`${url}/v1/info`).catch(() => null);
    const info = answer?.ok === true ? ((await answer.json()) as { starting: boolean }) : null;
    if (info?.starting === false) return;
  }
  server.kill('SIGKILL');
  throw new Error(`Trino did not start within ${START_MS / 1000} s:\n${log.join('').slice(-4000)}`);
}

interface Page {
  nextUri?: string;
  columns?: TrinoAnswer['columns'];
  data?: unknown[][];
  error?: { message: string; errorName: string };
}

/** Trino's client protocol: post the statement, follow nextUri (https://trino.io/docs/411/develop/client-protocol.html). */
async function query(url: string, sql: string): Promise<TrinoAnswer> {
  const headers = {
    'X-Trino-User': 'conformance',
    'X-Trino-Catalog': 'hive',
    'X-Trino-Schema': 'socratic_bench',
  };
  let page = (await (
    await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql })
  ).json()) as Page;
  const answer: TrinoAnswer = { columns: [], rows: [] };
  for (;;) {
    if (page.error !== undefined) throw new Error(`${page.error.errorName}: ${page.error.message}`);
    if (page.columns !== undefined) answer.columns = page.columns.map(({ name, type }) => ({ name, type }));
    answer.rows.push(...(page.data ?? []));
    if (page.nextUri === undefined) return answer;
    page = (await (await fetch(page.nextUri, { headers })).json()) as Page;
  }
}
