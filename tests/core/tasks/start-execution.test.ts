import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFileStore } from '../../../adapters/local/file-store.ts';
import { createFolderConfig } from '../../../adapters/local/folder-config.ts';
import { createStartExecution } from '../../../core/tasks/start-execution.ts';
import { executionInputSchema } from '../../../schemas/task-io.ts';

const lake = mkdtempSync(join(tmpdir(), 'start-'));
afterAll(() => rmSync(lake, { recursive: true, force: true }));
const config = createFolderConfig([fileURLToPath(new URL('../../../config', import.meta.url))]);

describe('the start of an execution', () => {
  let started: Map<string, object>;
  const start = createStartExecution({
    store: createFileStore(lake),
    config,
    executions: {
      start: async (name, input) => {
        if (started.has(name)) return 'exists';
        started.set(name, input);
        return 'started';
      },
    },
  });
  beforeEach(() => {
    started = new Map();
  });

  it('takes its week from the scheduled time, however late it is delivered', async () => {
    const { execution_id, week } = await start({ profile: 'mvp', scheduled_at: '2027-01-01T03:00:00Z' });
    expect(week).toBe('2026-W53');
    expect(execution_id).toMatch(/^mvp-2026-W53-[0-9a-f]{12}$/);
    expect(executionInputSchema.parse(started.get(execution_id))).toEqual({
      profile: 'mvp',
      scheduled_at: '2027-01-01T03:00:00Z',
      execution_id,
    });
  });

  it('is one start for the same content and week, and another for other content', async () => {
    const monday = { profile: 'mvp', scheduled_at: '2026-11-16T03:00:00Z' };
    const first = await start(monday);
    const late = await start({ ...monday, scheduled_at: '2026-11-22T23:59:59.5Z' });
    expect(late).toMatchObject({ execution_id: first.execution_id, outcome: 'exists' });
    const other = await start({ ...monday, overrides: { temperatures: [0.2] } });
    expect(other.outcome).toBe('started');
    expect(other.execution_id).not.toBe(first.execution_id);
    expect(started.get(other.execution_id)).toMatchObject({ overrides: { temperatures: [0.2] } });
  });

  it.each([
    [{ profile: 'mvp' }, 'scheduled_at'],
    [{ profile: 'mvp', scheduled_at: 'Monday' }, 'scheduled_at'],
    [{ profile: 'mvp', scheduled_at: '2026-11-16T03:00:00Z', api_key: 'x' }, 'api_key'],
    [{ profile: 'no-such', scheduled_at: '2026-11-16T03:00:00Z' }, 'no-such'],
  ])('refuses %j, naming what is wrong', async (request, named) => {
    await expect(start(request as never)).rejects.toMatchObject({
      name: 'InvalidConfig',
      message: expect.stringContaining(named),
    });
    expect(started.size).toBe(0);
  });
});
