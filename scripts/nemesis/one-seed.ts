import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { randomFrom } from '../../core/identity/random.ts';
import type { Execution } from '../../schemas/execution.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import { checkLake } from './check-lake.ts';
import { damageLake } from './damage-lake.ts';
import { filesOf, hashesOf, linesOf } from './lake-contents.ts';
import { commandOf } from './matrix.ts';
import type { FaultPlan, Round } from './plan-faults.ts';
import { appears, childrenOf, startProgram, type Program } from './program.ts';
import { conversationKey, type Customer, type Provider } from './provider.ts';

export interface SeedResult {
  plan: FaultPlan;
  /** What is wrong; empty when every promise was kept. */
  problems: string[];
  kills: number;
  drains: number;
  twins: number;
  /** Acknowledged turns that were torn on purpose. */
  torn: number;
  calls: number;
  mishaps: number;
}

export interface Arena {
  folder: string;
  config: string;
  provider: Provider;
  /** Lake of the clean run that `steady` seeds are compared with. */
  cleanLake: string;
}

/** Plays one plan: rounds of faults, a last start that is left alone, then the checks against a clean run. */
export async function playSeed(arena: Arena, plan: FaultPlan): Promise<SeedResult> {
  const { seed } = plan;
  const random = randomFrom(`nemesis:play:${seed}`);
  const key = `seed-${seed}`;
  const lake = join(arena.folder, key);
  mkdirSync(lake, { recursive: true });
  const customer = arena.provider.customer(key, { replies: plan.replies, random });
  const command = [...commandOf(arena.config, lake), '--isolation', plan.isolation];
  const acknowledged = new Map<string, string>();
  const torn = new Set<string>();
  /** What was torn or built on it, by path, as it was left: a start that is struck before it mends acknowledges none of it. */
  const damaged = new Map<string, string>();
  const result: SeedResult = {
    plan,
    problems: [],
    kills: 0,
    drains: 0,
    twins: 0,
    torn: 0,
    calls: 0,
    mishaps: 0,
  };
  const started: Program[] = [];

  for (const round of plan.rounds) {
    customer.weather = round.weather;
    const programs = round.isTwice
      ? [startProgram(command, key), startProgram(command, key)]
      : [startProgram(command, key)];
    started.push(...programs);
    if (round.isTwice) result.twins += 1;
    for (const program of programs) {
      const isStruck = await strike(program, round, customer, lake);
      if (!isStruck) continue;
      if (round.blow.signal === 'SIGKILL') result.kills += 1;
      else result.drains += 1;
    }
    for (const program of programs) await program.ended;
    // What a struck parent left running goes on beside the next start; damage is for a lake at rest.
    if (round.damage !== null) for (const program of programs) await program.emptied();
    for (const [path, hash] of hashesOf(lake, 'checkpoints'))
      if (damaged.get(path) !== hash) acknowledged.set(path, hash);
    if (round.damage !== null && !isFinished(lake)) {
      const hit = damageLake(lake, round.damage, random);
      const hashes = hashesOf(lake, 'checkpoints');
      for (const path of hit) {
        acknowledged.delete(path);
        torn.add(path);
        damaged.set(path, hashes.get(path) ?? '');
      }
    }
  }

  customer.weather = plan.lastWeather;
  const last = startProgram(command, key);
  started.push(last);
  const { status, stderr } = await last.ended;
  if (status !== 0) result.problems.push(`the last start exits ${status}: ${stderr.slice(-600)}`);
  for (const program of started) await program.emptied();

  result.torn = torn.size;
  result.calls = sum(customer.answered);
  result.mishaps = sum(customer.mishaps);
  const clean = plan.replies === 'steady' ? arena.cleanLake : await replay(arena, lake, key);
  result.problems.push(
    ...(await checkLake(lake, clean, {
      acknowledged,
      answered: customer.answered,
      kills: result.kills,
      twins: result.twins,
      torn,
    })),
  );
  if (plan.isRepeated) {
    const again = await startProgram(command, key).ended;
    if (again.status !== 0 || sum(customer.answered) !== result.calls)
      result.problems.push('a finished execution, started again, is no no-op');
  }
  if (clean !== arena.cleanLake) rmSync(clean, { recursive: true, force: true });
  if (result.problems.length === 0) rmSync(lake, { recursive: true, force: true });
  return result;
}

/** A clean run of the same matrix, for `steady` seeds. */
export async function runClean(folder: string, config: string, provider: Provider): Promise<string> {
  const lake = join(folder, 'clean');
  provider.customer('clean', { replies: 'steady', random: randomFrom('clean') });
  await expectSuccess(commandOf(config, lake), 'clean');
  return lake;
}

/** A clean run that is given the replies which the disturbed one adopted. */
async function replay(arena: Arena, lake: string, key: string): Promise<string> {
  const replies = new Map<string, string>();
  for (const path of filesOf(lake, 'raw')) {
    const texts: string[] = [];
    for (const turn of linesOf<RawTurn>(lake, path)) {
      texts.push(turn.student.text);
      replies.set(conversationKey(turn.model, turn.temperature, texts), turn.tutor_text);
      texts.push(turn.tutor_text);
    }
  }
  const clean = join(arena.folder, `${key}-replayed`);
  arena.provider.customer(`${key}-replayed`, { replies, random: randomFrom('replay') });
  await expectSuccess(commandOf(arena.config, clean), `${key}-replayed`);
  return clean;
}

async function expectSuccess(command: readonly string[], key: string): Promise<void> {
  const { status, stderr } = await startProgram(command, key).ended;
  if (status !== 0) throw new Error(`a clean run exits ${status}: ${stderr}`);
}

/** Waits for the moment and strikes; false when the program had ended by then. */
async function strike(program: Program, round: Round, customer: Customer, lake: string): Promise<boolean> {
  await Promise.race([momentOf(round, customer, lake, program), program.ended]);
  await wait(round.delay_ms);
  if (program.process.exitCode !== null || program.process.signalCode !== null) return false;
  const { signal, whom } = round.blow;
  if (whom === 'all') program.signalAll(signal);
  else if (whom === 'parent') program.process.kill(signal);
  else {
    const [child] = childrenOf(program.process.pid!);
    if (child === undefined) program.signalAll(signal);
    else killOne(child, signal);
  }
  return true;
}

function momentOf({ moment }: Round, customer: Customer, lake: string, program: Program): Promise<void> {
  if (moment.when === 'folder') return appears(lake, moment.folder, program);
  let left = moment.count;
  return new Promise((resolve) => {
    customer.onAnswered = () => {
      left -= 1;
      if (left <= 0) resolve();
    };
  });
}

function killOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isFinished(lake: string): boolean {
  return filesOf(lake, 'executions')
    .filter((path) => path.endsWith('status.json'))
    .some((path) => linesOf<Execution>(lake, path)[0]?.state === 'finished');
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, n) => total + n, 0);
}
