import { asciiSubject } from './digest-text.ts';

/** What is known of an execution that stopped. */
export interface Failure {
  execution_id: string;
  week: string;
  /** State of the machine that failed. */
  state: string;
  error: { name: string; message: string };
  /** Runs whose dialogue is recorded, and planned ones. */
  n_recorded: number;
  n_planned: number;
  spent_usd: number;
  budget_usd: number;
  /** The command that continues it. */
  resume_command: string;
}

/** The mail of an execution that failed: the state, what is kept, the money spent, how to go on. Nothing recorded is lost. */
export function failureMail(failure: Failure): { subject: string; body: string } {
  const { execution_id, state, error, n_recorded, n_planned, spent_usd, budget_usd } = failure;
  return {
    subject: asciiSubject(`socratic-bench ${failure.week} failed in ${state}: ${error.name}`),
    body: [
      `Execution ${execution_id} failed in ${state}.`,
      `${error.name}: ${error.message}`,
      `Kept: ${n_recorded} of ${n_planned} planned dialogues and every checkpoint; ${published(failure)}.`,
      `Spent: $${spent_usd.toFixed(2)} of $${budget_usd.toFixed(2)}.`,
      `Continue: ${failure.resume_command}`,
    ].join('\n'),
  };
}

/** Aggregate publishes; what fails behind it leaves a week that can be read and is not closed. */
function published({ state, week }: Failure): string {
  return state === 'CheckAlerts' || state === 'PublishMetrics'
    ? `the results of ${week} are published, its alerts may not be`
    : `nothing was published for ${week}`;
}
