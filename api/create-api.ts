import { z } from 'zod';
import { NamedError } from '../core/errors.ts';
import { describeIssues } from '../core/manifest/describe-issues.ts';
import { ModelError } from '../core/model-error.ts';
import { ERROR } from '../schemas/names.ts';
import type { ApiHandler, ApiRequest, ApiResponse } from './http.ts';
import type { ApiPorts } from './ports.ts';
import { ApiProblem, COMMON_HEADERS, problemResponse } from './problem.ts';
import type { Answer, Route } from './route.ts';
import { routesOf } from './routes.ts';

/** Longest path and query that any route needs, with room: a cursor is below 300 characters. */
const MAX_PATH_CHARS = 512;
const MAX_QUERY_CHARS = 2048;
/** The largest body is an answer to evaluate (8,000 characters) as UTF-8 with escapes, or 25 models of a manifest. */
const MAX_BODY_BYTES = 64 * 1024;

/** The API over its ports: one function from request to response, which never rejects. */
export function createApi(ports: ApiPorts): ApiHandler {
  const routes = routesOf(ports).map((route) => ({ route, segments: route.path.split('/') }));
  return async (request) => {
    try {
      const { route, params } = findRoute(routes, request);
      const given = {
        params: parsePart('path', route.params, params),
        query: parsePart('query', route.query, queryOf(request.query)),
        body: route.body === null ? null : parsePart('body', route.body, bodyOf(request)),
        client: request.client,
      };
      return toResponse(await route.handle(given, ports));
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status === 500) ports.log(`${request.method} ${request.path}: ${String(error)}`);
      return problemResponse(problem);
    }
  };
}

function findRoute(
  routes: readonly { route: Route; segments: readonly string[] }[],
  { method, path }: ApiRequest,
): { route: Route; params: Record<string, string> } {
  if (path.length > MAX_PATH_CHARS)
    throw new ApiProblem(400, `path: expected at most ${MAX_PATH_CHARS} characters, got ${path.length}`);
  const given = path.split('/').map(decode);
  const fitting = routes.flatMap(({ route, segments }) => {
    const params = match(segments, given);
    return params === null ? [] : [{ route, params }];
  });
  if (fitting.length === 0)
    throw new ApiProblem(404, `no route ${printable(path)}; GET /openapi.json lists them`);
  // `/runs/ranked` would also fit `/runs/{id}`: the one with fewer parameters is meant.
  const found = fitting
    .filter(({ route }) => route.method === method)
    .sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0];
  if (found !== undefined) return found;
  const allow = [...new Set(fitting.map(({ route }) => route.method))].join(', ');
  throw new ApiProblem(405, `expected ${allow}, got ${printable(method)}`, { headers: { allow } });
}

function match(segments: readonly string[], given: readonly string[]): Record<string, string> | null {
  if (segments.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index]!;
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined) params[name] = value;
    else if (segment !== value) return null;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw refused('path', `expected percent-encoded UTF-8, got ${printable(segment)}`, cause);
  }
}

function queryOf(query: string): Record<string, string> {
  if (query.length > MAX_QUERY_CHARS)
    throw new ApiProblem(400, `query: expected at most ${MAX_QUERY_CHARS} characters, got ${query.length}`);
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name in values) throw refused(`query.${printable(name)}`, 'expected once, got a second time');
    values[name] = value;
  }
  return { ...values };
}

function bodyOf({ body, headers }: ApiRequest): unknown {
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json')
    throw new ApiProblem(415, `content-type: expected application/json, got ${printable(type) || 'nothing'}`);
  const text = body ?? '';
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_BODY_BYTES)
    throw new ApiProblem(413, `body: expected at most ${MAX_BODY_BYTES} bytes, got ${bytes}`);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw refused('body', 'expected JSON', cause);
  }
}

function parsePart<T extends z.ZodType>(part: string, schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = describeIssues(part, value, parsed.error.issues)
    .slice(0, 20)
    .map((line) => {
      const [, path = '', reason = line] = /^\w+: (.*?): (expected .*)$/su.exec(line) ?? [];
      return { path: path === '(root)' ? part : `${part}.${path}`, reason };
    });
  const [first] = errors;
  throw new ApiProblem(400, `${first?.path}: ${first?.reason}`, { errors });
}

function refused(path: string, reason: string, cause?: unknown): ApiProblem {
  const problem = new ApiProblem(400, `${path}: ${reason}`, { errors: [{ path, reason }] });
  problem.cause = cause;
  return problem;
}

/** Text of the caller's in a message: shortened, and nothing but printable ASCII. */
function printable(text: string): string {
  return JSON.stringify(text.slice(0, 80)).replaceAll(/[^\x20-\x7e]/g, '?');
}

function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof NamedError) {
    const text = error.hint === null ? error.message : `${error.message} (${error.hint})`;
    if (error.isRetryable) return new ApiProblem(503, text, { headers: { 'retry-after': '5' } });
    if (error.name === ERROR.planConflict) return new ApiProblem(409, text);
    if (error.name === ERROR.invalidConfig || error.name === ERROR.budgetExhausted)
      return new ApiProblem(422, text);
  }
  if (error instanceof ModelError)
    return error.isRetryable
      ? new ApiProblem(503, error.message, { headers: { 'retry-after': '30' } })
      : new ApiProblem(422, error.message);
  return new ApiProblem(500, "the failure is in the server's log, not here");
}

function toResponse(answer: Answer): ApiResponse {
  if ('text' in answer)
    return {
      status: answer.status,
      headers: {
        ...COMMON_HEADERS,
        'content-type': answer.contentType,
        'content-disposition': `attachment; filename="${answer.fileName}"`,
      },
      body: answer.text,
    };
  return {
    status: answer.status,
    headers: { ...COMMON_HEADERS, 'content-type': 'application/json' },
    body: JSON.stringify(answer.json),
  };
}
