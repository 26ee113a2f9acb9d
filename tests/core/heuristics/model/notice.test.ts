import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { model } from '../shipped.ts';

const notice = readFileSync(new URL('../../../../NOTICE', import.meta.url), 'utf8');

/** `Name …: authors, "title", venue, licence` with the address on the line below. */
const ENTRY = /^(?<name>[^\s:]+)[^:\n]*: (?<citation>[^\n]+)\n {2}\((?<url>https:\/\/[^)\s]+)\)$/gm;
const entries = [...notice.matchAll(ENTRY)].map(({ groups }) => groups as Record<string, string>);
const entriesOf = (dataset: string) => entries.filter(({ name }) => name!.toLowerCase() === dataset);

describe('attribution of the data that the shipped weights were trained on', () => {
  test.each(model.trained_on.map(({ dataset }) => dataset))(
    'NOTICE names %s with authors, venue, year, licence and address',
    (dataset) => {
      const own = entriesOf(dataset);
      expect(own.length).toBeGreaterThan(0);
      for (const { citation } of own) {
        expect(citation).toMatch(/\b(?:et al\.|Hearst)/);
        expect(citation).toMatch(/\b[A-Z][A-Za-z]+ 20\d\d\b/);
        expect(citation).toMatch(/, (?:CC BY(?:-SA)? \d\.\d|\(c\) 20\d\d [^,]+, MIT)$/);
      }
    },
  );

  it('names nothing else as trained on', () => {
    const trained = new Set(model.trained_on.map(({ dataset }) => dataset));
    expect(entries.filter(({ name }) => !trained.has(name!.toLowerCase()))).toEqual([]);
  });

  it('gives both sources of the two NCTE labels', () => {
    expect(entriesOf('ncte').map(({ url }) => url)).toEqual([
      'https://github.com/sterlingalic/funneling-focusing',
      'https://github.com/ddemszky/conversational-uptake',
    ]);
  });

  it('gives the address of every Creative Commons licence, the changes made, and the MIT notice with each holder', () => {
    for (const { citation } of entries) {
      const [, kind, version] = /CC (BY(?:-SA)?) (\d\.\d)$/.exec(citation!) ?? [];
      if (kind !== undefined)
        expect(notice).toContain(`https://creativecommons.org/licenses/${kind.toLowerCase()}/${version}/`);
      const [, year, holder] = /\(c\) (20\d\d) (.+), MIT$/.exec(citation!) ?? [];
      if (holder !== undefined)
        expect(notice.replaceAll('\n', ' ')).toContain(`Copyright (c) ${year} ${holder}`);
    }
    expect(notice).toContain('Changes made to these data');
    expect(notice).toContain('Permission is hereby granted, free of charge');
  });
});
