/**
 * `npm run chaos-demo`: a throttling storm, a withdrawn model, a kill -9 and a full disk, each happening to the built command
 * line, with what was before and after. About half a minute; exits 1 when a promise was broken.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { fullDisk, killed, poisonedModel, storm } from './chaos-demo/scenes.ts';
import { openStage } from './chaos-demo/stage.ts';
import { createTeller } from './chaos-demo/tell.ts';
import { writeMatrix } from './nemesis/matrix.ts';
import { startProvider } from './nemesis/provider.ts';

const write = (text: string) => void process.stdout.write(text);
const startMs = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'socratic-chaos-'));
const tell = createTeller(write);
let isKept = true;
try {
  await using provider = await startProvider();
  const config = writeMatrix(join(folder, 'matrix'), provider.base_url);
  write(
    `${pc.bold('What happens when things go wrong')}\n${pc.dim('Two tutors and two judges, served by a small provider on this machine; the real command line runs in processes of its own, on a fast clock. First a run on which nothing goes wrong, to compare with.')}\n`,
  );
  const clean = openStage(folder, 'clean', config, provider);
  const { status, stderr } = await clean.start().ended;
  if (status !== 0) throw new Error(`the undisturbed run exits ${status}: ${stderr}`);
  write(
    `  ${pc.yellow('›')} undisturbed: ${clean.turns()} replies, ${clean.calls()} calls paid, judges and canary included\n`,
  );
  for (const scene of [storm, poisonedModel, killed, fullDisk])
    isKept = (await scene({ folder, config, provider, tell, clean })) && isKept;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
write(
  `\n${isKept ? pc.green('Every promise was kept.') : pc.red('A promise was broken.')} ${pc.dim(`${Math.round((performance.now() - startMs) / 1000)} s · more of it, at random: npm run nemesis -- --seeds 20 · docs/reliability.md`)}\n`,
);
process.exit(isKept ? 0 : 1);
