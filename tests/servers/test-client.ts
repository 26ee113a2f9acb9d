import { clientConfig } from '../../adapters/aws/client-config.ts';

/** SDK client configuration for a protocol server on this machine. */
export function testClient(endpoint: string, answerMs?: number) {
  const config = clientConfig({}, answerMs);
  const { requestHandler } = config;
  const handle = requestHandler.handle.bind(requestHandler);
  // Jest runs tests in a realm of their own; Node's network errors come from the outer one and are no Errors in here,
  // so that the SDK would wrap them beyond recognition.
  requestHandler.handle = (...args) =>
    handle(...args).catch((error: NodeJS.ErrnoException) => {
      throw Object.assign(new Error(error.message), { name: error.name, code: error.code });
    });
  return {
    ...config,
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}
