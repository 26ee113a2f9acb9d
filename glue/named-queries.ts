import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One saved query: Trino SQL without parameters that Athena and `socratic-bench query --name` run alike. */
export interface NamedQuery {
  /** File name without ending, e.g. `03_violation_mix`. */
  name: string;
  question: string;
  /** What one row is. */
  grain: string;
  /** What it reads. */
  cost: string;
  /** The whole file, header included. */
  sql: string;
}

/** The saved queries of a folder (glue/queries), by name. Throws when a file name or header is not as it must be. */
export function readNamedQueries(folder: string): NamedQuery[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseNamedQuery(file, readFileSync(join(folder, file), 'utf8')));
}

/** Reads the header of a query file: comment lines `-- Question: …`, `-- Grain: …` and `-- Cost: …`, each of one or more lines. */
export function parseNamedQuery(file: string, sql: string): NamedQuery {
  const name = /^(\d\d_[a-z0-9_]+)\.sql$/.exec(file)?.[1];
  if (name === undefined) throw new Error(`${file}: expected a name such as 03_violation_mix.sql`);
  const header = new Map<string, string>();
  let key: string | null = null;
  for (const line of sql.split('\n')) {
    const comment = /^-- ?(.*)$/.exec(line)?.[1]?.trim();
    if (comment === undefined) break;
    const entry = /^(Question|Grain|Cost): (.+)$/.exec(comment);
    if (entry !== null) key = entry[1]!;
    if (key !== null) header.set(key, `${header.get(key) ?? ''} ${entry?.[2] ?? comment}`.trim());
  }
  const field = (wanted: string): string => {
    const value = header.get(wanted);
    if (value === undefined) throw new Error(`${file}: expected a line "-- ${wanted}: …" at the top`);
    return value;
  };
  return { name, question: field('Question'), grain: field('Grain'), cost: field('Cost'), sql };
}
