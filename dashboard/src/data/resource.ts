import { signal, type Signal } from '@preact/signals';

/** A file below `data/`, as far as it has come. `missing` is an answer (404), `failed` is none. */
export type Resource<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'missing' }
  | { state: 'failed'; message: string };

const resources = new Map<string, Signal<Resource<unknown>>>();

/** The file at `path` below `data/`; the first call fetches it, all calls share it. Read `.value` while rendering. */
export function resource<T>(path: string): Signal<Resource<T>> {
  const known = resources.get(path);
  if (known !== undefined) return known as Signal<Resource<T>>;
  const made = signal<Resource<unknown>>({ state: 'loading' });
  resources.set(path, made);
  void read(path).then((value) => {
    made.value = value;
  });
  return made as Signal<Resource<T>>;
}

async function read(path: string): Promise<Resource<unknown>> {
  try {
    // Files of an execution never change, others do: the server's validators decide.
    const response = await fetch(`./data/${path.split('/').map(encodeURIComponent).join('/')}`, {
      cache: 'no-cache',
    });
    // A private bucket answers 403 for what is not there.
    if (response.status === 404 || response.status === 403) return { state: 'missing' };
    if (!response.ok)
      return { state: 'failed', message: `data/${path}: the server answers ${response.status}` };
    return { state: 'ready', value: await response.json() };
  } catch (error) {
    return {
      state: 'failed',
      message: `data/${path}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Values of several resources where all are ready, else the first that is not. */
export function all<T extends readonly Resource<unknown>[]>(
  ...parts: T
): Resource<{ [K in keyof T]: T[K] extends Resource<infer V> ? V : never }> {
  for (const part of parts) if (part.state !== 'ready') return part as Resource<never>;
  return {
    state: 'ready',
    value: parts.map((part) => (part as { value: unknown }).value) as never,
  };
}

/** The value where it is there, else null. */
export function optional<T>(part: Resource<T>): T | null {
  return part.state === 'ready' ? part.value : null;
}
