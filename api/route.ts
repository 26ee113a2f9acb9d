import type { z } from 'zod';
import type { ApiPorts } from './ports.ts';
import type { ProblemStatus } from './problem.ts';

/** What a route answers: a JSON value, or text of a type of its own. */
export type Answer =
  { status: 200 | 201; json: unknown } | { status: 200; text: string; contentType: string; fileName: string };

export interface Given<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  client: string;
}

/** One route: how it is asked, what it may answer, and the work. Document and checks are made from the same schemas. */
export interface Route {
  method: 'GET' | 'POST';
  /** Segments in braces are parameters. */
  path: string;
  summary: string;
  params: z.ZodObject;
  query: z.ZodObject;
  body: z.ZodType | null;
  answer: { status: 200 | 201; description: string; schema: z.ZodType | null; contentType?: string };
  /** Problems that this route may answer beside those of every route (400, 404, 405, 413, 429, 500, 503). */
  problems: readonly ProblemStatus[];
  handle(given: Given<unknown, unknown, unknown>, ports: ApiPorts): Promise<Answer>;
}

/** A route whose handler gets what its schemas give. */
export function route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType = z.ZodNull>(
  spec: Omit<Route, 'params' | 'query' | 'body' | 'handle'> & {
    params: P;
    query: Q;
    body?: B;
    handle(given: Given<z.output<P>, z.output<Q>, z.output<B>>, ports: ApiPorts): Promise<Answer>;
  },
): Route {
  return { ...spec, body: spec.body ?? null, handle: spec.handle as Route['handle'] };
}
