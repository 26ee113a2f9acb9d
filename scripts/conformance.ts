import { readFileSync } from 'node:fs';

import type { AslCase, Verdict } from '../engine/conformance/asl-case.ts';
import { runCase } from '../engine/conformance/run-case.ts';
import { writeSection } from './conformance/report.ts';

const USAGE = `usage: npm run conformance [-- <subcommand>]; without one, all but asl

  validator                    the definition through asl-validator (npm), this engine's own check beside it
  asl <file.jsonl> [--notes]   run recorded Step Functions cases, one a line, on the embedded engine;
                  [--record]   --notes also shows causes that are worded differently, --record writes the
                               counts to docs/conformance.md
  cfn                          lint the synthesized templates with cfn-lint (PyPI)
  moto                         create state machine and stacks on moto's server (PyPI)
  api                          every operation of the API against Schemathesis (PyPI)
  adapters                     our AWS adapters against moto's server (PyPI)
  images                       Dockerfiles built with buildah on a local base, their entry points run (Linux, root)
  trino                        Glue tables and saved queries on Trino's Hive connector (Maven Central, Java 17)
`;

/** The comparisons with recorded behaviour, by name; each gives the exit code. */
const SUBCOMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  asl,
  cfn: async () => (await import('./conformance/cfn.ts')).cfn(),
  moto: async () => (await import('./conformance/moto.ts')).moto(),
  api: async () => (await import('./conformance/api.ts')).api(),
  adapters: async () => (await import('./conformance/adapters.ts')).adapters(),
  images: async () => (await import('./conformance/images.ts')).images(),
  trino: async () => (await import('./conformance/trino.ts')).trino(),
  validator: async () => (await import('./conformance/validator.ts')).validator(),
};

/** Runs every case of a file and lists the ones that are wrong or refused. */
async function asl(args: readonly string[]): Promise<number> {
  const file = args.find((arg) => !arg.startsWith('--'));
  if (file === undefined) return usage('asl needs a file of cases');
  const verdicts: Verdict[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() !== '') verdicts.push(await runCase(JSON.parse(line) as AslCase));
  }
  for (const { name, verdict, reasons, notes } of verdicts) {
    if (verdict !== 'passed') console.log([`${verdict.toUpperCase()} ${name}`, ...reasons].join('\n    '));
    if (args.includes('--notes') && notes.length > 0) console.log([`NOTE ${name}`, ...notes].join('\n    '));
  }
  const count = (kind: Verdict['verdict']): number =>
    verdicts.filter(({ verdict }) => verdict === kind).length;
  const counts = `${count('passed')} passed, ${count('refused')} refused, ${count('wrong')} wrong`;
  // Cases of one's own say nothing about the page's.
  if (args.includes('--record'))
    writeSection(
      'asl',
      `## Recorded Step Functions cases\n\n${verdicts.length} cases recorded on AWS, run on the embedded engine: ${counts}. Refused: a field that the engine does not implement, by name.`,
    );
  console.log(counts);
  return count('wrong') > 0 ? 1 : 0;
}

function usage(problem: string): number {
  console.error(`${problem}\n${USAGE}`);
  return 2;
}

/** All that need no argument, one after the other; the worst exit code. */
async function all(): Promise<number> {
  let worst = 0;
  for (const [name, subcommand] of Object.entries(SUBCOMMANDS)) {
    if (name === 'asl') continue;
    console.log(`\n${name}`);
    worst = Math.max(worst, await subcommand([]));
  }
  return worst;
}

const [name, ...rest] = process.argv.slice(2);
const subcommand = Object.hasOwn(SUBCOMMANDS, name ?? '') ? SUBCOMMANDS[name ?? ''] : undefined;
process.exitCode =
  name === undefined
    ? await all()
    : subcommand === undefined
      ? usage(`there is no subcommand '${name}'`)
      : await subcommand(rest);
