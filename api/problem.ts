import { z } from 'zod';
import type { ApiResponse } from './http.ts';

/** A problem document (RFC 9457). `errors` names each field that was refused, and why. */
export const problemSchema = z.object({
  type: z.string().describe('urn:socratic-bench:problem:<kind>'),
  title: z.string(),
  status: z.number().int().min(400).max(599),
  detail: z.string(),
  errors: z
    .array(z.object({ path: z.string().describe('of the field, e.g. query.week'), reason: z.string() }))
    .optional(),
});
export type Problem = z.infer<typeof problemSchema>;

const TITLES = {
  400: ['invalid-request', 'The request cannot be read'],
  403: ['off', 'This is not offered here'],
  404: ['not-found', 'There is no such thing'],
  405: ['method-not-allowed', 'This path does not take that method'],
  409: ['conflict', 'It exists already'],
  413: ['too-large', 'The request is too large'],
  415: ['unsupported-media-type', 'The body must be JSON'],
  422: ['refused', 'The request was understood and refused'],
  429: ['too-many-requests', 'Too many requests'],
  500: ['internal', 'Something broke here'],
  503: ['unavailable', 'The lake or a model cannot answer now'],
} as const;
export type ProblemStatus = keyof typeof TITLES;

/** Ends a request with a problem document. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: ProblemStatus;
  readonly errors: Problem['errors'];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ProblemStatus,
    detail: string,
    options: { errors?: NonNullable<Problem['errors']>; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.status = status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

export function problemResponse({ status, message, errors, headers }: ApiProblem): ApiResponse {
  const [kind, title] = TITLES[status];
  const problem: Problem = {
    type: `urn:socratic-bench:problem:${kind}`,
    title,
    status,
    detail: message,
    ...(errors === undefined ? {} : { errors }),
  };
  return {
    status,
    headers: { ...COMMON_HEADERS, 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify(problem),
  };
}

/** Results change with the next execution, and none of them is a page. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
