import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { principalOf } from './principal.ts';

/** What happens to one request instead of its answer. `carried-out` does the work and then cuts the connection. */
export type S3Fault = { status: number; code: string } | 'reset' | 'carried-out';

export interface S3Request {
  principal: string;
  operation: string;
  bucket: string;
  key: string;
}

export interface S3ServerOptions {
  buckets: readonly string[];
  /** Buckets whose policy refuses object creation without If-None-Match. */
  writeOnce?: readonly string[];
  /** Keys of one listing page; S3 has 1,000. */
  pageSize?: number;
  onRequest?: (request: S3Request) => void;
  fault?: (request: S3Request) => S3Fault | null;
  /** After an object was created. */
  onCreated?: (bucket: string, key: string, size: number) => void;
}

export interface S3Server {
  url: string;
  buckets: ReadonlyMap<string, Map<string, Buffer>>;
  /** Requests answered, by operation. */
  calls: Map<string, number>;
  openUploads(): number;
  close(): Promise<void>;
}

/**
 * As much of the S3 protocol as the SDK and our store speak: objects, conditional creation, paged listings, multipart
 * uploads, checksums as headers and as trailers of aws-chunked bodies, and faults on demand.
 */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const buckets = new Map(options.buckets.map((name) => [name, new Map<string, Buffer>()]));
  const uploads = new Map<string, Map<number, Buffer>>();
  const calls = new Map<string, number>();
  let nextUpload = 1;

  function answer(request: IncomingMessage, response: ServerResponse, raw: Buffer): void {
    const url = new URL(request.url!, 'http://s3');
    const [, bucket = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const operation = operationOf(request.method!, key, url.searchParams);
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const asked = { principal: principalOf(request), operation, bucket, key };
    options.onRequest?.(asked);
    const fault = options.fault?.(asked) ?? null;
    if (fault === 'reset') return void request.socket.destroy();
    if (fault !== null && fault !== 'carried-out') return refuse(response, fault.status, fault.code);
    const objects = buckets.get(bucket);
    if (objects === undefined) return refuse(response, 404, 'NoSuchBucket');
    const body = decodeBody(request, raw);
    if (body === null) return refuse(response, 400, 'BadDigest');
    if (fault === 'carried-out') response.writeHead = () => void request.socket.destroy() as never;

    const isConditional = request.headers['if-none-match'] === '*';
    const create = (bytes: Buffer, xml: string) => {
      if (options.writeOnce?.includes(bucket) && !isConditional) return refuse(response, 403, 'AccessDenied');
      if (isConditional && objects.has(key)) return refuse(response, 412, 'PreconditionFailed');
      objects.set(key, bytes);
      options.onCreated?.(bucket, key, bytes.length);
      return send(response, 200, xml, { ETag: '"e"' });
    };
    switch (operation) {
      case 'GetObject': {
        const found = objects.get(key);
        return found === undefined ? refuse(response, 404, 'NoSuchKey') : send(response, 200, found);
      }
      case 'PutObject':
        return create(body, '');
      case 'ListObjectsV2':
        return send(response, 200, listing(objects, url.searchParams, options.pageSize ?? 1000));
      case 'CreateMultipartUpload': {
        const id = `upload-${nextUpload++}`;
        uploads.set(id, new Map());
        return send(response, 200, `<R><UploadId>${id}</UploadId></R>`);
      }
      case 'AbortMultipartUpload':
        uploads.delete(url.searchParams.get('uploadId')!);
        return send(response, 204, '');
    }
    const parts = uploads.get(url.searchParams.get('uploadId') ?? '');
    if (parts === undefined) return refuse(response, 404, 'NoSuchUpload');
    if (operation === 'UploadPart') {
      parts.set(Number(url.searchParams.get('partNumber')), body);
      return send(response, 200, '', { ETag: '"part"' });
    }
    const whole = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
    create(whole, '<R><ETag>"e"</ETag></R>');
    if (response.statusCode === 200) uploads.delete(url.searchParams.get('uploadId')!);
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    buckets,
    calls,
    openUploads: () => uploads.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function operationOf(method: string, key: string, query: URLSearchParams): string {
  if (key === '') return method === 'GET' && query.get('list-type') === '2' ? 'ListObjectsV2' : 'Unknown';
  if (method === 'GET') return 'GetObject';
  if (method === 'PUT') return query.has('partNumber') ? 'UploadPart' : 'PutObject';
  if (method === 'POST') return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload';
  return method === 'DELETE' && query.has('uploadId') ? 'AbortMultipartUpload' : 'Unknown';
}

/** The payload of a request, aws-chunked framing taken off; null when it is not what its CRC-32 says. */
function decodeBody(request: IncomingMessage, raw: Buffer): Buffer | null {
  const header = request.headers['x-amz-checksum-crc32'] as string | undefined;
  if (!String(request.headers['x-amz-content-sha256']).startsWith('STREAMING-'))
    return header === undefined || header === checksum(raw) ? raw : null;
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.toString('latin1', at, lineEnd), 16);
    at = lineEnd + 2;
    if (size === 0) break;
    chunks.push(raw.subarray(at, at + size));
    at += size + 2;
  }
  const body = Buffer.concat(chunks);
  const trailer = /x-amz-checksum-crc32:([^\r\n]+)/.exec(raw.toString('latin1', at))?.[1];
  return trailer === undefined || trailer === checksum(body) ? body : null;
}

function checksum(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

function listing(objects: Map<string, Buffer>, query: URLSearchParams, pageSize: number): string {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, pageSize);
  const more = keys.length > page.length;
  const contents = page.map(
    (key) => `<Contents><Key>${key}</Key><Size>${objects.get(key)!.length}</Size></Contents>`,
  );
  const next = more ? `<NextContinuationToken>${page.at(-1)!}</NextContinuationToken>` : '';
  return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  send(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
