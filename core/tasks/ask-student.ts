import {
  studentAskSchema,
  studentCheckpointSchema,
  type StudentAsk,
  type StudentCheckpoint,
} from '../../schemas/checkpoint.ts';
import type { LedgerRow } from '../../schemas/ledger-row.ts';
import { ERROR } from '../../schemas/names.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import type { ModelStudentRequest, StudentFault } from '../dialogue/model-student.ts';
import { NamedError } from '../errors.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { Budget, Clock, ModelsFor, ObjectStore, Telemetry } from '../ports.ts';
import type { DialogueSession, Question } from './dialogue-session.ts';
import type { Measure } from './measure.ts';
import { payForCall } from './pay-for-call.ts';
import { decodeUtf8 } from './text-codec.ts';
import { worstCaseUsd } from './worst-case.ts';

/** Answers that are no student's (speaks as the tutor, breaks role, empty) are asked again until there are so many. */
const MAX_ASKS = 3;

/**
 * The next words of a student that a model plays, checkpointed before the tutor is called: a kill in between pays for
 * neither twice. Answers that are no student's are recorded as they come, paid for as they are; a run that is re-opened
 * after its three gets three more. Gives the question, or the fault that ends the run with fault `student`. Throws BudgetExhausted and what
 * the model throws.
 */
export async function askStudent(
  ports: { store: ObjectStore; models: ModelsFor; budget: Budget; clock: Clock; telemetry: Telemetry },
  measure: Measure,
  row: PlannedRun,
  session: DialogueSession,
  request: ModelStudentRequest,
  abort: AbortSignal,
): Promise<{ kind: 'says'; question: Question; text: string } | { kind: 'fault'; reason: StudentFault }> {
  const turn_index = session.answered + 1;
  const key = lakeKeys.studentCheckpoint(row.run_id, turn_index);
  const stored = await ports.store.get(key);
  if (stored !== null) {
    const { text } = studentCheckpointSchema.parse(JSON.parse(decodeUtf8(stored)));
    const heard = session.hear(text);
    return heard.kind === 'fault' ? heard : { ...heard, text };
  }
  const { student_model } = measure.variant(row.variant);
  if (student_model === undefined)
    throw new NamedError(
      ERROR.invalidConfig,
      `variant "${row.variant}": expected student_model beside student: model, got none`,
      { hint: 'name the model that plays the student in the profile' },
    );
  const model = ports.models(measure).open(measure.model(student_model));
  const faulty = await faultyAnswers(ports.store, row.run_id, turn_index);
  const ledger: LedgerRow[] = faulty.flatMap((answer) => answer.ledger);
  let reason: StudentFault = 'empty';
  const last = faulty.at(-1);
  if (last !== undefined) {
    const heard = session.hear(last.text);
    if (heard.kind === 'fault') reason = heard.reason;
  }
  const rounds = row.retry_errors ? Math.floor(faulty.length / MAX_ASKS) + 1 : 1;
  for (let ask = faulty.length + 1; ask <= rounds * MAX_ASKS; ask += 1) {
    const chars =
      request.system.length + request.messages.reduce((sum, message) => sum + message.text.length, 0);
    const paid = await payForCall(
      ports,
      model,
      {
        request: {
          system: request.system,
          messages: request.messages,
          temperature: model.config.supports.temperature ? 0 : null,
          max_output_tokens: model.config.max_output_tokens,
          output: { kind: 'text' },
          call: {
            execution_id: row.execution_id,
            run_id: row.run_id,
            turn_index,
            component: 'student',
            ask,
          },
        },
        worst_usd: worstCaseUsd(chars / measure.phases.chars_per_token, model.config),
        week: row.week,
        phase: row.phase,
      },
      abort,
    );
    if (paid === null)
      throw new NamedError(ERROR.budgetExhausted, 'the cap leaves too little for a call of the student');
    const { text } = paid.result;
    ledger.push(paid.row);
    const heard = session.hear(text);
    if (heard.kind === 'says') {
      const checkpoint: StudentCheckpoint = { turn_index, text, ledger };
      await ports.store.putIfAbsent(key, JSON.stringify(checkpoint));
      return { ...heard, text };
    }
    reason = heard.reason;
    const answered: StudentAsk = { turn_index, ask, text, ledger: [paid.row] };
    await ports.store.putIfAbsent(lakeKeys.studentAsk(row.run_id, turn_index, ask), JSON.stringify(answered));
  }
  return { kind: 'fault', reason };
}

/** The answers of this turn that were no student's, as recorded so far. */
async function faultyAnswers(store: ObjectStore, run_id: string, turn_index: number): Promise<StudentAsk[]> {
  const answers: StudentAsk[] = [];
  for (;;) {
    const bytes = await store.get(lakeKeys.studentAsk(run_id, turn_index, answers.length + 1));
    if (bytes === null) return answers;
    answers.push(studentAskSchema.parse(JSON.parse(decodeUtf8(bytes))));
  }
}
