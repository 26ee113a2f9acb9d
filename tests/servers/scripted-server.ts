import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as the server got it. */
export interface SeenRequest {
  /** The model that was asked. */
  model: string;
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Record<string, unknown>;
}

/** What goes wrong below the protocol. */
export type Mishap =
  | { hang: true } // accepts the request and never answers
  | { reset: true } // drops the connection
  | { half: true }; // begins an answer and drops the connection

/** Outcomes of one model in the order of its calls; the last repeats. A function answers by what was asked. */
export type Script<Reply> = readonly (Reply | Mishap | ((request: SeenRequest) => Reply))[];

export interface ScriptedServer<Reply> extends AsyncDisposable {
  /** http://127.0.0.1:port */
  url: string;
  /** Every request so far, in the order of arrival. */
  requests: SeenRequest[];
  /** Most requests open at once so far. */
  readonly mostOpen: number;
  /** Gives a model its next outcomes. */
  script(model: string, outcomes: Script<Reply>): void;
}

/**
 * A server on 127.0.0.1 at a free port that answers each model by its script. `speak` puts a reply into the protocol;
 * `modelOf` reads the model out of a request.
 */
export async function startScriptedServer<Reply extends object>(protocol: {
  modelOf(path: string, body: Record<string, unknown>): string;
  speak(reply: Reply, response: ServerResponse): void;
  /** What a model without a script answers. */
  unknown: Reply;
}): Promise<ScriptedServer<Reply>> {
  const scripts = new Map<string, { outcomes: Script<Reply>; next: number }>();
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let open = 0;
  let mostOpen = 0;

  const server = createServer((request, response) => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    response.once('close', () => (open -= 1));
    readJson(request).then(
      (body) => {
        const path = decodeURIComponent(request.url ?? '/');
        const model = protocol.modelOf(path, body);
        const seen = { model, method: request.method ?? '', path, headers: request.headers, body };
        requests.push(seen);
        const script = scripts.get(model);
        const scripted =
          script?.outcomes[Math.min(script.next, script.outcomes.length - 1)] ?? protocol.unknown;
        const outcome = typeof scripted === 'function' ? scripted(seen) : scripted;
        if (script !== undefined) script.next += 1;
        if ('hang' in outcome) return;
        if ('reset' in outcome) response.socket?.resetAndDestroy();
        else if ('half' in outcome) {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
          response.write('{"output":');
          setImmediate(() => response.socket?.destroy());
        } else protocol.speak(outcome, response);
      },
      () => response.destroy(),
    );
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get mostOpen() {
      return mostOpen;
    },
    script(model, outcomes) {
      scripts.set(model, { outcomes, next: 0 });
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with a JSON document. */
export function sendJson(
  response: ServerResponse,
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(document));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
