import type { Ended, TurnCheckpoint } from '../../schemas/checkpoint.ts';
import { turnCheckpointSchema } from '../../schemas/checkpoint.ts';
import type { LedgerRow } from '../../schemas/ledger-row.ts';
import { ERROR } from '../../schemas/names.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { WorkOutcome } from '../../schemas/task-io.ts';
import type { RawTurn } from '../../schemas/turn.ts';
import { NamedError } from '../errors.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import { ModelError } from '../model-error.ts';
import type { Budget, ChatModel, Clock, ModelsFor, ObjectStore, Stop, Telemetry } from '../ports.ts';
import { listCheckpoints, readProgress, recordEnd, replay } from './checkpoints.ts';
import { askStudent } from './ask-student.ts';
import { endedBy, endedNow } from './dialogue-end.ts';
import type { DialogueSession, Question } from './dialogue-session.ts';
import { createEarlyStop } from './early-stop.ts';
import type { Measure } from './measure.ts';
import { payForCall } from './pay-for-call.ts';
import { decodeUtf8, toJsonLines } from './text-codec.ts';
import { isShed, shedBlock } from './shed-blocks.ts';
import { worstCaseUsd } from './worst-case.ts';
import { tellOnce } from './tell-once.ts';
import { isWorthAnotherTry } from './worth-another-try.ts';

export interface RunDialoguePorts {
  store: ObjectStore;
  models: ModelsFor;
  budget: Budget;
  clock: Clock;
  telemetry: Telemetry;
  measure: (manifest_key: string) => Promise<Measure>;
}

/**
 * Child of state 3: one dialogue, turn by turn. After each reply a checkpoint is put-if-absent, then the next call is
 * made; the finished dialogue is one raw file. Started again it adopts what it finds: raw file, checkpoints, ended.json.
 * A run that cannot succeed records why and returns; only what another try may mend throws (RetryableError,
 * StoreUnavailable, AbortError).
 */
export function createRunDialogue(ports: RunDialoguePorts) {
  const tell = tellOnce(ports.telemetry);
  return async (row: PlannedRun, stop: Stop): Promise<WorkOutcome> => {
    if ((await ports.store.get(lakeKeys.raw(row))) !== null) return { status: 'adopted', turns: row.turns };
    try {
      return await runDialogue(ports, row, stop, tell);
    } catch (error) {
      // The engine tries again and keeps the cause to itself; people want to know what they wait for.
      if (error instanceof NamedError && error.cause instanceof ModelError) tell(error.message);
      if (isWorthAnotherTry(error)) throw error;
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      ports.telemetry.log('warn', `${row.model} ${row.seed_id} ${row.phase}: ${message}`);
      const ended: Ended = {
        last_turn: 0,
        reason: 'infrastructure',
        fault: 'infrastructure',
        error: message.slice(0, 500),
        ended_at: ports.clock.now(),
      };
      await recordEnd(ports.store, row, ended);
      return { status: 'ended_early', turns: 0 };
    }
  };
}

async function runDialogue(
  ports: RunDialoguePorts,
  row: PlannedRun,
  stop: Stop,
  tell: (message: string) => void,
): Promise<WorkOutcome> {
  const measure = await ports.measure(row.manifest_key);
  const progress = await readProgress(
    ports.store,
    row.run_id,
    await listCheckpoints(ports.store, row.run_id),
  );
  if (progress.ended !== null && isFinal(progress.ended, row)) {
    return { status: 'ended_early', turns: progress.turns.length };
  }
  const dropped = await droppedBy(ports, row, progress.turns.length);
  if (dropped !== null) {
    await shedBlock(ports.store, ports.clock, row);
    await recordEnd(ports.store, row, dropped);
    return { status: 'ended_early', turns: progress.turns.length };
  }
  const { session, turns } = replay(measure, row, progress.turns);
  for (const turn of turns)
    ports.telemetry.turn({
      run_id: row.run_id,
      model: row.model,
      phase: row.phase,
      component: 'dialogue',
      cost_usd: turn.cost_usd,
      adopted: true,
    });

  const early = createEarlyStop(measure, row);
  for (const turn of turns) early.see(turn);
  const model = ports.models(measure).open(measure.model(row.model));
  while (session.answered < row.turns && !early.hasStopped) {
    stop.drain.throwIfAborted();
    const step = await nextTurn(ports, measure, row, model, session, stop.abort);
    if ('ended' in step) {
      if (step.ended.reason === 'budget') await shedBlock(ports.store, ports.clock, row);
      if (step.ended.fault !== null) tell(step.ended.error ?? step.ended.reason);
      await recordEnd(ports.store, row, step.ended);
      return { status: 'ended_early', turns: session.answered };
    }
    turns.push(step.turn);
    early.see(step.turn);
  }
  if (session.answered < row.turns)
    await recordEnd(ports.store, row, endedNow(ports, session, 'early_stop', null, 'stopped early'));
  // Given up meanwhile: another life writes the file, or none does and the record is sealed without it.
  stop.abort.throwIfAborted();
  await ports.store.putIfAbsent(lakeKeys.raw(row), toJsonLines(turns));
  return { status: turns.length < row.turns ? 'ended_early' : 'done', turns: turns.length };
}

/** Does the cap drop this run before its next turn: with its block, or because the rest is for the judges? */
async function droppedBy(ports: RunDialoguePorts, row: PlannedRun, answered: number): Promise<Ended | null> {
  if (row.cap === null) return null;
  const ended = (error: string): Ended => ({
    last_turn: answered,
    reason: 'budget',
    fault: null,
    error,
    ended_at: ports.clock.now(),
  });
  if (await isShed(ports.store, row))
    return ended(`block ${row.block} met the cap of $${row.cap.cap_usd} and was dropped whole`);
  if (answered > 0) return null;
  const spent = await ports.budget.committed(row.execution_id);
  return spent > row.cap.dialogues_until_usd
    ? ended(
        `$${spent.toFixed(4)} of the cap of $${row.cap.cap_usd} are spent or reserved: the rest is for the judges of dialogues begun before`,
      )
    : null;
}

/** Is nothing to be added behind this end? `--retry-errors` goes on where the fault may mend: a full context window does not. */
function isFinal({ reason }: Ended, row: PlannedRun): boolean {
  switch (reason) {
    // Killed before its raw file: the turns are there, only the file is to be written.
    case 'early_stop':
      return false;
    // The end of a cap, not of the run: under a higher one it goes on, and this one drops it again.
    case 'budget':
      return false;
    case 'infrastructure':
    case 'access':
    case 'student':
      return !row.retry_errors;
    default:
      return true;
  }
}

/** The student's message of this turn, asked of a model where one plays the student. */
async function studentSays(
  ports: RunDialoguePorts,
  measure: Measure,
  row: PlannedRun,
  session: DialogueSession,
  abort: AbortSignal,
): Promise<{ question: Question; text: string | null } | { ended: Ended }> {
  const asked = session.ask();
  if (asked.kind === 'says') return { question: asked.question, text: null };
  try {
    const heard = await askStudent(ports, measure, row, session, asked.request, abort);
    if (heard.kind === 'says') return heard;
    return {
      ended: endedNow(
        ports,
        session,
        'student',
        'student',
        `the model that plays the student gave no student's answer: ${heard.reason}`,
      ),
    };
  } catch (error) {
    if (error instanceof NamedError && error.name === ERROR.budgetExhausted)
      return { ended: endedNow(ports, session, 'budget', null, error.message) };
    const ended = endedBy(ports, session, error);
    // Whatever stops the student's model is the student's side, never the tutor's.
    return { ended: { ...ended, reason: 'student', fault: 'student' } };
  }
}

async function nextTurn(
  ports: RunDialoguePorts,
  measure: Measure,
  row: PlannedRun,
  model: ChatModel,
  session: DialogueSession,
  abort: AbortSignal,
): Promise<{ turn: RawTurn } | { ended: Ended }> {
  const turn_index = session.answered + 1;
  const asked = await studentSays(ports, measure, row, session, abort);
  if ('ended' in asked) return asked;
  const { hints } = asked.question;
  const worstCase = worstCaseUsd(session.context_tokens, model.config);
  let paid: Awaited<ReturnType<typeof payForCall>>;
  try {
    paid = await payForCall(
      ports,
      model,
      {
        request: {
          system: session.system,
          messages: session.messages,
          temperature: row.temperature,
          max_output_tokens: model.config.max_output_tokens,
          output: { kind: 'text' },
          call: {
            execution_id: row.execution_id,
            run_id: row.run_id,
            turn_index,
            component: 'dialogue',
            ask: 1,
          },
          hints,
        },
        worst_usd: worstCase,
        week: row.week,
        phase: row.phase,
      },
      abort,
    );
  } catch (error) {
    return { ended: endedBy(ports, session, error) };
  }
  if (paid === null)
    return {
      ended: endedNow(
        ports,
        session,
        'budget',
        null,
        `the cap leaves less than the ${worstCase.toFixed(4)} USD this call may cost`,
      ),
    };

  const { result } = paid;
  const ledger: LedgerRow = { ...paid.row, attempt: result.attempts };
  const turn = session.answer({
    tutor_text: result.text,
    stop_reason: result.stop_reason,
    attempts: result.attempts,
    latency_ms: result.latency_ms,
    ...result.usage,
  });
  const checkpoint: TurnCheckpoint = {
    turn_index,
    student_text: asked.text,
    tutor_text: result.text,
    stop_reason: result.stop_reason,
    attempts: result.attempts,
    latency_ms: result.latency_ms,
    ...result.usage,
    turn_hash: turn.turn_hash,
    ledger: [ledger],
  };
  const key = lakeKeys.turnCheckpoint(row.run_id, turn_index);
  if ((await ports.store.putIfAbsent(key, JSON.stringify(checkpoint))) === 'exists')
    await meetOtherWriter(ports, key, turn);
  ports.telemetry.turn({
    run_id: row.run_id,
    model: row.model,
    phase: row.phase,
    component: 'dialogue',
    cost_usd: ledger.cost_usd,
    adopted: false,
  });
  return { turn };
}

/**
 * Another runner wrote this turn first. The same reply: go on beside it. Another reply: theirs is the record, and this
 * runner starts anew from the checkpoints (the task's retry adopts them).
 */
async function meetOtherWriter(ports: RunDialoguePorts, key: string, turn: RawTurn): Promise<void> {
  const stored = turnCheckpointSchema.parse(
    JSON.parse(decodeUtf8((await ports.store.get(key)) ?? new Uint8Array())),
  );
  if (stored.turn_hash === turn.turn_hash) return;
  ports.telemetry.log(
    'warn',
    `${key}: another runner recorded a different reply (${stored.turn_hash.slice(0, 8)} against ${turn.turn_hash.slice(0, 8)}); adopting it`,
  );
  throw new NamedError(
    ERROR.retryable,
    `${key}: another runner is at work on this run; starting again from its checkpoints`,
  );
}
