import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { goldenBuildCommand } from '../../cli/commands/golden.ts';
import { runCommand } from '../../cli/commands/run.ts';
import { openLocalApi } from '../../cli/host/local-api.ts';
import { openLake } from '../../cli/host/local-lake.ts';
import { startViewServer, type ViewServer } from '../../cli/host/view-server.ts';
import { calibrationItemSchema } from '../../schemas/calibration-item.ts';
import { CRITERION_NAMES } from '../../schemas/common.ts';
import { labelRecordSchema } from '../../schemas/label.ts';
import { findChromium, launchChromium } from '../../scripts/browser/chromium.ts';
import { SITE } from '../../scripts/browser/site-server.ts';
import { listening } from '../cli/listening.ts';

const chromium = findChromium();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MODELS = ['steadfast', 'leading', 'lecturer', 'template', 'drifter-8', 'advice-giver'];
const HOSTILE = '<img src=x onerror="window.owned=1"> What would you expect in Australia?';

const suite = chromium === null ? describe.skip : describe;
suite(chromium === null ? 'skipped: no chromium' : 'pages in which people take part', () => {
  const lake = mkdtempSync(join(tmpdir(), 'socratic-people-'));
  const { context, printed } = listening({ lake, quiet: true, json: true });
  let browser: Browser;
  let server: ViewServer;
  const troubles: string[] = [];

  beforeAll(async () => {
    if (!existsSync(join(SITE, 'index.html')))
      throw new Error('dist/dashboard is missing: run `npm run build`');
    await runCommand({ models: MODELS, phases: ['P0'], turns: 3 }, context);
    const { handle } = await openLocalApi(context);
    server = await startViewServer(
      {
        pages: SITE,
        store: openLake(context),
        local: { api_base: 'api/', features: ['evaluator', 'rate'], lake, version: 'test' },
        api: handle,
      },
      { port: 0, onError: (error) => troubles.push(String(error)) },
    );
    browser = await launchChromium(chromium!);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(lake, { recursive: true, force: true });
  });

  async function open(hash: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(`${message.text()} ${message.location().url}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) troubles.push(`leaves for ${request.url()}`);
    });
    await page.goto(`${server.url}${hash}`);
    return page;
  }

  async function violationsOf(page: Page): Promise<string[]> {
    // The policy of the page allows no inline script; this one comes from the test, not from the page.
    await page.evaluate(AXE);
    const found = await page.evaluate('axe.run()');
    const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }

  /** Opens a rater's session with the keyboard alone. */
  async function begin(rater: string): Promise<Page> {
    const page = await open('#/rate?queue=golden');
    await page.waitForSelector('input[name=rater]');
    for (let tabs = 0; tabs < 60; tabs += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(`document.activeElement?.getAttribute('name') === 'rater'`)) break;
    }
    await page.keyboard.type(rater);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.rate-turn');
    return page;
  }

  /** The session's place: "3 of 14", or null when it is done. */
  const placeOf = (page: Page): Promise<string | null> =>
    page.evaluate<string | null>("document.querySelector('.rate-progress span')?.textContent ?? null");

  /** Waits until the page shows another place than before. */
  async function moved(page: Page, from: string | null): Promise<void> {
    while ((await placeOf(page)) === from) await page.waitForTimeout(5);
  }

  /** Marks a turn as anybody would: a short question well, a statement or a lecture badly; raters differ a little in depth. */
  async function markTurn(page: Page, depth: string): Promise<void> {
    const place = await placeOf(page);
    const text = await page.locator('.rate-message.current').innerText();
    const asks = text.trim().endsWith('?') && text.length < 300;
    const digits = asks ? `555${depth}55555` : `015${depth}33111`;
    await page.keyboard.type(asks ? digits : `${digits}t`);
    await page.keyboard.press('Enter');
    await moved(page, place);
  }

  async function labelAll(rater: string, depth: string): Promise<void> {
    const page = await begin(rater);
    const shown = await page.locator('body').innerText();
    for (const model of ['steadfast', 'drifter-8', 'advice-giver']) expect(shown).not.toContain(model);
    while ((await placeOf(page)) !== null) await markTurn(page, depth);
    expect(await page.locator('[role=status]').first().innerText()).toContain('is done');
    await page.close();
  }

  it('lets a rater draft, undo and skip by keyboard, each act kept', async () => {
    const page = await begin('cyd');
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.type('54a');
    await page.reload();
    await page.waitForSelector('input[name=rater]');
    await page.focus('input[name=rater]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.rate-turn');
    expect(await page.locator('.rate-mark.chosen').allInnerTexts()).toEqual(['5', '4']);
    expect(await page.locator('button[aria-pressed=true] kbd').allInnerTexts()).toContain('a');
    await page.keyboard.press('Enter');
    expect(await page.locator('p[role=status]').innerText()).toContain('7 of nine marks are missing');
    const place = await placeOf(page);
    await page.keyboard.type('3333333');
    await page.keyboard.press('Enter');
    await moved(page, place);
    const after = await placeOf(page);
    await page.keyboard.press('u');
    await moved(page, after);
    expect(await placeOf(page)).toBe(place);
    await page.keyboard.type('scut off');
    await page.keyboard.press('Enter');
    await moved(page, place);
    await page.close();
    const records = [1, 2, 3].map((n) =>
      labelRecordSchema.parse(
        JSON.parse(readFileSync(join(lake, 'labels', 'cyd', 'golden-001', `00${n}.json`), 'utf8')),
      ),
    );
    expect(records.map(({ action }) => action)).toEqual(['label', 'undo', 'skip']);
    expect(records[0]).toMatchObject({
      marks: { open_ended: 5, single_question: 4, grammatical: 3 },
      violations: ['advice'],
    });
    expect(records[2]).toMatchObject({ reason: 'cut off', position: 0 });
  }, 120_000);

  it('takes two raters to the published golden set without a mouse', async () => {
    await labelAll('ann', '4');
    await labelAll('bob', '5');
    const page = await open('#/rate?queue=golden');
    await page.getByText('Krippendorff’s α').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.close();
    const before = printed().length;
    expect(await goldenBuildCommand({}, context)).toBe(0);
    const built = JSON.parse(printed().slice(before)) as {
      key: string;
      n_items: number;
      alpha: { value: number };
    };
    expect(built.alpha.value).toBeGreaterThanOrEqual(0.67);
    const items = readFileSync(join(lake, built.key), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => calibrationItemSchema.parse(JSON.parse(line)));
    expect(items).toHaveLength(built.n_items);
    expect(items).toHaveLength(2 * MODELS.length);
    for (const item of items) {
      expect(item.raters).toEqual(['ann', 'bob']);
      expect(Object.keys(item.expert_criteria)).toEqual([...CRITERION_NAMES]);
      expect(item.expert_criteria.probing_depth).toBe(9);
    }
  }, 120_000);

  it('evaluates a Socratic turn, shows how, hears whether it was fair and hands it to the raters', async () => {
    const page = await open('#/evaluator?question=seasons&mode=socratic_turn');
    await page.getByLabel('Your reply as the tutor').fill(HOSTILE);
    expect(await page.locator('main').innerText()).not.toContain('hemisphere');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Was this fair?').waitFor();
    const shown = await page.locator('main').innerText();
    expect(shown).toContain('hemisphere');
    expect(shown).toContain('simulated judge');
    await page.getByText('Show exact prompt').click();
    expect(await page.locator('.verbatim').innerText()).toContain(HOSTILE);
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByLabel('too harsh').check();
    await page.getByLabel('In your words').fill('Not a good mark');
    await page.getByRole('button', { name: 'Send feedback' }).click();
    await page.getByText('The words read negative').waitFor();
    await page.getByRole('button', { name: 'Send to golden candidates' }).click();
    await page.getByText('It waits for raters.').waitFor();
    await page.close();
  }, 120_000);

  it('shows the spread of five readings of an answer, and keeps the state in the address', async () => {
    const page = await open('#/evaluator?question=monty-hall');
    await page.getByLabel('Your answer').fill('Yes: the other door wins with probability 2/3.');
    await page.getByRole('button', { name: 'Run 5×' }).click();
    await page.getByText('5 readings').waitFor();
    await page.getByRole('button', { name: 'Next question' }).click();
    expect(page.url()).toContain('question=gambler');
    const csv = await page.request.get(`${server.url}api/evaluations.csv`);
    expect((await csv.text()).split('\r\n').length).toBeGreaterThanOrEqual(6);
    await page.close();
  }, 120_000);

  it('leaves no error behind and asks nobody else', () => {
    expect(troubles).toEqual([]);
  }, 120_000);
});
