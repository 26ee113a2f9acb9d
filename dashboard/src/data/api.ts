/** An answer of the API that is a problem document (RFC 9457). */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Asks the API of this server, which `view` has under `api/`. Throws ApiError with the problem's detail. */
export async function callApi<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(`./api${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const value = (await response.json()) as unknown;
  if (response.ok) return value as T;
  const { detail } = value as { detail?: string };
  throw new ApiError(response.status, detail ?? `the server answers ${response.status}`);
}
