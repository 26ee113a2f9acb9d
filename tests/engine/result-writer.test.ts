import { describe, expect, test } from '@jest/globals';

import { awsError, distributedMap, machine, run, task, writer } from './machine.ts';

describe('ResultWriter', () => {
  const definition = machine({
    M: distributedMap(
      { T: task({ Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' } }) },
      { MaxConcurrency: 1, ToleratedFailurePercentage: 100, Label: 'Each', ResultWriter: writer },
    ),
  });
  const handle = ({ arguments: args }: { arguments: unknown }) => {
    if ((args as { Payload: number }).Payload < 0) throw awsError('Negative', 'below zero');
    return 'fine';
  };

  test('writes what succeeded, what failed and a manifest, and gives a pointer', async () => {
    const { result, objects } = await run(definition, [1, -2, 3], handle);
    const { MapRunArn, ResultWriterDetails } = (
      result as unknown as { output: Record<string, Record<string, string>> }
    ).output;
    expect(MapRunArn).toMatch(/:mapRun:StateMachine\/Each:[0-9a-f-]{36}$/);
    const key = ResultWriterDetails?.['Key'] ?? '';
    expect(key).toMatch(/^map-runs\/\{x\}\/[0-9a-f-]{36}\/manifest\.json$/);
    const read = (name: string) => JSON.parse(objects.get(`lake/${name}`) ?? 'null');
    const manifest = read(key);
    expect(manifest).toMatchObject({ DestinationBucket: 'lake', MapRunArn, ResultFiles: { PENDING: [] } });
    const [succeeded] = manifest.ResultFiles.SUCCEEDED;
    expect(succeeded.Key).toMatch(/\/SUCCEEDED_0\.json$/);
    expect(succeeded.Size).toBe(objects.get(`lake/${succeeded.Key}`)?.length);
    expect(read(succeeded.Key)).toMatchObject([
      { Status: 'SUCCEEDED', Input: '1', Output: '"fine"' },
      { Status: 'SUCCEEDED', Input: '3', Output: '"fine"' },
    ]);
    expect(read(manifest.ResultFiles.FAILED[0].Key)).toMatchObject([
      { Status: 'FAILED', Input: '-2', Error: 'Negative', Cause: 'below zero' },
    ]);
  });

  test('lists no file where there is nothing to list', async () => {
    const { objects } = await run(definition, [], handle);
    expect([...objects.keys()].map((key) => key.split('/').at(-1))).toEqual(['manifest.json']);
  });

  test('writes before the Map fails over its threshold', async () => {
    const M = { ...(definition['States'] as { M: object }).M, ToleratedFailurePercentage: 0 };
    const { result, objects } = await run(machine({ M }), [1, -2, 3], handle);
    expect(result).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
    expect([...objects.keys()].map((key) => key.split('/').at(-1)).sort()).toEqual([
      'FAILED_0.json',
      'SUCCEEDED_0.json',
      'manifest.json',
    ]);
  });

  test('a store that refuses is States.ResultWriterFailed', async () => {
    const objects = { get: async () => null, put: () => Promise.reject(new Error('full')) };
    const { result } = await run(definition, [1], handle, { objects });
    expect(result).toMatchObject({
      error: 'States.ResultWriterFailed',
      cause: expect.stringContaining('full'),
    });
  });
});
