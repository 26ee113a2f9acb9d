import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readNamedQueries } from '../glue/named-queries.ts';
import { dataDictionaryPage } from '../scripts/docs/data-dictionary.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');
/** Formatting changes blank lines and nothing else. */
const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

describe('generated pages', () => {
  it('docs/data-dictionary.md says what the schemas say (npx tsx scripts/reference-docs.ts renews it)', () => {
    expect(lines(page('data-dictionary.md'))).toEqual(lines(dataDictionaryPage()));
  });

  it('docs/queries.md has every saved query, its question, its SQL and an answer', () => {
    const text = page('queries.md');
    for (const { name, question, sql } of readNamedQueries(join(root, 'glue', 'queries'))) {
      expect(text).toContain(`## ${name}\n\n**${question}**`);
      expect(text).toContain(sql.replace(/^(?:--.*\n)+/, '').trim());
    }
    expect(text).not.toContain('No row on this lake');
  });
});
