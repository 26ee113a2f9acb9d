import type { ConfigSource, ObjectStore, RunIndex, Clock } from '../core/ports.ts';
import type { StartOutput, StartRequest } from '../schemas/task-io.ts';
import type { Evaluator } from '../core/tasks/evaluate.ts';
import type { Labelling } from '../core/tasks/labelling.ts';

/** What the API stands on. A host that lacks a part gives null, and the routes of that part answer 403. */
export interface ApiPorts {
  store: ObjectStore;
  /** Ranked reads of a week (`GET /runs?sort=…`). */
  index: RunIndex;
  config: ConfigSource;
  clock: Clock;
  /** The same function that the command line and the schedule call. */
  start: ((request: StartRequest) => Promise<StartOutput>) | null;
  evaluator: Evaluator | null;
  labelling: Labelling | null;
  version: string;
  /** A failure that the caller cannot mend, for the host's log. */
  log: (message: string) => void;
}
