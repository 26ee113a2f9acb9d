import {
  labelRecordSchema,
  type Candidate,
  type LabelActionRequest,
  type LabelQueue,
  type LabelSession,
  type LabelStatistics,
  type SessionView,
} from '../../schemas/label.ts';
import { ERROR, PREFIX } from '../../schemas/names.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import type { Rubric } from '../../schemas/rubric.ts';
import { NamedError } from '../errors.ts';
import { isoWeekOf, shiftWeek } from '../identity/iso-week.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { correctionNote, MIN_CORRECTION_LABELS } from '../labelling/correction-note.ts';
import { drawTurns, parseTurnItemId, turnItemId } from '../labelling/draw-turns.ts';
import { goldenItems, type GoldenDraft } from '../labelling/golden-items.ts';
import { labelStatistics } from '../labelling/label-statistics.ts';
import { planSession, shuffle } from '../labelling/plan-session.ts';
import {
  needsAdjudication,
  ratingsByItem,
  ratingsOf,
  type Rating,
  type StoredSession,
} from '../labelling/ratings.ts';
import { replaySession } from '../labelling/replay-session.ts';
import { randomFrom } from '../identity/random.ts';
import type { Clock, ObjectStore } from '../ports.ts';
import { readPlan } from './read-plan.ts';
import { readAudit, readCandidate, readTurn } from './label-items.ts';
import { readCorrectionLabels } from './correction-labels.ts';
import type { Measure } from './measure.ts';
import { readSessions } from './read-labels.ts';
import { decodeUtf8 } from './text-codec.ts';

export interface LabellingPorts {
  store: ObjectStore;
  clock: Clock;
  measure: (manifest_key: string) => Promise<Measure>;
  /** Scores the marks. */
  rubric: Rubric;
  /** The execution whose turns stand as golden candidates beside those sent by hand; null in an empty lake. */
  source: () => Promise<{ plan_key: string; series: string; measure_sha256: string } | null>;
}

export interface Labelling {
  /** The rater's session of a queue: the one begun, else a new one. Throws InvalidConfig when there is nothing to label. */
  open(rater: string, queue: LabelQueue, kind: LabelSession['kind']): Promise<SessionView>;
  view(rater: string, session: string): Promise<SessionView | null>;
  /** Records an act and gives the session after it. Throws PlanConflict when another window was faster. */
  act(rater: string, session: string, request: LabelActionRequest): Promise<SessionView | null>;
  statistics(queue: LabelQueue): Promise<LabelStatistics>;
  /** What a golden set of all labels would hold. */
  draft(): Promise<GoldenDraft & { alpha: LabelStatistics['alpha'] }>;
}

/** Labelling and audit (spec 4.6): blind sessions of 25, written one record an act, and what follows from them. */
export function createLabelling(ports: LabellingPorts): Labelling {
  const { store, clock, rubric } = ports;

  const find = async (rater: string, name: string): Promise<StoredSession | null> =>
    (await readSessions(store, rater)).find(({ session }) => session.session === name) ?? null;

  const viewOf = async ({ session, records }: StoredSession): Promise<SessionView> => {
    const state = replaySession(session, records);
    const item_id = state.next === null ? null : session.items[state.next]!.item_id;
    const item = item_id === null ? null : await candidateOf(ports, item_id);
    return {
      rater: session.rater,
      session: session.session,
      queue: session.queue,
      kind: session.kind,
      n_items: session.items.length,
      n_done: state.acts.size,
      can_undo: state.last !== null,
      position: state.next,
      item:
        item === null
          ? null
          : {
              item_id: item.item_id,
              goal: item.goal,
              reference_answer: item.reference_answer,
              context: item.context,
              tutor_text: item.tutor_text,
            },
      opinions: session.kind === 'adjudication' && item_id !== null ? await opinionsOn(ports, item_id) : [],
    };
  };

  return {
    async open(rater, queue, kind) {
      const all = await readSessions(store);
      const own = all.filter(
        ({ session }) => session.rater === rater && session.queue === queue && session.kind === kind,
      );
      const begun = own.find(({ session, records }) => replaySession(session, records).next !== null);
      if (begun !== undefined) return viewOf(begun);
      const prefix = kind === 'labels' ? queue : `${queue}-adjudication`;
      const name = `${prefix}-${String(own.length + 1).padStart(3, '0')}`;
      const ratings = ratingsOf(all, rubric);
      const items =
        kind === 'adjudication'
          ? adjudicationItems(ratings, queue, `${rater}:${name}`)
          : planSession({
              rater,
              session: name,
              item_ids: await poolOf(ports, queue),
              ratersOf: ratersOf(ratings),
            });
      if (items.length === 0) throw nothingToLabel(queue, kind);
      const session: LabelSession = { rater, session: name, queue, kind, created_at: clock.now(), items };
      await store.putIfAbsent(lakeKeys.label(rater, name, 0), `${JSON.stringify(session)}\n`);
      return viewOf((await find(rater, name))!);
    },

    async view(rater, name) {
      const stored = await find(rater, name);
      return stored === null ? null : viewOf(stored);
    },

    async act(rater, name, request) {
      const stored = await find(rater, name);
      if (stored === null) return null;
      const { session, records } = stored;
      const state = replaySession(session, records);
      const seq = state.n_records + 1;
      const base = { rater, session: name, seq, at: clock.now() };
      const record = labelRecordSchema.parse(
        request.action === 'undo'
          ? { ...base, action: 'undo', undoes: undoable(state.last?.seq) }
          : { ...base, ...request, item_id: itemAt(session, request.position, state.next) },
      );
      const outcome = await store.putIfAbsent(
        lakeKeys.label(rater, name, seq),
        `${JSON.stringify(record)}\n`,
      );
      if (outcome === 'exists') throw conflict(`${name}: record ${seq} was written by another window`);
      return viewOf({ session, records: [...records, record] });
    },

    async statistics(queue) {
      const ratings = ratingsOf(await readSessions(store), rubric);
      const own = ratings.filter((rating) => rating.queue === queue);
      return {
        ...labelStatistics(queue, own, await judgeScores(store, own), rubric),
        corrections: queue === 'audit' ? await corrections(ports) : null,
      };
    },

    async draft() {
      const ratings = ratingsOf(await readSessions(store), rubric);
      const candidates = new Map<string, Candidate>();
      for (const item_id of new Set(ratings.map((rating) => rating.item_id))) {
        const candidate = await candidateOf(ports, item_id);
        if (candidate !== null) candidates.set(item_id, candidate);
      }
      const golden = ratings.filter(({ queue }) => queue === 'golden');
      return {
        ...goldenItems(ratingsByItem(golden), candidates, rubric),
        alpha: labelStatistics('golden', golden, new Map(), rubric).alpha,
      };
    },
  };
}

function candidateOf({ store, measure }: LabellingPorts, item_id: string): Promise<Candidate | null> {
  return readCandidate(store, item_id, measure);
}

async function opinionsOn(
  { store, rubric }: LabellingPorts,
  item_id: string,
): Promise<SessionView['opinions']> {
  const ratings = ratingsOf(await readSessions(store), rubric).filter(
    (rating) => rating.item_id === item_id && rating.pass === 'first',
  );
  // In an order of their own, so that the first is not always the same rater.
  return shuffle(ratings, randomFrom(`opinions:${item_id}`)).map(({ marks, violations }) => ({
    marks,
    violations: [...violations],
  }));
}

function ratersOf(ratings: readonly Rating[]): Map<string, Set<string>> {
  const raters = new Map<string, Set<string>>();
  for (const { item_id, rater } of ratings)
    raters.set(item_id, (raters.get(item_id) ?? new Set()).add(rater));
  return raters;
}

/** Items of a queue: what was sent by hand and turns of the official execution; or the audit items. */
async function poolOf(ports: LabellingPorts, queue: LabelQueue): Promise<string[]> {
  const { store } = ports;
  if (queue === 'audit')
    return [
      ...new Set((await readAudit(store)).map(({ run_id, turn_index }) => turnItemId(run_id, turn_index))),
    ];
  const sent: string[] = [];
  for await (const { key } of store.list(`${PREFIX.labels}/_candidates/`))
    sent.push(key.replace(/^.*\/(.+)\.json$/, '$1'));
  const source = await ports.source();
  const plan = source === null ? null : await readPlan(store, source.plan_key);
  const runs: RunSummary[] = [];
  for (const row of plan ?? []) {
    const bytes = row.status === 'planned' ? await store.get(lakeKeys.score(row.dt, row.run_id)) : null;
    if (bytes !== null) runs.push(runSummarySchema.parse(JSON.parse(decodeUtf8(bytes))));
  }
  return [...sent, ...drawTurns(runs)];
}

function adjudicationItems(
  ratings: readonly Rating[],
  queue: LabelQueue,
  seed: string,
): LabelSession['items'] {
  const open = [...ratingsByItem(ratings.filter((rating) => rating.queue === queue))]
    .filter(([, item]) => needsAdjudication(item))
    .map(([item_id]) => item_id);
  return shuffle(open, randomFrom(`adjudication:${seed}`)).map((item_id) => ({ item_id, is_repeat: false }));
}

/** What the weekly run gave to the turns among the items. */
async function judgeScores(store: ObjectStore, ratings: readonly Rating[]): Promise<Map<string, number>> {
  const scores = new Map<string, number>();
  for (const item_id of new Set(ratings.map((rating) => rating.item_id))) {
    const place = parseTurnItemId(item_id);
    const stored = place === null ? null : await readTurn(store, place.run_id, place.turn_index);
    const score = stored?.turn.judge?.score ?? null;
    if (score !== null) scores.set(item_id, score);
  }
  return scores;
}

async function corrections(ports: LabellingPorts): Promise<LabelStatistics['corrections']> {
  const source = await ports.source();
  if (source === null) return null;
  // As next week's Aggregate will see it.
  const week = shiftWeek(isoWeekOf(ports.clock.now()), 1);
  const { length } = await readCorrectionLabels(ports.store, { ...source, week }, ports.rubric);
  return { n_labels: length, n_needed: MIN_CORRECTION_LABELS, note: correctionNote(length) };
}

function itemAt(session: LabelSession, position: number, next: number | null): string {
  if (position === next) return session.items[position]!.item_id;
  throw conflict(
    next === null
      ? `${session.session} is done`
      : `${session.session}: expected position ${next}, got ${position}: another window was faster`,
  );
}

function undoable(seq: number | undefined): number {
  if (seq !== undefined) return seq;
  throw conflict('nothing to undo in this session');
}

function conflict(message: string): NamedError {
  return new NamedError(ERROR.planConflict, message, { hint: 'load the page again' });
}

function nothingToLabel(queue: LabelQueue, kind: LabelSession['kind']): NamedError {
  const [message, hint] =
    kind === 'adjudication'
      ? [`${queue}: raters nowhere differ by more than 1.5 points`, 'nothing to decide']
      : queue === 'audit'
        ? [
            'the audit queue holds nothing that you have not labelled',
            '`socratic-bench run` fills it each week',
          ]
        : [
            'there is no golden candidate that you have not labelled',
            '`socratic-bench run` makes turns to draw from; the evaluator sends single ones',
          ];
  return new NamedError(ERROR.invalidConfig, message, { hint });
}
