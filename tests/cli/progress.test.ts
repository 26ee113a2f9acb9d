import { describe, expect, it } from '@jest/globals';
import { createProgress } from '../../cli/view/progress.ts';
import { listening } from './listening.ts';

describe('what telemetry tells while a command runs', () => {
  it.each([
    ['plain', {}, 'a model waits\nwarning a model was refused\n'],
    ['none', {}, 'warning a model was refused\n'],
    ['none', { json: true }, 'warning a model was refused\n'],
    ['none', { quiet: true }, ''],
  ] as const)('is, with --progress %s and %j, what that asks for', (progress, options, said) => {
    const heard = listening({ ...options, progress });
    const { telemetry } = createProgress(heard.context, 10);
    telemetry.log('info', 'a model waits');
    telemetry.log('warn', 'a model was refused');
    expect(heard.said()).toBe(said);
    expect(heard.printed()).toBe('');
  });
});
