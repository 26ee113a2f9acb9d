import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { sha256Hex } from '../../core/identity/hash.ts';
import type { Random } from '../../core/identity/random.ts';
import { judgeReply, tutorReply } from './voices.ts';

/** How often a call goes wrong, each 0–1, and how many calls a second are taken at all. */
export interface Weather {
  throttled: number;
  unavailable: number;
  reset: number;
  half: number;
  hung: number;
  calls_per_s: number;
}
export const CALM: Weather = {
  throttled: 0,
  unavailable: 0,
  reset: 0,
  half: 0,
  hung: 0,
  calls_per_s: Infinity,
};

/** One customer of the provider: a lake under test, told from the others by its API key. */
export interface Customer {
  weather: Weather;
  random: Random;
  /** `steady`: the same conversation gets the same reply; `sampled`: each call another; a map: what an earlier run adopted. */
  replies: 'steady' | 'sampled' | ReadonlyMap<string, string>;
  /** Models that this customer may no longer call. */
  denied: readonly string[];
  /** Latency of an answer, milliseconds. */
  latency_ms: number;
  /** Calls answered in full, by `<model> <conversation>`; probes are not counted. */
  readonly answered: Map<string, number>;
  /** Calls that went wrong, by how. */
  readonly mishaps: Map<string, number>;
  onAnswered: () => void;
}

export interface Provider extends AsyncDisposable {
  /** http://127.0.0.1:port/v1 */
  base_url: string;
  customer(key: string, wishes: Pick<Customer, 'replies' | 'random'>): Customer;
}

interface Asked {
  model: string;
  temperature?: number;
  messages: { role: string; content: string }[];
}

/** What a conversation is told from others by: model, temperature and every message but the system prompt. */
export function conversationKey(model: string, temperature: number | null, texts: readonly string[]): string {
  return sha256Hex(JSON.stringify([model, temperature, ...texts]));
}

/** A provider on 127.0.0.1 that speaks OpenAI's chat completions and has bad days. Models `tutor-*` teach, `judge-*` mark. */
export async function startProvider(): Promise<Provider> {
  const customers = new Map<string, Customer>();
  const buckets = new Map<string, { tokens: number; filledMs: number }>();

  function takes(key: string, { calls_per_s }: Weather): boolean {
    if (calls_per_s === Infinity) return true;
    const bucket = buckets.get(key) ?? { tokens: calls_per_s / 10, filledMs: performance.now() };
    buckets.set(key, bucket);
    const now = performance.now();
    bucket.tokens = Math.min(
      Math.max(1, calls_per_s / 10),
      bucket.tokens + ((now - bucket.filledMs) / 1000) * calls_per_s,
    );
    bucket.filledMs = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  async function answer(request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> {
    const key = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const customer = customers.get(key);
    if (customer === undefined) return send(response, 401, { error: { message: 'Incorrect API key' } });
    const isProbe = asked.messages.length === 1 && asked.messages[0]!.content === 'Hi';
    if (isProbe) return send(response, 200, completion('Hello.', asked, 'stop'));
    if (customer.denied.includes(asked.model)) {
      count(customer.mishaps, 'denied');
      return send(response, 403, { error: { message: 'Access to this model was withdrawn' } });
    }
    const { weather, random } = customer;
    const draw = random();
    const mishap = takes(key, weather) ? drawn(weather, draw) : 'throttled';
    if (mishap !== null) {
      count(customer.mishaps, mishap);
      return goWrong(mishap, random, response);
    }
    await wait(customer.latency_ms * (0.5 + random()));
    const texts = asked.messages.filter(({ role }) => role !== 'system').map(({ content }) => content);
    const conversation = conversationKey(asked.model, asked.temperature ?? null, texts);
    const sample = String(customer.answered.get(`${asked.model} ${conversation}`) ?? 0);
    const { text, refusal } = asked.model.startsWith('judge')
      ? judgeReply(texts[0]!, Math.ceil(texts.length / 2))
      : { text: tutorText(customer, conversation, sample), refusal: undefined };
    if (text === null)
      return send(response, 400, { error: { message: 'the disturbed run never adopted a reply to this' } });
    response.once('finish', () => {
      const call = `${asked.model} ${conversation}`;
      count(customer.answered, call);
      customer.onAnswered();
    });
    send(response, 200, completion(text, asked, 'stop', refusal));
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked;
      void answer(request, response, asked);
    });
    // A caller that was killed.
    request.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    customer(key, wishes) {
      const customer: Customer = {
        ...wishes,
        weather: CALM,
        denied: [],
        latency_ms: 2,
        answered: new Map(),
        mishaps: new Map(),
        onAnswered: () => undefined,
      };
      customers.set(key, customer);
      return customer;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

type Mishap = 'throttled' | 'unavailable' | 'reset' | 'half' | 'hung';

/** Null where a replayed run asks what the earlier one never adopted an answer to. */
function tutorText({ replies }: Customer, conversation: string, sample: string): string | null {
  if (replies === 'steady') return tutorReply(conversation, '');
  return replies === 'sampled' ? tutorReply(conversation, sample) : (replies.get(conversation) ?? null);
}

function drawn(weather: Weather, draw: number): Mishap | null {
  let upTo = 0;
  for (const mishap of ['throttled', 'unavailable', 'reset', 'half', 'hung'] as const) {
    upTo += weather[mishap];
    if (draw < upTo) return mishap;
  }
  return null;
}

function goWrong(mishap: Mishap, random: Random, response: ServerResponse): void {
  switch (mishap) {
    case 'throttled':
      return send(response, 429, { error: { message: 'Rate limit reached' } }, throttleHeaders(random));
    case 'unavailable':
      return send(response, random() < 0.5 ? 503 : 500, { error: { message: 'Overloaded' } });
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'half':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"id":"chatcmpl-1","choi');
      setImmediate(() => response.socket?.destroy());
      return;
    case 'hung':
      return;
  }
}

/** Half of the 429s say when to come back, as providers do. */
function throttleHeaders(random: Random): Record<string, string> {
  return random() < 0.5 ? { 'retry-after-ms': String(Math.ceil(random() * 2000)) } : {};
}

function completion(text: string, asked: Asked, finish_reason: string, refusal?: string): object {
  const chars = asked.messages.reduce((sum, { content }) => sum + content.length, 0);
  const message = { role: 'assistant', content: text, refusal: refusal ?? null };
  const usage = { prompt_tokens: Math.ceil(chars / 4), completion_tokens: Math.ceil(text.length / 4) };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: asked.model,
    choices: [{ index: 0, message, finish_reason }],
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  };
}

function send(
  response: ServerResponse,
  status: number,
  document: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(document));
}
