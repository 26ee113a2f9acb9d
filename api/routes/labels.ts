import { z } from 'zod';
import { slugSchema } from '../../schemas/common.ts';
import {
  labelActionRequestSchema,
  labelQueueSchema,
  labelStatisticsSchema,
  raterSchema,
  sessionViewSchema,
} from '../../schemas/label.ts';
import type { Labelling } from '../../core/tasks/labelling.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem } from '../problem.ts';
import { route, type Route } from '../route.ts';

const none = z.strictObject({});
const session = z.strictObject({ rater: raterSchema, session: slugSchema });

const openRoute = route({
  method: 'POST',
  path: '/label-sessions',
  summary: "A rater's session of a queue: the one begun, else a new one",
  params: none,
  query: none,
  body: z.strictObject({
    rater: raterSchema,
    queue: labelQueueSchema,
    kind: z.enum(['labels', 'adjudication']).default('labels'),
  }),
  answer: { status: 201, description: 'the session at its next item', schema: sessionViewSchema },
  problems: [403, 415, 422],
  handle: async ({ body }, ports) => ({
    status: 201,
    json: await labellingOf(ports).open(body.rater, body.queue, body.kind),
  }),
});

const viewRoute = route({
  method: 'GET',
  path: '/label-sessions/{rater}/{session}',
  summary: 'A session at its next item',
  params: session,
  query: none,
  answer: { status: 200, description: 'blind: no model, no judge, no score', schema: sessionViewSchema },
  problems: [403],
  handle: async ({ params }, ports) => ({
    status: 200,
    json: found(params, await labellingOf(ports).view(params.rater, params.session)),
  }),
});

const actRoute = route({
  method: 'POST',
  path: '/label-sessions/{rater}/{session}/records',
  summary: 'Mark the item, skip it with a reason, or undo',
  params: session,
  query: none,
  body: labelActionRequestSchema,
  answer: { status: 201, description: 'the session after it', schema: sessionViewSchema },
  problems: [403, 409, 415, 422],
  handle: async ({ params, body }, ports) => ({
    status: 201,
    json: found(params, await labellingOf(ports).act(params.rater, params.session, body)),
  }),
});

const statisticsRoute = route({
  method: 'GET',
  path: '/label-statistics/{queue}',
  summary: 'Agreement of raters with each other, themselves and the judge',
  params: z.strictObject({ queue: labelQueueSchema }),
  query: none,
  answer: { status: 200, description: 'figures with n and intervals', schema: labelStatisticsSchema },
  problems: [403],
  handle: async ({ params }, ports) => ({
    status: 200,
    json: await labellingOf(ports).statistics(params.queue),
  }),
});

/** What the Rate page calls. */
export const LABEL_ROUTES: readonly Route[] = [openRoute, viewRoute, actRoute, statisticsRoute];

function labellingOf({ labelling }: ApiPorts): Labelling {
  if (labelling !== null) return labelling;
  throw new ApiProblem(403, 'labelling is local: `socratic-bench view` has it');
}

function found<T>({ rater, session: name }: { rater: string; session: string }, value: T | null): T {
  if (value !== null) return value;
  throw new ApiProblem(404, `no session ${name} of ${rater}`);
}
