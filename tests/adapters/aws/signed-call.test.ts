import { describe, expect, it } from '@jest/globals';
import { createSignedCall, signedHeaders } from '../../../adapters/aws/signed-call.ts';
import { serviceError, startJsonServer } from '../../servers/json-server.ts';

describe('a signed call', () => {
  it("signs AWS's own example as its documentation does", () => {
    // docs.aws.amazon.com/general/latest/gr/sigv4-signed-request-examples.html (2015): GET ListUsers.
    const headers = signedHeaders(
      {
        service: 'iam',
        method: 'GET',
        path: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: '',
      },
      new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'),
      'us-east-1',
      { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
      new Date('2015-08-30T12:36:00Z'),
    );
    expect(headers['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });

  it('goes where the environment sends its service, again while it is throttled, and names what is refused', async () => {
    let throttled = 2;
    const server = await startJsonServer({
      GetParameter({ Name }: { Name: string }) {
        if (throttled-- > 0) throw serviceError('ThrottlingException');
        if (Name === 'missing') throw serviceError('ParameterNotFound', 'no such parameter');
        return { Parameter: { Value: 'v' } };
      },
    });
    const call = createSignedCall({
      environment: { AWS_ENDPOINT_URL_SSM: server.url },
      region: 'us-east-1',
      keys: async () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }),
      nowMs: () => 0,
      retry: { clock: { sleep: async () => {} }, random: () => 0 },
    });
    const get = (Name: string) =>
      call({
        service: 'ssm',
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
        body: JSON.stringify({ Name }),
      });
    expect(JSON.parse(await get('there'))).toEqual({ Parameter: { Value: 'v' } });
    expect(server.calls.get('GetParameter')).toBe(3);
    await expect(get('missing')).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringContaining('ParameterNotFound: no such parameter'),
    });
    await server.close();
  });
});
