import { join } from 'node:path';
import { randomFrom } from '../../core/identity/random.ts';
import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { filesOf, hashesOf, linesOf } from '../nemesis/lake-contents.ts';
import { commandOf } from '../nemesis/matrix.ts';
import { startProgram, type Program } from '../nemesis/program.ts';
import type { Customer, Provider } from '../nemesis/provider.ts';

/** One lake, one customer of the provider, one command that is given again and again. */
export interface Stage {
  lake: string;
  customer: Customer;
  start(options?: { more?: readonly string[]; environment?: Readonly<Record<string, string>> }): Program;
  /** Calls answered so far. */
  calls(): number;
  refused(): number;
  /** Replies on the disk. */
  turns(): number;
  summary(): ExecutionSummary | null;
  /** Are scores and tables those of another lake, to the last byte? */
  equals(other: string): boolean;
}

const ENTIRE = ['scores', 'curated'];

export function openStage(folder: string, name: string, config: string, provider: Provider): Stage {
  const lake = join(folder, name);
  const customer = provider.customer(name, { replies: 'steady', random: randomFrom(name) });
  const sum = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((total, n) => total + n, 0);
  return {
    lake,
    customer,
    start: ({ more = [], environment = {} } = {}) =>
      startProgram([...commandOf(config, lake), ...more], name, environment),
    calls: () => sum(customer.answered),
    refused: () => sum(customer.mishaps),
    turns: () => filesOf(lake, 'checkpoints').filter((path) => path.includes('/turn-')).length,
    summary() {
      const [path] = filesOf(lake, 'executions').filter((one) => one.endsWith('summary.json'));
      return path === undefined ? null : (linesOf<ExecutionSummary>(lake, path)[0] ?? null);
    },
    equals(other) {
      const bytes = (root: string) =>
        JSON.stringify(
          ENTIRE.flatMap((part) => [...hashesOf(root, part)].filter(([path]) => path.length > 0)),
        );
      return filesOf(lake, 'scores').length > 0 && bytes(lake) === bytes(other);
    },
  };
}

/** Resolves when so many more calls were answered, or the program has ended. */
export function afterCalls(customer: Customer, count: number, program: Program): Promise<unknown> {
  let left = count;
  const answered = new Promise<void>((resolve) => {
    customer.onAnswered = () => {
      left -= 1;
      if (left <= 0) resolve();
    };
  });
  return Promise.race([answered, program.ended]);
}

/** The lines of a program's stderr that say what went wrong and what to do. */
export function lastWords(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => /^(?:error|hint|budget)\b/.test(line))
    .map((line) => line.replace(/\/\S*\/(?=[^/\s]+\.json)/, '…/'));
}
