import type { LabelRecord, LabelSession } from '../../schemas/label.ts';

type Act = Exclude<LabelRecord, { action: 'undo' }>;

export interface SessionState {
  /** What stands at each position, undone acts left out. */
  acts: ReadonlyMap<number, Act>;
  /** First position without an act; null when the session is done. */
  next: number | null;
  /** The act that an undo would take back. */
  last: Act | null;
  n_records: number;
}

/** How a session stands after its records, in the order of their numbers. */
export function replaySession(session: LabelSession, records: readonly LabelRecord[]): SessionState {
  const standing: Act[] = [];
  for (const record of [...records].sort((a, b) => a.seq - b.seq)) {
    if (record.action !== 'undo') standing.push(record);
    else {
      const undone = standing.findIndex(({ seq }) => seq === record.undoes);
      if (undone >= 0) standing.splice(undone, 1);
    }
  }
  const acts = new Map(standing.map((act) => [act.position, act]));
  const next = session.items.findIndex((_item, position) => !acts.has(position));
  return { acts, next: next < 0 ? null : next, last: standing.at(-1) ?? null, n_records: records.length };
}
