import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findChromium, launchChromium } from '../browser/chromium.ts';
import { serveSite, SITE } from '../browser/site-server.ts';
import { median, type Bench } from './bench.ts';
import { writeLongHistory } from './dashboard-data.ts';

/** A year of every model of the registry. */
const SIZE = { weeks: 52, models: 25, runs: 900 };

interface Visit {
  first_paint_ms: number;
  ready_ms: number;
  elements: number;
  layout_shift: number;
  paths: string[];
  elsewhere: number;
}

/** The first visit to the site, cold, in a real browser: what is fetched, when something is seen, whether it jumps. */
export const dashboardBench: Bench = {
  name: 'dashboard',
  async run({ folder, repeats }) {
    const chromium = findChromium();
    if (chromium === null) throw new Error('no chromium here; CHROMIUM_PATH names one');
    writeLongHistory(folder, SIZE);
    const site = await serveSite(folder);
    const browser = await launchChromium(chromium);
    try {
      const visits: Visit[] = [];
      for (let visit = 0; visit < repeats; visit += 1) visits.push(await visitOnce(browser, site.address));
      const { paths } = visits[0]!;
      const zipped = (names: readonly string[], root: string) =>
        names.reduce((sum, name) => sum + gzipSync(readFileSync(join(root, name))).length, 0) / 1000;
      const code = paths
        .filter((path) => !path.startsWith('data/'))
        .map((path) => (path === '' ? 'index.html' : path));
      const data = paths.filter((path) => path.startsWith('data/')).map((path) => path.slice('data/'.length));
      const of = (read: (visit: Visit) => number) => median(visits.map(read));
      return [
        { what: 'first load, code, gzip', measured: zipped(code, SITE), unit: 'kB', at_most: 80 },
        { what: 'first load, data, gzip', measured: zipped(data, folder), unit: 'kB', at_most: null },
        { what: 'requests', measured: paths.length, unit: '', at_most: null },
        {
          what: 'requests to other origins',
          measured: of(({ elsewhere }) => elsewhere),
          unit: '',
          at_most: 0,
        },
        {
          what: 'first paint',
          measured: of(({ first_paint_ms }) => first_paint_ms),
          unit: 'ms',
          at_most: 1000,
        },
        { what: 'all data drawn', measured: of(({ ready_ms }) => ready_ms), unit: 'ms', at_most: null },
        { what: 'elements in the page', measured: of(({ elements }) => elements), unit: '', at_most: null },
        {
          what: 'layout shift (CLS)',
          measured: of(({ layout_shift }) => layout_shift),
          unit: '',
          at_most: 0.1,
        },
      ];
    } finally {
      await browser.close();
      await site.close();
    }
  },
};

async function visitOnce(
  browser: Awaited<ReturnType<typeof launchChromium>>,
  address: string,
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  await page.locator('.table tbody tr').first().waitFor();
  while ((await page.locator('[aria-busy=true]').count()) > 0) await page.waitForTimeout(5);
  const ready_ms = (await page.evaluate('performance.now()')) as number;
  await page.waitForLoadState('networkidle');
  const seen = (await page.evaluate(`new Promise((done) => {
    let layout_shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) layout_shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done({
      layout_shift,
      first_paint_ms: performance.getEntriesByName('first-contentful-paint')[0].startTime,
      elements: document.querySelectorAll('*').length,
    }), 50);
  })`)) as Pick<Visit, 'layout_shift' | 'first_paint_ms' | 'elements'>;
  await context.close();
  const mine = asked.filter((url) => url.startsWith(address));
  return {
    ...seen,
    ready_ms,
    paths: [...new Set(mine.map((url) => decodeURIComponent(url.slice(address.length).split(/[?#]/)[0]!)))],
    elsewhere: asked.length - mine.length,
  };
}
