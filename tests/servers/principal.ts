import type { IncomingMessage } from 'node:http';

/** Who signed a request: its access key id, which the tests name after the role. */
export function principalOf(request: IncomingMessage): string {
  return /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? 'nobody';
}
