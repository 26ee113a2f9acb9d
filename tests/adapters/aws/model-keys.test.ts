import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readModelKeys } from '../../../adapters/aws/model-keys.ts';
import { createSignedCall, type SignedCall } from '../../../adapters/aws/signed-call.ts';
import { startJsonServer, type JsonServer } from '../../servers/json-server.ts';

describe('keys of OpenAI-compatible models for a function', () => {
  const stored: Record<string, string> = { '/socratic-bench/openai': 'sk-1', '/vllm': 'v' };
  let server: JsonServer;
  let signed: SignedCall;
  beforeEach(async () => {
    server = await startJsonServer({
      GetParameters: ({ Names, WithDecryption }: { Names: string[]; WithDecryption: boolean }) => ({
        Parameters: Names.filter((Name) => WithDecryption && Name in stored).map((Name) => ({
          Name,
          Value: stored[Name],
        })),
      }),
    });
    signed = createSignedCall({
      environment: { AWS_ENDPOINT_URL_SSM: server.url },
      region: 'us-east-1',
      keys: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
      nowMs: () => 0,
      retry: { clock: { sleep: async () => {} }, random: () => 0 },
    });
  });
  afterEach(() => server.close());
  const read = (SOCRATIC_MODEL_KEYS?: string) => readModelKeys({ SOCRATIC_MODEL_KEYS }, signed);

  it('come from the parameters that the stack names, under the variables that the registry reads', async () => {
    expect(await read('OPENAI_API_KEY=/socratic-bench/openai,VLLM_KEY=/vllm')).toEqual({
      OPENAI_API_KEY: 'sk-1',
      VLLM_KEY: 'v',
    });
  });

  it('are nothing where none is named, and nobody is asked', async () => {
    expect([await read(), await read('')]).toEqual([{}, {}]);
    expect(server.calls.size).toBe(0);
  });

  it('that are not there say how to put them there', async () => {
    await expect(read('OTHER=/missing')).rejects.toMatchObject({
      name: 'InvalidConfig',
      hint: expect.stringContaining('aws ssm put-parameter --name /missing'),
    });
    await expect(read('OTHER')).rejects.toMatchObject({ name: 'InvalidConfig' });
  });
});
