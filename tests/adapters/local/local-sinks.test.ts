import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConsoleAlerts } from '../../../adapters/local/console-alerts.ts';
import { createEmfFile, emfPath } from '../../../adapters/local/emf-file.ts';
import { createSystemClock } from '../../../adapters/local/system-clock.ts';

describe('alerts on the console', () => {
  it('prints subject and body once a dedup id', async () => {
    const out: string[] = [];
    const sink = createConsoleAlerts((text) => out.push(text));
    await sink.publish({ kind: 'alert', subject: 'Half-life fell', body: 'by 4 turns', dedup_id: 'a' });
    await sink.publish({ kind: 'alert', subject: 'Half-life fell', body: 'by 4 turns', dedup_id: 'a' });
    await sink.publish({ kind: 'alert', subject: 'Quiet', body: '-', dedup_id: 'b' });
    await sink.publish({ kind: 'digest', subject: 'The week', body: 'all quiet', dedup_id: 'c' });
    expect(out).toEqual(['Half-life fell\n\nby 4 turns\n', 'Quiet\n\n-\n']);
  });

  it('prints no terminal escape that a model wrote', async () => {
    const out: string[] = [];
    await createConsoleAlerts((text) => out.push(text)).publish({
      kind: 'alert',
      subject: 'quote',
      body: 'a\u001b]0;owned\u0007b\r\u009b2Jc\td',
      dedup_id: 'a',
    });
    expect(out[0]).toBe('quote\n\na]0;ownedb2Jc\td\n');
  });
});

describe('metrics in a file', () => {
  it('appends one document a line', async () => {
    const lake = mkdtempSync(join(tmpdir(), 'emf-'));
    await createEmfFile(lake).emit({ a: 1 });
    await createEmfFile(lake).emit({ b: 'x\ny' });
    const lines = readFileSync(emfPath(lake), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([{ a: 1 }, { b: 'x\ny' }]);
  });

  it('names the file it cannot write', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'emf-')), 'file');
    writeFileSync(file, '');
    await expect(createEmfFile(file).emit({})).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringContaining('emf.jsonl'),
    });
  });
});

describe('the system clock', () => {
  it('tells UTC with milliseconds and a time that only grows', () => {
    const clock = createSystemClock();
    expect(clock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(clock.monotonicMs()).toBeLessThanOrEqual(clock.monotonicMs());
  });

  it('sleeps, and wakes with AbortError when told to', async () => {
    const clock = createSystemClock();
    await clock.sleep(0);
    await clock.sleep(1);
    const abort = new AbortController();
    const sleeping = clock.sleep(1e12, abort.signal);
    abort.abort();
    await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' });
    await expect(clock.sleep(1, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
