/** One route of the API. Reads take a key (it meters, the results are public); writes take a signed request. */
export interface ApiRoute {
  method: 'GET' | 'POST';
  path: string;
  /** Which function serves it: they differ in what their roles allow. */
  function: 'read' | 'start';
}

/** The routes that API Gateway serves. POST /evaluations is off on AWS: it would call paid models for strangers. */
export const API_ROUTES: readonly ApiRoute[] = [
  { method: 'POST', path: '/manifests', function: 'start' },
  { method: 'GET', path: '/runs', function: 'read' },
  { method: 'GET', path: '/runs/{id}', function: 'read' },
  { method: 'GET', path: '/runs/{id}/turns', function: 'read' },
  { method: 'GET', path: '/weeks/{week}', function: 'read' },
  { method: 'GET', path: '/models/{id}/trend', function: 'read' },
  { method: 'GET', path: '/executions/{id}', function: 'read' },
  { method: 'GET', path: '/openapi.json', function: 'read' },
  { method: 'GET', path: '/healthz', function: 'read' },
];
