import { z } from 'zod';
import { openApiDocument } from './openapi.ts';
import type { ApiPorts } from './ports.ts';
import { route, type Answer, type Route } from './route.ts';
import { EVALUATOR_PAGE_ROUTES, evaluationsRoute } from './routes/evaluations.ts';
import { LABEL_ROUTES } from './routes/labels.ts';
import { manifestsRoute } from './routes/manifests.ts';
import { READ_ROUTES } from './routes/reads.ts';

/** The routes of 4.3 that every host has; pages of `view` add theirs. */
const PUBLIC_ROUTES: readonly Route[] = [manifestsRoute, ...READ_ROUTES, evaluationsRoute];

/** The routes of a host, the document about them included. */
export function routesOf(ports: Pick<ApiPorts, 'evaluator' | 'labelling' | 'version'>): Route[] {
  const routes = [
    ...PUBLIC_ROUTES,
    ...(ports.evaluator === null ? [] : EVALUATOR_PAGE_ROUTES),
    ...(ports.labelling === null ? [] : LABEL_ROUTES),
  ];
  let document: object | null = null;
  const documentRoute: Route = route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    params: z.strictObject({}),
    query: z.strictObject({}),
    answer: { status: 200, description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) },
    problems: [],
    handle: async (): Promise<Answer> => ({
      status: 200,
      json: (document ??= openApiDocument(all, ports.version)),
    }),
  });
  const all: Route[] = [...routes, documentRoute];
  return all;
}
