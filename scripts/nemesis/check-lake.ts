import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileStore } from '../../adapters/local/file-store.ts';
import { verifyExecution } from '../../core/tasks/verify-execution.ts';
import type { Execution } from '../../schemas/execution.ts';
import type { LedgerRow } from '../../schemas/ledger-row.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import { filesOf, hashesOf, linesOf } from './lake-contents.ts';
import { CONCURRENCY } from './matrix.ts';

/** What happened to a lake, as the nemesis saw it from outside. */
export interface History {
  /** Checkpoints that lay in the lake at some moment, by path, with their hash: turns that were acknowledged. */
  acknowledged: ReadonlyMap<string, string>;
  /** Answers of the provider by `<model> <conversation>`. */
  answered: ReadonlyMap<string, number>;
  /** Blows that lose calls in flight. */
  kills: number;
  /** Second starts that worked beside the first. */
  twins: number;
  /** Checkpoints torn on purpose: each is paid again where its turn was not in raw/ or judged/ yet. */
  torn: ReadonlySet<string>;
}

/** Where the same execution may leave other files: engine and process state and unanswered tries, not results. */
const CIRCUMSTANCE = /^(?:\.local|map-runs)\/|\/unanswered-\d+-\d+\.json$/;

/** Everything that is wrong with a lake after its faults, against a clean run's; empty when all promises of 5.3 are kept. */
export async function checkLake(lake: string, clean: string, history: History): Promise<string[]> {
  return [
    ...strayFiles(lake, clean, history),
    ...sameBytes(lake, clean, ['scores', 'curated', 'manifests', 'config', 'calibration']),
    ...uniqueTurns(lake),
    ...acknowledgedTurns(lake, history),
    ...callsInBounds(history),
    ...ledgerIsWhole(lake),
    ...(await sealHolds(lake)),
  ];
}

function strayFiles(lake: string, clean: string, { torn }: History): string[] {
  const results = (folder: string) => new Set(filesOf(folder).filter((path) => !CIRCUMSTANCE.test(path)));
  const [here, there] = [results(lake), results(clean)];
  const temporary = filesOf(lake, '.local/tmp');
  return [
    ...[...here].filter((path) => !there.has(path)).map((path) => `stray file ${path}`),
    ...[...there].filter((path) => !here.has(path) && !torn.has(path)).map((path) => `missing file ${path}`),
    ...temporary.map((path) => `temporary file left behind: ${path}`),
  ];
}

function sameBytes(lake: string, clean: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    filesOf(clean, folder)
      .filter((path) => contentOf(lake, path) !== contentOf(clean, path))
      .map((path) => `other bytes than a clean run's: ${path}`),
  );
}

/** A file's content; null where it is missing. What the preflight's probe was billed is circumstance: a busy provider bills none. */
function contentOf(lake: string, path: string): string | null {
  if (!existsSync(join(lake, path))) return null;
  const bytes = readFileSync(join(lake, path));
  if (!path.includes('/plans/')) return bytes.toString('base64');
  return bytes.toString('utf8').replaceAll(/"preflight_usage":(?:null|\{[^}]*\})/g, '"preflight_usage":null');
}

function uniqueTurns(lake: string): string[] {
  return ['raw', 'judged'].flatMap((folder) => {
    const seen = new Set<string>();
    return filesOf(lake, folder).flatMap((path) =>
      linesOf<RawTurn>(lake, path).flatMap(({ run_id, turn_index }) => {
        const turn = `${folder} ${run_id} turn ${turn_index}`;
        if (seen.has(turn)) return [`twice: ${turn}`];
        seen.add(turn);
        return [];
      }),
    );
  });
}

function acknowledgedTurns(lake: string, { acknowledged }: History): string[] {
  const now = hashesOf(lake, 'checkpoints');
  const changed = [...acknowledged]
    .filter(([path, hash]) => now.get(path) !== hash)
    .map(([path]) => `${now.has(path) ? 'rewritten' : 'lost'}: acknowledged turn ${path}`);
  const turns = new Set(
    filesOf(lake, 'raw').flatMap((path) =>
      linesOf<RawTurn>(lake, path).map(({ run_id, turn_hash }) => `${run_id} ${turn_hash}`),
    ),
  );
  const unpublished = [...acknowledged.keys()]
    .filter((path) => path.includes('/turn-'))
    .flatMap((path) => {
      const [, run_id] = path.split('/');
      const [checkpoint] = now.has(path) ? linesOf<{ turn_hash: string }>(lake, path) : [];
      return checkpoint === undefined || turns.has(`${run_id} ${checkpoint.turn_hash}`)
        ? []
        : [`acknowledged turn ${path} is not in raw/`];
    });
  return [...changed, ...unpublished];
}

/**
 * calls ≤ turns + calls that a kill lost + calls that a second start made. A kill loses a call of each dialogue in flight and
 * of each run being judged: every answer is recorded by itself.
 */
function callsInBounds({ answered, kills, twins, torn }: History): string[] {
  const bounded = (kind: 'tutor' | 'judge'): string[] => {
    const counts = [...answered].filter(([call]) => call.startsWith(kind)).map(([, n]) => n);
    const paid = counts.reduce((sum, n) => sum + n, 0);
    const most = (1 + twins) * counts.length + kills * CONCURRENCY + torn.size;
    const repeated = counts.filter((n) => n > 1 + kills + twins + torn.size).length;
    return [
      ...(paid > most
        ? [
            `${paid} ${kind} calls paid, at most ${most} explained by ${counts.length} turns and ${kills} kills`,
          ]
        : []),
      ...(repeated > 0 ? [`${repeated} ${kind} calls paid more often than there were kills`] : []),
    ];
  };
  return [...bounded('tutor'), ...bounded('judge')];
}

function ledgerIsWhole(lake: string): string[] {
  const seen = new Set<string>();
  const doubled: string[] = [];
  for (const path of filesOf(lake, 'ledger'))
    for (const row of linesOf<LedgerRow>(lake, path)) {
      const call = `${row.component} ${row.run_id} turn ${row.turn_index} attempt ${row.attempt}`;
      if (seen.has(call) && !row.is_estimated) doubled.push(`twice in the ledger: ${call}`);
      seen.add(call);
    }
  return doubled;
}

async function sealHolds(lake: string): Promise<string[]> {
  const [status] = filesOf(lake, 'executions').filter((path) => path.endsWith('status.json'));
  const [record] = status === undefined ? [] : linesOf<Execution>(lake, status);
  if (record === undefined) return ['no execution record'];
  const found = await verifyExecution(createFileStore(lake), {
    execution_id: record.execution_id,
    manifest_key: record.manifest_key ?? '',
    plan_key: record.plan_key ?? '',
  });
  return [
    ...(record.state === 'finished' && record.outcome === 'complete'
      ? []
      : [`ended ${record.state} ${record.outcome}, ${record.n_scored} of ${record.n_planned} scored`]),
    ...(found === null ? ['no seal'] : []),
    ...(found?.brokenFiles ?? []).map(({ key, problem }) => `seal: ${key} ${problem}`),
    ...(found?.brokenRecord
      ? [`chain: ${found.brokenRecord.key} turn ${found.brokenRecord.turn_index}`]
      : []),
    ...(found !== null && !found.isRootSound ? ['the week root is not that of its runs'] : []),
  ];
}
