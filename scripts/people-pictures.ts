import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { findChromium, launchChromium } from './browser/chromium.ts';

const PORT = 4797;
const SIZE = { width: 1280, height: 900 };
const REPLY = 'What would you expect to see in Australia in December, if distance made the seasons?';

/** What is on the pages in which people take part, brought to a state worth showing. */
const SHOTS: readonly { name: string; at: string; play: (page: Page) => Promise<void> }[] = [
  {
    name: 'evaluator',
    at: '#/evaluator?question=seasons&mode=socratic_turn',
    play: async (page) => {
      await page.getByLabel('Your reply as the tutor').fill(REPLY);
      await page.keyboard.press('Control+Enter');
      await page.getByText('Was this fair?').waitFor();
    },
  },
  {
    name: 'rate',
    at: '#/rate?queue=golden',
    play: async (page) => {
      await page.locator('input[name=rater]').fill('ann');
      await page.keyboard.press('Enter');
      await page.locator('.rate-turn').waitFor();
      await page.keyboard.type('5544a');
    },
  },
];

/** Photographs evaluator and rating desk as docs/pictures/dashboard-*.png, served by the built `view` over a demo lake. */
export async function takePeoplePictures(lake: string, program: string, folder: string): Promise<string[]> {
  const chromium = findChromium();
  if (chromium === null) throw new Error('pictures of the dashboard need chromium; CHROMIUM_PATH names one');
  // The page names the lake as it was given: by its name alone.
  const view = spawn(process.execPath, [program, 'view', '--lake', basename(lake), '--port', `${PORT}`], {
    cwd: dirname(lake),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await launchChromium(chromium);
  try {
    const [said] = (await once(view.stdout, 'data')) as [Buffer];
    const address = /http:\/\/\S+/.exec(said.toString())?.[0];
    if (address === undefined) throw new Error(`view says no address: ${said.toString()}`);
    const written: string[] = [];
    for (const { name, at, play } of SHOTS) {
      const page = await browser.newPage({ viewport: SIZE });
      await page.goto(address + at);
      await play(page);
      const path = join(folder, `dashboard-${name}.png`);
      await page.screenshot({ path });
      written.push(path);
      await page.close();
    }
    return written;
  } finally {
    view.kill();
    await browser.close();
  }
}
