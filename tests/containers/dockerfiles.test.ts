import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');

/** Instructions of a Dockerfile without comments. */
const instructionsOf = (name: string) =>
  read(name)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

describe.each(['runner', 'judge'])('the image of the %s', (host) => {
  const instructions = instructionsOf(`Dockerfile.${host}`);
  const bundle = `dist/hosts/${host}/index.mjs`;

  it('is a base by argument and one bundled file, nothing installed', () => {
    expect(instructions.slice(0, 2)).toEqual([expect.stringMatching(/^ARG BASE=\S+$/), 'FROM ${BASE}']);
    expect(instructions.filter((line) => line.startsWith('COPY'))).toEqual([`COPY ${bundle} /app/index.mjs`]);
    expect(instructions.filter((line) => /^(RUN|ADD)/.test(line))).toEqual([]);
  });

  it('runs as nobody special and gets signals itself', () => {
    expect(instructions).toContain('USER 1000:1000');
    expect(instructions.at(-1)).toBe('ENTRYPOINT ["node", "/app/index.mjs"]');
  });

  it('finds its file in the build context', () => {
    expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['*', `!${bundle}`]));
    expect(existsSync(join(root, bundle))).toBe(true);
    // The base is some 80 MB packed; what is added must not matter beside it.
    expect(statSync(join(root, bundle)).size).toBeLessThan(5_000_000);
  });
});

describe('the image of the view', () => {
  const instructions = instructionsOf('Dockerfile.view');
  const context = read('Dockerfile.view.dockerignore').split('\n');

  it('installs the locked packages without their scripts, and runs as nobody special', () => {
    expect(instructions.filter((line) => line.startsWith('RUN npm'))).toEqual([
      expect.stringMatching(/^RUN npm ci --omit=dev --ignore-scripts/),
    ]);
    expect(instructions).toContain('USER 1000:1000');
    expect(instructions.at(-1)).toMatch(
      /^ENTRYPOINT \["node", "\/app\/dist\/cli\/main.js", "view", "--host"/,
    );
    expect(instructions.some((line) => line.startsWith('HEALTHCHECK') && line.includes('/healthz'))).toBe(
      true,
    );
  });

  it('finds all that it copies in its context, which leaves the other images theirs', () => {
    const copied = instructions
      .filter((line) => line.startsWith('COPY') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    for (const path of copied) {
      expect(existsSync(join(root, path))).toBe(true);
      expect(context.some((rule) => rule.startsWith(`!${path}`))).toBe(true);
    }
    expect(read('.dockerignore')).not.toContain('package.json');
  });
});
