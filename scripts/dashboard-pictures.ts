import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARD_FILES } from '../schemas/dashboard-files.ts';
import type { IndexFile } from '../schemas/dashboard-data.ts';
import type { RunsFile } from '../schemas/dashboard-runs.ts';
import { findChromium, launchChromium } from './browser/chromium.ts';
import { serveSite } from './browser/site-server.ts';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780 };

/**
 * Photographs the built site over a demo lake as docs/pictures/dashboard-*.png: every page once, the overview and a dialogue in
 * dark and on a phone too.
 * @param lake a folder made by `npm run demo`.
 * @param folder where the pictures go.
 */
export async function takeDashboardPictures(lake: string, folder: string): Promise<string[]> {
  const chromium = findChromium();
  if (chromium === null) throw new Error('pictures of the dashboard need chromium; CHROMIUM_PATH names one');
  const data = join(lake, 'dashboard', 'data');
  const read = <T>(path: string) => JSON.parse(readFileSync(join(data, path), 'utf8')) as T;
  const index = read<IndexFile>(DASHBOARD_FILES.index);
  const weeks = index.series.find(({ series }) => series === index.default_series)!.weeks;
  const last = weeks.at(-1)!;
  // What the story's last week broke: the model whose dialogues were lost, and the first of them.
  const runs = read<RunsFile>(DASHBOARD_FILES.runs(last.execution_id)).runs;
  const lost = runs
    .filter(({ breaking_turn }) => breaking_turn !== null)
    .sort((a, b) => a.observed_turns / a.planned_turns - b.observed_turns / b.planned_turns);
  const run = lost.find(({ phase }) => phase === 'P2') ?? lost[0]!;
  const turn = run.breaking_turn!.turn_index;
  const seam = weeks.findLast(({ measure_sha256 }) => measure_sha256 !== last.measure_sha256) ?? last;
  const shots = [
    { name: 'overview', at: '#/' },
    { name: 'overview-dark', at: '#/', theme: 'dark' },
    { name: 'overview-phone', at: '#/', size: PHONE },
    { name: 'model', at: `#/model/${run.model}`, size: { width: 1280, height: 1160 } },
    { name: 'runs', at: '#/runs?sort=half_life' },
    { name: 'run', at: `#/run/${run.run_id}?turn=${turn}` },
    { name: 'run-dark', at: `#/run/${run.run_id}?turn=${turn}&detail=on`, theme: 'dark' },
    { name: 'run-phone', at: `#/run/${run.run_id}?turn=${turn}`, size: PHONE },
    { name: 'compare', at: '#/compare' },
    { name: 'judge', at: '#/judge' },
    { name: 'cost', at: '#/cost' },
    { name: 'manifest', at: `#/manifest/${last.manifest_id}?against=${seam.manifest_id}` },
    { name: 'methods', at: '#/methods?q=half_life' },
  ] as const;
  const site = await serveSite(data);
  const browser = await launchChromium(chromium);
  const written: string[] = [];
  try {
    for (const shot of shots) {
      const context = await browser.newContext({
        viewport: 'size' in shot ? shot.size : DESKTOP,
        colorScheme: 'theme' in shot ? shot.theme : 'light',
        deviceScaleFactor: 'size' in shot && shot.size === PHONE ? 1.5 : 1,
      });
      const page = await context.newPage();
      await page.goto(site.address + shot.at, { waitUntil: 'networkidle' });
      while ((await page.locator('[aria-busy=true]').count()) > 0) await page.waitForTimeout(20);
      const path = join(folder, `dashboard-${shot.name}.png`);
      await page.screenshot({ path });
      written.push(path);
      await context.close();
    }
  } finally {
    await browser.close();
    await site.close();
  }
  return written;
}
