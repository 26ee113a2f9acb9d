import type { Alert } from '../../schemas/alert.ts';
import type { Digest } from './digest.ts';

/** Links that mail and chat have room for. */
const MAX_LINKS = 3;

/**
 * Deep links of a week's message: the overview, then the pages of what fires.
 * @param site_url where the dashboard lives, e.g. `https://bench.example.org/`; null where nobody knows: then none.
 */
export function digestLinks(
  site_url: string | null,
  { series, execution_id }: { series: string; execution_id: string },
  alerts: readonly Alert[],
): Digest['links'] {
  if (site_url === null) return [];
  const base = site_url.endsWith('/') ? site_url : `${site_url}/`;
  const link = (label: string, path: string) => ({
    label,
    url: `${base}#${path}?execution=${encodeURIComponent(execution_id)}&series=${encodeURIComponent(series)}`,
  });
  const pages = new Map(
    alerts
      .filter(({ status }) => status === 'firing')
      .map((alert) => {
        const page = pageOf(alert);
        return [page.url, page] as const;
      }),
  );
  const overview = link('Overview', '/');
  return [overview, ...[...pages.values()].slice(0, MAX_LINKS - 1)];

  function pageOf({ rule, model }: Alert) {
    if (rule === 'judge_disagreement' || rule === 'canary_deviation') return link('Judge', '/judge');
    if (rule === 'cost') return link('Cost', '/cost');
    if (rule === 'coverage' || model === null) return link('Runs', '/runs');
    return link(model, `/model/${encodeURIComponent(model)}`);
  }
}
