import { CSD_DIMENSIONS, type CsdDimension, type CsdSubscores } from '../../../schemas/csd-subscores.ts';
import type { HeuristicResult } from '../../../schemas/heuristic-result.ts';
import type { Rubric } from '../../../schemas/rubric.ts';
import { studentMoveSchema, type Seed, type StudentMove } from '../../../schemas/seed.ts';
import { createAdaptiveProbing } from './ap.ts';
import { createContradictionHandling } from './ch.ts';
import { findCopiedWords } from './copied-words.ts';
import { createContextResponsiveness } from './cr.ts';
import { inferMove } from './infer-move.ts';
import { createMetaAdaptation } from './ma.ts';
import { createNovelty } from './nvt.ts';
import { pointsBack } from './points-back.ts';
import type { Dimension, ReadTurn } from './read-turn.ts';
import { createRedHerringDiscipline } from './rhd.ts';
import { createRunningIdf } from './running-idf.ts';
import { createSalienceTracking } from './st.ts';
import { createThreadContinuity } from './tc.ts';
import { readMessage, readReplyText } from './text.ts';
import { weighCsd } from './weigh-csd.ts';
import type { TurnScenario } from '../../dialogue/turn-scenario.ts';

/** One turn of a dialogue, as the tracker takes it. */
export interface CsdTurn {
  /** 1-based, rising. */
  turn_index: number;
  /** The student's own words, without pasted material; empty where a tutor opens. */
  said: string;
  /** The student's move; null where unknown, it is then read from the words. */
  move: string | null;
  tutor_text: string;
  heuristic: HeuristicResult;
  /** Null for dialogues made elsewhere. */
  scenario: TurnScenario | null;
}

/** CSD of a run. */
export interface CsdSummary {
  /** Weighted mean over applicable dimensions, 0–1; null when none applied. */
  csd: number | null;
  /** Sum of the rubric's weights of the dimensions that applied, 0–1. */
  covered_weight: number;
  /** Mean over applicable turns, by dimension. */
  subscores: CsdSubscores;
  /** Mean share of the three heaviest salient points taken up in the last three turns' questions; null when none was raised. */
  salience_recall_at_3: number | null;
  /** Questions asked in each thread, in order. */
  thread_depths: number[];
  /** Why a dimension has no run value; null where it has one. */
  null_reasons: Record<CsdDimension, string | null>;
}

/** Work done and memory held so far: counts, for the proof that cost is linear and memory flat. */
export interface CsdWork {
  words_read: number;
  comparisons: number;
  entries_held: number;
}

/** Conversation-level Socratic Dynamism of one dialogue, fed turn by turn (spec 3.4). */
export interface CsdTracker {
  /** Sub-scores of the turn. Turns in order, each once. O(new turn + last 10 replies). */
  next(turn: CsdTurn): CsdSubscores;
  /** Over the turns so far. */
  summary(): CsdSummary;
  work(): CsdWork;
}

/** Opens a tracker. `seed` null: salience from the student's words alone, no decoys, no contradictions. Pure; any text is accepted. */
export function createCsdTracker(options: { seed: Seed | null; rubric: Rubric }): CsdTracker {
  const { seed, rubric } = options;
  const idf = createRunningIdf();
  const st = createSalienceTracking(seed);
  const nvt = createNovelty(st.map);
  const tc = createThreadContinuity();
  const dimensions: Record<CsdDimension, Dimension> = {
    cr: createContextResponsiveness(),
    st,
    rhd: createRedHerringDiscipline(),
    ap: createAdaptiveProbing(),
    nvt,
    tc,
    ch: createContradictionHandling(),
    ma: createMetaAdaptation(),
  };
  const sums = byDimension(() => 0);
  const counts = byDimension(() => 0);
  let wordsRead = 0;

  const means = (): CsdSubscores =>
    byDimension((name) => (counts[name] === 0 ? null : sums[name] / counts[name]));

  return {
    next(turn) {
      const read = readTurn(turn, idf);
      wordsRead += read.said.words.length + read.tutor.words.length;
      const subscores = byDimension((name) => {
        const value = dimensions[name].next(read);
        if (value === null) return null;
        const bounded = Math.min(1, Math.max(0, value));
        sums[name] += bounded;
        counts[name] += 1;
        return bounded;
      });
      idf.observe(read.tutor.content);
      return subscores;
    },
    summary() {
      const subscores = means();
      return {
        ...weighCsd(subscores, rubric),
        subscores,
        salience_recall_at_3: st.recallAt3(),
        thread_depths: tc.depths(),
        null_reasons: byDimension((name) => (counts[name] === 0 ? dimensions[name].null_reason : null)),
      };
    },
    work: () => ({
      words_read: wordsRead,
      comparisons: nvt.comparisons,
      entries_held: idf.size + st.map.size + tc.size,
    }),
  };
}

/** Reads a turn once. The message is counted before the dimensions look, the reply after: its own words shall not weigh less. */
function readTurn(turn: CsdTurn, idf: ReturnType<typeof createRunningIdf>): ReadTurn {
  const said = readMessage(turn.said);
  const tutor = readReplyText(turn.tutor_text);
  idf.observe(said.content);
  const move = moveOf(turn);
  return {
    turn_index: turn.turn_index,
    said,
    tutor,
    move,
    is_meta: turn.scenario === null ? move === 'meta_question' : turn.scenario.is_meta,
    heuristic: turn.heuristic,
    scenario: turn.scenario,
    idf,
    points_back: pointsBack(tutor),
    copied: findCopiedWords(said, tutor),
  };
}

function moveOf({ move, scenario, said }: CsdTurn): StudentMove | null {
  const known = studentMoveSchema.safeParse(move ?? scenario?.move ?? null);
  return known.success ? known.data : inferMove(said);
}

function byDimension<T>(value: (name: CsdDimension) => T): Record<CsdDimension, T> {
  const record: Partial<Record<CsdDimension, T>> = {};
  for (const name of CSD_DIMENSIONS) record[name] = value(name);
  return record as Record<CsdDimension, T>;
}
