import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { principalOf } from './principal.ts';

export interface SnsServer {
  url: string;
  /** Form fields of every Publish, in order. */
  published: Record<string, string>[];
  calls: Map<string, number>;
  /** Refuses the next requests with these HTTP statuses. */
  refuse: number[];
  close(): Promise<void>;
}

/** SNS's query protocol: a form in, XML out. It refuses what SNS refuses of a subject. */
export async function startSnsServer(
  onRequest: (principal: string, action: string) => void = () => {},
): Promise<SnsServer> {
  const published: Record<string, string>[] = [];
  const calls = new Map<string, number>();
  const refuse: number[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      const action = form['Action'] ?? 'Unknown';
      onRequest(principalOf(request), action);
      calls.set(action, (calls.get(action) ?? 0) + 1);
      const isValid = /^[!-~][ -~]{0,98}$/.test(form['Subject'] ?? '');
      const status = refuse.shift() ?? (isValid ? 200 : 400);
      response.writeHead(status, { 'content-type': 'text/xml' });
      if (status === 200) {
        published.push(form);
        response.end(
          '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
        );
      } else {
        const code = status === 400 ? 'InvalidParameter' : 'InternalError';
        response.end(
          `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    published,
    calls,
    refuse,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
