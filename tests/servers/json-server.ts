import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { principalOf } from './principal.ts';

/** Answers one operation; throw an error whose `name` is the service's to refuse. */
export type JsonOperation = (input: never) => object;

export interface JsonServer {
  url: string;
  calls: Map<string, number>;
  close(): Promise<void>;
}

/** A service of the AWS JSON protocol (Step Functions, Athena): the operation stands in X-Amz-Target. */
export async function startJsonServer(
  operations: Readonly<Record<string, JsonOperation>>,
  onRequest: (principal: string, operation: string) => void = () => {},
): Promise<JsonServer> {
  const calls = new Map<string, number>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      onRequest(principalOf(request), operation);
      calls.set(operation, (calls.get(operation) ?? 0) + 1);
      try {
        const answer = operations[operation]!(JSON.parse(body) as never);
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify(answer));
      } catch (error) {
        const { name, message, status } = error as Error & { status?: number };
        response.writeHead(status ?? 400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: name, message }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An error as a service names it. */
export function serviceError(name: string, message = name, status = 400): Error {
  return Object.assign(new Error(message), { name, status });
}
