import { z } from 'zod';
import {
  evaluationAnswerSchema,
  evaluationIdSchema,
  evaluationRequestSchema,
  evaluatorAboutSchema,
  fairnessRequestSchema,
  fairnessSchema,
} from '../../schemas/evaluation.ts';
import type { Evaluator } from '../../core/tasks/evaluate.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem } from '../problem.ts';
import { route, type Route } from '../route.ts';

const none = z.strictObject({});
const one = z.strictObject({ id: evaluationIdSchema });

/** POST /evaluations: off where the host has no evaluator, as on AWS by default. */
export const evaluationsRoute = route({
  method: 'POST',
  path: '/evaluations',
  summary: 'Evaluate an answer, or a Socratic turn',
  params: none,
  query: none,
  body: evaluationRequestSchema,
  answer: {
    status: 201,
    description: 'one record a reading, and the prompt',
    schema: evaluationAnswerSchema,
  },
  problems: [403, 415, 422],
  handle: async ({ body, client }, ports) => {
    const evaluator = evaluatorOf(ports);
    const wait = evaluator.admit(client);
    if (wait !== null)
      throw new ApiProblem(429, `expected fewer evaluations a minute; the next one is free in ${wait} s`, {
        headers: { 'retry-after': String(wait) },
      });
    return { status: 201, json: await evaluator.evaluate(body) };
  },
});

const aboutRoute = route({
  method: 'GET',
  path: '/evaluator',
  summary: 'Judge, notices and questions of the evaluator; references stay hidden',
  params: none,
  query: none,
  answer: {
    status: 200,
    description: 'what a page needs before the first answer',
    schema: evaluatorAboutSchema,
  },
  problems: [403],
  handle: async (_given, ports) => ({ status: 200, json: evaluatorOf(ports).about }),
});

const fairnessRoute = route({
  method: 'POST',
  path: '/evaluations/{id}/fairness',
  summary: 'Was this fair? Tags and text',
  params: one,
  query: none,
  body: fairnessRequestSchema,
  answer: { status: 201, description: 'the record, with the sentiment of the text', schema: fairnessSchema },
  problems: [403, 415, 422],
  handle: async ({ params, body }, ports) => ({
    status: 201,
    json: found(params.id, await evaluatorOf(ports).addFairness(params.id, body)),
  }),
});

const goldenRoute = route({
  method: 'POST',
  path: '/evaluations/{id}/golden-candidate',
  summary: 'Send a Socratic turn to the queue of golden candidates',
  params: one,
  query: none,
  body: none,
  answer: {
    status: 201,
    description: 'the item that raters will see',
    schema: z.object({ item_id: z.string(), outcome: z.enum(['written', 'exists']) }),
  },
  problems: [403, 415, 422],
  handle: async ({ params }, ports) => ({
    status: 201,
    json: found(params.id, await evaluatorOf(ports).sendToGolden(params.id)),
  }),
});

const csvRoute = route({
  method: 'GET',
  path: '/evaluations.csv',
  summary: 'Every evaluation as CSV',
  params: none,
  query: none,
  answer: {
    status: 200,
    description: 'RFC 4180, formulas defused',
    schema: null,
    contentType: 'text/csv; charset=utf-8',
  },
  problems: [403],
  handle: async (_given, ports) => ({
    status: 200,
    text: await evaluatorOf(ports).exportCsv(),
    contentType: 'text/csv; charset=utf-8',
    fileName: 'evaluations.csv',
  }),
});

/** What the Evaluator page calls beside POST /evaluations. */
export const EVALUATOR_PAGE_ROUTES: readonly Route[] = [aboutRoute, fairnessRoute, goldenRoute, csvRoute];

function evaluatorOf({ evaluator }: ApiPorts): Evaluator {
  if (evaluator !== null) return evaluator;
  throw new ApiProblem(403, 'the evaluator is off here; `socratic-bench view` has it');
}

function found<T>(id: string, value: T | null): T {
  if (value !== null) return value;
  throw new ApiProblem(404, `no evaluation ${id} in this lake`);
}
