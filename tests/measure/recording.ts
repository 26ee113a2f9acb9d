import { sha256Hex } from '../../core/identity/hash.ts';
import type { ChatModel, ChatRequest, ChatResult, ModelsFor } from '../../core/ports.ts';
import type { CsdSubscores } from '../../schemas/csd-subscores.ts';
import { MEASURE_VERSION } from '../../schemas/names.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { Turn } from '../../schemas/turn.ts';
import { measure, shippedModels, type Matrix } from './harness.ts';

/** What the measure makes of two dialogues whose every model answer is recorded: student, heuristics, judge, CSD, half-life. */
export interface Recording {
  measure_version: number;
  /** Of the manifest: all of config/ that can change a score, and the version above. */
  measure_sha256: string;
  /** Answers of tutors and judges, by call. */
  answers: Record<string, ChatResult>;
  results: RecordedRun[];
}
interface RecordedRun {
  model: string;
  phase: string;
  half_life_turn: number | null;
  decline_pts: number | null;
  turns: {
    /** First 16 hex digits of the SHA-256 of the student's whole message. */
    student: string;
    heuristic: number;
    judge: number | null;
    score: number | null;
    violations: string[];
    csd: CsdSubscores;
  }[];
}

/** Injections, decoys, pressure and questions about the process all fall into the first twelve turns of P2. */
const MATRIX: Matrix = {
  models: ['drifter-8', 'echo'],
  seeds: ['consistency-leadership-01'],
  phases: ['P2'],
  turns: 12,
};

/** Records the two dialogues with the shipped simulated models. */
export async function record(): Promise<Recording> {
  const answers: Record<string, ChatResult> = {};
  const shipped = shippedModels();
  const keyOf = callNames();
  const recording: ModelsFor = (bank) => ({
    open: (config) => {
      const model = shipped(bank).open(config);
      return answering(
        model,
        async (request) => (answers[keyOf(model, request)] = await model.chat(request)),
      );
    },
  });
  const { measure_sha256, results } = await play(recording);
  return { measure_version: MEASURE_VERSION, measure_sha256, answers, results };
}

/** Plays the recorded answers again through today's code. */
export async function replay(recorded: Recording): Promise<Pick<Recording, 'measure_sha256' | 'results'>> {
  const shipped = shippedModels();
  const keyOf = callNames();
  return play((bank) => ({
    open: (config) => {
      const model = shipped(bank).open(config);
      return answering(model, (request) => {
        const name = keyOf(model, request);
        const answer = recorded.answers[name];
        return answer === undefined
          ? Promise.reject(new Error(`${name}: today's code asks what was not asked before`))
          : Promise.resolve(answer);
      });
    },
  }));
}

function answering(model: ChatModel, chat: (request: ChatRequest) => Promise<ChatResult>): ChatModel {
  return { config: model.config, chat, probe: (signal) => model.probe(signal) };
}

/** Names calls by the order of their runs: run ids change with every byte of config/. */
function callNames(): (model: ChatModel, request: ChatRequest) => string {
  const order = new Map<string, number>();
  return ({ config }, { call }) => {
    const run = order.get(call.run_id) ?? order.size + 1;
    order.set(call.run_id, run);
    return `${run} ${config.model_id} ${call.component} ${call.turn_index}.${call.ask}`;
  };
}

async function play(models: ModelsFor): Promise<Pick<Recording, 'measure_sha256' | 'results'>> {
  const dialogues: (readonly Turn[])[] = [];
  const { runs } = await measure(MATRIX, { models, look: (turns) => dialogues.push(turns) });
  return {
    measure_sha256: runs[0]!.measure_sha256,
    results: runs.map((run, index) => resultOf(run, dialogues[index]!)),
  };
}

function resultOf(run: RunSummary, turns: readonly Turn[]): RecordedRun {
  return {
    model: run.model,
    phase: run.phase,
    half_life_turn: run.half_life_turn,
    decline_pts: run.decline_pts,
    turns: turns.map((turn) => ({
      student: sha256Hex(turn.student.text).slice(0, 16),
      heuristic: turn.heuristic.score,
      judge: turn.judge?.score ?? null,
      score: turn.score,
      violations: turn.violations,
      csd: turn.csd_subscores,
    })),
  };
}
