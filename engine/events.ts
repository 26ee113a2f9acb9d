/** What an execution reports while it runs. Every event names its execution: a Distributed Map's children have their own. */
export type EngineEvent = { readonly execution: string; readonly at: number } & EventBody;

/** The part of an event that differs by type. */
export type EventBody =
  | { readonly type: 'ExecutionStarted' }
  | { readonly type: 'StateEntered'; readonly state: string; readonly stateType: string }
  | { readonly type: 'StateExited'; readonly state: string; readonly stateType: string }
  | {
      readonly type: 'TaskScheduled';
      readonly state: string;
      readonly resource: string;
      readonly retryCount: number;
    }
  | { readonly type: 'TaskSucceeded'; readonly state: string; readonly resource: string }
  | {
      readonly type: 'TaskFailed';
      readonly state: string;
      readonly resource: string;
      readonly error: string;
      readonly cause: string;
    }
  | {
      /** A Task, Map or Parallel state tries again. */
      readonly type: 'TaskRetried';
      readonly state: string;
      readonly error: string | undefined;
      /** Number of the coming try: 1 is the first retry. */
      readonly retryCount: number;
      /** Wait before the try, after jitter. */
      readonly delayMs: number;
      /** The same before jitter. */
      readonly backoffMs: number;
    }
  | {
      readonly type: 'MapRunStarted';
      readonly state: string;
      readonly total: number;
      readonly mode: 'INLINE' | 'DISTRIBUTED';
    }
  | ({ readonly type: 'MapItemSucceeded' } & MapProgress)
  | ({
      readonly type: 'MapItemFailed';
      readonly error: string | undefined;
      readonly cause: string | undefined;
    } & MapProgress)
  | { readonly type: 'ExecutionSucceeded' }
  | {
      readonly type: 'ExecutionFailed';
      readonly error: string | undefined;
      readonly cause: string | undefined;
    }
  | { readonly type: 'ExecutionAborted' }
  | { readonly type: 'ExecutionTimedOut' };

/** Which item of a Map ended, and how far the Map is. */
interface MapProgress {
  readonly state: string;
  readonly index: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly total: number;
}
