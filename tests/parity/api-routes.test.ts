import { describe, expect, it } from '@jest/globals';
import { routesOf } from '../../api/routes.ts';
import { API_ROUTES } from '../../cdk/api-routes.ts';

describe('API Gateway and the handler', () => {
  it('know the same routes; evaluations alone are not offered on AWS', () => {
    const offered = routesOf({ evaluator: null, labelling: null, version: '0' })
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => route !== 'POST /evaluations');
    expect(API_ROUTES.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(offered.sort());
  });

  it('let the function that may start executions do nothing else', () => {
    expect(API_ROUTES.filter((route) => route.function === 'start').map(({ path }) => path)).toEqual([
      '/manifests',
    ]);
  });
});
