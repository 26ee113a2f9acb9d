import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleCommand } from '../../cli/commands/bundle.ts';
import { publishCommand } from '../../cli/commands/publish.ts';
import { contextOf } from '../../cli/context.ts';
import { localFileSchema } from '../../schemas/dashboard-data.ts';
import { startS3Server, type S3Server } from '../servers/s3-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'socratic-site-'));
const lake = join(folder, 'lake');
const DATA = { 'index.json': '{"executions":[]}', 'runs/e-1.json': '{"runs":[]}', 'models/s/m.json': '{}' };
let out = '';

function contextFor(lakeOf: string) {
  out = '';
  return {
    ...contextOf({ lake: lakeOf }, process),
    out: (text: string) => void (out += text),
    err: () => undefined,
  };
}
function filesOf(root: string): string[] {
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

beforeAll(() => {
  for (const [path, text] of Object.entries(DATA)) {
    const file = join(lake, 'dashboard', 'data', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bundle', () => {
  const target = join(folder, 'bundle');
  beforeAll(() => bundleCommand({ out: target }, contextFor(lake)));

  it('holds the data as they are, and says that no API is behind it', () => {
    for (const [path, text] of Object.entries(DATA))
      expect(readFileSync(join(target, 'data', path), 'utf8')).toBe(text);
    const local = localFileSchema.parse(JSON.parse(readFileSync(join(target, 'data', 'local.json'), 'utf8')));
    expect(local).toEqual({ api_base: null, features: [], lake: null, version: null });
  });

  it('works at any path: every address in its page is relative and leads to a file of the bundle', () => {
    const html = readFileSync(join(target, 'index.html'), 'utf8');
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(addresses.length).toBeGreaterThan(2);
    for (const address of addresses) {
      expect(address).toMatch(/^\.\//);
      expect([address, existsSync(join(target, address))]).toEqual([address, true]);
    }
  });

  it('names no other server, but for the names of XML dialects', () => {
    for (const file of filesOf(target).filter((name) => /\.(?:js|css|html)$/.test(name))) {
      const text = readFileSync(join(target, file), 'utf8');
      const named = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([address]) => address);
      expect([file, named.filter((address) => address !== 'http://www.w3.org')]).toEqual([file, []]);
    }
  });

  it('is renewed in place, and takes no folder of somebody else', async () => {
    await bundleCommand({ out: target }, contextFor(lake));
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.txt'), 'mine');
    await expect(bundleCommand({ out: other }, contextFor(lake))).rejects.toMatchObject({ kind: 'usage' });
    expect(filesOf(other)).toEqual(['thesis.txt']);
  });

  it('of a lake without anything published says how to publish', async () => {
    await expect(
      bundleCommand({ out: join(folder, 'none') }, contextFor(join(folder, 'empty'))),
    ).rejects.toMatchObject({ kind: 'usage', hint: expect.stringContaining('reindex') });
  });
});

describe('publish', () => {
  let server: S3Server;
  const settings = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const before = new Map<string, string | undefined>();
  const order: string[] = [];
  let failures = 2;

  beforeAll(async () => {
    server = await startS3Server({
      buckets: ['the-site'],
      onCreated: (_bucket, key) => void order.push(key),
      fault: () => (failures-- > 0 ? { status: 503, code: 'SlowDown' } : null),
    });
    for (const [name, value] of Object.entries({ ...settings, AWS_ENDPOINT_URL_S3: server.url })) {
      before.set(name, process.env[name]);
      process.env[name] = value;
    }
  });
  afterAll(async () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    await server.close();
  });

  it('puts every page into the bucket and the page that names them last, through a throttling store', async () => {
    expect(await publishCommand({ bucket: 'the-site' }, contextFor(lake))).toBe(0);
    const objects = server.buckets.get('the-site')!;
    expect([...objects.keys()].filter((key) => key.startsWith('data/'))).toEqual([]);
    expect(order.at(-1)).toBe('index.html');
    const html = objects.get('index.html')!.toString();
    for (const [, address] of html.matchAll(/(?:src|href)="\.\/([^"]+)"/g))
      expect([...objects.keys()]).toContain(address);
    expect(out).toContain('s3://the-site');
  });

  it('without a bucket asks for one, and refuses what is no bucket', async () => {
    await expect(publishCommand({}, contextFor(lake))).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('--bucket'),
    });
    await expect(publishCommand({ bucket: '../x' }, contextFor(lake))).rejects.toMatchObject({
      kind: 'usage',
    });
  });
});
