import { z } from 'zod';
import { executionSchema } from '../schemas/execution.ts';
import { executionSummarySchema } from '../schemas/execution-summary.ts';
import { runSummarySchema } from '../schemas/run-summary.ts';
import { turnSchema } from '../schemas/turn.ts';
import { weeklySummarySchema } from '../schemas/weekly-summary.ts';
import { problemSchema, type ProblemStatus } from './problem.ts';
import type { Route } from './route.ts';

/** Records that several answers hold, once each under components. */
const COMPONENTS = {
  Problem: problemSchema,
  RunSummary: runSummarySchema,
  Turn: turnSchema,
  WeeklySummary: weeklySummarySchema,
  ExecutionSummary: executionSummarySchema,
  Execution: executionSchema,
} as const;

/** What every route may answer: a request that cannot be read, nothing there, wrong method, too much, too often, trouble. */
const COMMON_PROBLEMS: readonly ProblemStatus[] = [400, 404, 405, 413, 429, 500, 503];

/** The OpenAPI 3.1 document of routes, made from the schemas that check them. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes)
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, registry);
  return {
    openapi: '3.1.0',
    info: {
      title: 'socratic-bench',
      version,
      description:
        'What the weekly executions found, and how to start one. Errors are problem documents (RFC 9457). On AWS reads take an API key, writes a request signed by IAM.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // The document lies beside the routes, wherever they are mounted.
    servers: [{ url: '.' }],
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(COMPONENTS).map(([id, schema]) => [id, jsonSchema(schema, registry, 'output', id)]),
      ),
    },
  };
}

type Registry = z.core.$ZodRegistry<{ id: string }>;

function operationOf(route: Route, registry: Registry): object {
  const { answer } = route;
  const problem = { $ref: '#/components/schemas/Problem' };
  const problems = [...new Set([...COMMON_PROBLEMS, ...route.problems])].sort((a, b) => a - b);
  return {
    operationId: operationId(route),
    summary: route.summary,
    parameters: [
      ...parametersOf('path', route.params, registry),
      ...parametersOf('query', route.query, registry),
    ],
    ...(route.body === null
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(route.body, registry, 'input') } },
          },
        }),
    responses: {
      [answer.status]: {
        description: answer.description,
        content: {
          [answer.contentType ?? 'application/json']: {
            schema:
              answer.schema === null ? { type: 'string' } : jsonSchema(answer.schema, registry, 'output'),
          },
        },
      },
      ...Object.fromEntries(
        problems.map((status) => [
          status,
          { description: DESCRIPTIONS[status], content: { 'application/problem+json': { schema: problem } } },
        ]),
      ),
    },
  };
}

const DESCRIPTIONS: Record<ProblemStatus, string> = {
  400: 'path, query or body cannot be read; `errors` names each field',
  403: 'not offered by this host',
  404: 'no such thing in the lake',
  405: 'another method; `allow` names it',
  409: 'somebody was faster',
  413: 'the body is too large',
  415: 'the body is not JSON',
  422: 'understood and refused, with the reason',
  429: 'too many requests; `retry-after` says when',
  500: 'a fault of the server',
  503: 'lake or model cannot answer now; `retry-after` says when',
};

function parametersOf(where: 'path' | 'query', schema: z.ZodObject, registry: Registry): object[] {
  const { properties = {}, required = [] } = jsonSchema(schema, registry, 'input') as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

/** JSON Schema 2020-12, which OpenAPI 3.1 takes as it is; registered records become references. */
function jsonSchema(schema: z.ZodType, registry: Registry, io: 'input' | 'output', self?: string): object {
  const made = z.toJSONSchema(schema, { io, metadata: registry, unrepresentable: 'any' }) as Made;
  // A registered schema stands under its own name in `$defs`.
  return toComponents(self === undefined ? made : made.$defs![self]) as object;
}

interface Made {
  $defs?: Record<string, object>;
}

/** Keywords about a document of its own; the definitions stand under components. */
const DROPPED = new Set(['$schema', '$id', '$defs', 'id']);

/** `#/$defs/Turn` of a single schema is `#/components/schemas/Turn` of the document. */
function toComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toComponents);
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value && typeof value.$ref === 'string')
    return { $ref: value.$ref.replace('#/$defs/', '#/components/schemas/') };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !DROPPED.has(key) || (typeof inner !== 'string' && key !== '$defs'))
      .map(([key, inner]) => [key, toComponents(inner)]),
  );
}

function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words.map((word) => word[0]!.toUpperCase() + word.slice(1))].join('');
}
