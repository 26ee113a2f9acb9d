import { setMaxListeners } from 'node:events';

/** Why running work is stopped; travels as the reason of an AbortSignal and is caught by no Retry or Catch. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly why: 'aborted' | 'timed-out' | 'superseded';

  constructor(why: Interruption['why'], message: string) {
    super(message);
    this.why = why;
  }
}

/** An AbortController that follows a parent signal until released. */
export interface LinkedController {
  readonly signal: AbortSignal;
  abort(reason: Interruption): void;
  /** Takes the listener off the parent; a long Map would otherwise keep one for every child that ever ran. */
  release(): void;
}

/** Makes a controller whose signal is aborted with its parent's, for the same reason. */
export function linkedController(parent: AbortSignal): LinkedController {
  const controller = new AbortController();
  // Thousands of children may listen at once; the default of 10 exists to find leaks.
  setMaxListeners(0, controller.signal);
  const follow = (): void => controller.abort(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => parent.removeEventListener('abort', follow),
  };
}

/** Waits for work, but not beyond an abort: then it rejects with the signal's reason and the work's end is ignored. */
export function interruptible<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
