import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ENV } from '../../schemas/names.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { PlanPointers } from '../../schemas/task-io.ts';
import { openAwsAccount } from '../../tests/aws-path/aws-account.ts';
import { run } from './python-tool.ts';
import { runProgram } from '../run-program.ts';
import { table, writeSection } from './report.ts';

const BASE = 'localhost/socratic-local-base';
/** Fargate pulls the image before every task: a large one is paid in start-up (docs/performance.md). */
const MOST_MB = 200;
const CONTAINERS = ['runner', 'judge'] as const;

/** buildah with its images in a folder of this run; vfs and chroot need no kernel feature beyond being root. */
const at = (store: string, args: readonly string[]): string[] => [
  ...['--root', join(store, 'root'), '--runroot', join(store, 'run'), '--storage-driver', 'vfs'],
  ...args,
];
const buildah = (store: string, args: readonly string[]): string => run('buildah', at(store, args));

/**
 * Builds both images with buildah on a base made of this machine's Node, and runs their entry points: a dialogue played and
 * judged over the protocol servers of the tests. Linux and root; buildah comes from the distribution (Debian: `apt-get
 * install buildah`). No registry is asked.
 */
export async function images(): Promise<number> {
  if (spawnSync('buildah', ['--version']).error !== undefined) {
    console.log('skipped: no buildah (Debian: apt-get install buildah)');
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'socratic-images-'));
  try {
    run(process.execPath, ['scripts/build.mjs']);
    const baseMb = buildBase(folder);
    const built = CONTAINERS.map((name) => {
      buildah(folder, [
        'build',
        '--isolation',
        'chroot',
        '--build-arg',
        `BASE=${BASE}`,
        '-f',
        `Dockerfile.${name}`,
        '-t',
        `socratic-${name}`,
        '.',
      ]);
      return { name, mb: imageMb(folder, `localhost/socratic-${name}`) };
    });
    const ran = await playDialogue(folder);
    const rows = built.map(({ name, mb }) => [
      `Dockerfile.${name}`,
      `built, ${(mb - baseMb).toFixed(1)} MB over a base of ${baseMb.toFixed(0)} MB`,
      ran[name].isSound ? 'ran' : 'FAILED',
      ran[name].said,
    ]);
    const page = table(['what', 'image', 'entry point', 'its last line'], rows);
    const version = run('buildah', ['--version']).split(' ')[2] ?? '';
    writeSection(
      'images',
      `## buildah ${version}\n\n${page}\n\nThe base is this machine's Node ${process.version.slice(1)} with its libraries, since no registry could be asked: not Node 24 of \`public.ecr.aws\`, on which images are built for AWS. Each entry point ran in its image as user 1000 with the environment that the state machine gives it: the runner played a dialogue over the S3 and DynamoDB servers of the tests, the judge judged it. chroot isolation shows neither memory limits nor a read-only root; \`Dockerfile.view\` installs npm packages while it is built and was not.`,
    );
    console.log(page);
    return built.every(({ name, mb }) => ran[name].isSound && mb < MOST_MB) ? 0 : 1;
  } finally {
    spawnSync('buildah', at(folder, ['rm', '-a']));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An image of this machine's Node and the libraries it is linked with; gives its size. */
function buildBase(store: string): number {
  const tree = join(store, 'tree');
  const node = realpathSync(process.execPath);
  const libraries = [...run('ldd', [node]).matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1]!);
  for (const file of libraries) {
    mkdirSync(join(tree, dirname(file)), { recursive: true });
    cpSync(realpathSync(file), join(tree, file));
  }
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  cpSync(node, join(tree, 'usr/bin/node'));
  mkdirSync(join(tree, 'tmp'));
  const container = buildah(store, ['from', 'scratch']).trim();
  buildah(store, ['copy', container, tree, '/']);
  buildah(store, ['config', '--env', 'PATH=/usr/bin', container]);
  buildah(store, ['commit', container, BASE]);
  return imageMb(store, BASE);
}

function imageMb(store: string, image: string): number {
  const { size } = (JSON.parse(buildah(store, ['images', '--json', image])) as { size: string }[])[0]!;
  const [value, unit] = size.split(' ');
  return Number(value) * ({ KB: 1e-3, MB: 1, GB: 1e3 }[unit!] ?? Number.NaN);
}

/** One dialogue of profile mvp, played by the runner's image and judged by the judge's. */
async function playDialogue(store: string) {
  const account = await openAwsAccount();
  try {
    const { lambdas } = account;
    const pointers = await lambdas['load-manifest'].invoke({
      input: { profile: 'mvp', overrides: { models: ['steadfast'], temperatures: [0.2] } },
      execution_name: 'images',
      started_at: '2026-11-16T03:00:00Z',
    });
    const { runs_key } = (await lambdas['generate-runs'].invoke(pointers)) as PlanPointers;
    const line = account.objects(runs_key).get(runs_key)!.toString('utf8').split('\n')[0]!;
    const row = JSON.parse(line) as PlannedRun;
    const overrides = {
      [ENV.manifestKey]: row.manifest_key,
      [ENV.executionId]: row.execution_id,
      [ENV.runId]: row.run_id,
      [ENV.plannedRun]: line,
    };
    const results: Partial<Record<(typeof CONTAINERS)[number], { isSound: boolean; said: string }>> = {};
    for (const name of CONTAINERS) {
      const container = buildah(store, ['from', `localhost/socratic-${name}`]).trim();
      const environment = Object.entries(account.containerEnvironment(name, overrides));
      // Beside this process, which serves S3 and DynamoDB meanwhile.
      const { status, stdout, stderr } = await runProgram(
        'buildah',
        at(store, [
          ...['run', '--isolation', 'chroot'],
          ...environment.flatMap(([key, value]) => ['--env', `${key}=${value}`]),
          ...[container, '--', 'node', '/app/index.mjs'],
        ]),
        process.env,
      );
      const uid = buildah(store, [
        'run',
        '--isolation',
        'chroot',
        container,
        '--',
        'node',
        '-p',
        'process.getuid()',
      ]);
      const said = stdout.trimEnd().split('\n').at(-1) ?? '';
      const isSound = status === 0 && said.includes(`"turns":${row.turns}`) && uid.trim() === '1000';
      results[name] = {
        isSound,
        said: isSound ? `\`${said}\`` : `exit ${status} as user ${uid.trim()}: ${stderr.slice(-300)}`,
      };
    }
    return results as Required<typeof results>;
  } finally {
    await account.close();
  }
}
