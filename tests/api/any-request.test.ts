import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ApiHandler } from '../../api/http.ts';
import { problemSchema } from '../../api/problem.ts';
import { routesOf } from '../../api/routes.ts';
import { FakeStore } from '../core/tasks/fake-store.ts';
import { addExecution, apiOver, get } from './lake.ts';

const store = new FakeStore();
let api: ApiHandler;
let known: string[];
interface Operation {
  parameters: { name: string; in: string }[];
  responses: Record<string, { content: Record<string, unknown> }>;
}
let paths: Record<string, Record<string, Operation>>;
beforeAll(async () => {
  const runs = await addExecution(store, 'weekly-1', '2026-W47', 5);
  api = apiOver(store);
  known = [runs[0]!.run_id, 'weekly-1', '2026-W47', 'steadfast', 'P0', '1', '2', 'weekly', 'worst_half_life'];
  ({ paths } = JSON.parse((await get(api, '/openapi.json')).body));
});

const ROUTES = routesOf({ evaluator: null, labelling: null, version: '0' });
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '../',
    '..\\',
    '\u0000',
    '\u202e',
    "' OR 1=1",
    '<img onerror=x>',
    '%',
    'a'.repeat(400),
    '__proto__',
    '-1',
    '1e9',
  ),
);
const value = fc.oneof(
  { weight: 2, arbitrary: hostile },
  { weight: 3, arbitrary: fc.nat().map((n) => known[n % known.length]!) },
);
const encode = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

describe('any request', () => {
  it('gets a status that the document names, and a problem document when it is refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ROUTES),
        fc.array(value, { minLength: 2, maxLength: 2 }),
        fc.dictionary(
          fc.constantFrom(
            'week',
            'series',
            'model',
            'phase',
            'limit',
            'cursor',
            'sort',
            'weeks',
            'variant',
            'x',
          ),
          value,
          {
            maxKeys: 3,
          },
        ),
        fc.oneof(fc.json(), fc.string(), fc.constant('{"profile":"../x"}')),
        async (route, values, query, body) => {
          let at = 0;
          const path = route.path.replaceAll(/\{\w+\}/g, () => encode(values[at++ % 2]!));
          const answer = await api({
            method: route.method,
            path,
            query: Object.entries(query)
              .map(([name, text]) => `${name}=${encode(text)}`)
              .join('&'),
            headers: { 'content-type': 'application/json' },
            body: route.method === 'POST' ? body : null,
            client: 'anybody',
          });
          // An empty or slashed segment makes it another path, which is nobody's.
          const operation = paths[route.path]![route.method.toLowerCase()]!;
          expect(Object.keys(operation.responses)).toContain(String(answer.status));
          const type = answer.headers['content-type']!;
          expect(Object.keys(operation.responses[answer.status]!.content)).toContain(type);
          if (answer.status >= 400) {
            expect(problemSchema.parse(JSON.parse(answer.body)).status).toBe(answer.status);
            expect(answer.status).not.toBe(500);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never reaches beyond the lake, whatever the path', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'constructor', ''),
        hostile,
        hostile,
        async (method, path, query) => {
          const { status, body } = await api({ method, path, query, headers: {}, body: null, client: '' });
          expect([400, 404, 405, 415]).toContain(status);
          problemSchema.parse(JSON.parse(body));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the OpenAPI document', () => {
  it('lists every route with every parameter and answer', async () => {
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
    for (const [path, methods] of Object.entries(paths))
      for (const { parameters } of Object.values(methods))
        expect(parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`)).toEqual(
          path.match(/\{\w+\}/g) ?? [],
        );
  });

  it('points nowhere that it does not hold', async () => {
    const { body } = await get(api, '/openapi.json');
    const document = JSON.parse(body);
    expect(document.openapi).toBe('3.1.0');
    for (const [, name] of body.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(document.components.schemas[name!]).toHaveProperty('properties');
    expect(body).not.toContain('$defs');
  });
});
