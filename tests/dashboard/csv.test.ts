import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { csv } from '../../dashboard/src/export/csv.ts';

/** A reader of RFC 4180 that shares nothing with the writer. */
function read(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = '';
  let isQuoted = false;
  const body = text.replace(/^\uFEFF/, '');
  for (let at = 0; at < body.length; at += 1) {
    const unit = body[at]!;
    if (isQuoted) {
      if (unit === '"' && body[at + 1] === '"') {
        field += '"';
        at += 1;
      } else if (unit === '"') isQuoted = false;
      else field += unit;
    } else if (unit === '"') isQuoted = true;
    else if (unit === ',') {
      rows.at(-1)!.push(field);
      field = '';
    } else if (unit === '\r' && body[at + 1] === '\n') {
      rows.at(-1)!.push(field);
      field = '';
      rows.push([]);
      at += 1;
    } else field += unit;
  }
  rows.pop();
  return rows;
}

describe('a saved table', () => {
  it('is RFC 4180 with a byte order mark and CRLF, quotes doubled', () => {
    expect(csv(['a', 'b'], [['x, "y"', 'line\nbreak']])).toBe('\uFEFFa,b\r\n"x, ""y""","line\nbreak"\r\n');
  });

  it('leaves missing values empty and numbers as numbers, negative ones too', () => {
    expect(csv(['n'], [[-1.5], [null], [undefined], [Number.NaN], [true]])).toBe(
      '\uFEFFn\r\n-1.5\r\n\r\n\r\n\r\ntrue\r\n',
    );
  });

  test.each([
    '=HYPERLINK("http://x")',
    '+1+1',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '  =1',
    '\r=1',
    '\uFF1D1+1',
    '\u00A0=1',
  ])('keeps a spreadsheet from running %j', (formula) => {
    expect(read(csv(['text'], [[formula]]))[1]![0]).toBe(`'${formula}`);
  });

  it('reads back as it was, whatever the text, but for the apostrophe before a formula', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 2 }), { maxLength: 5 }),
        (rows) => {
          const back = read(csv(['a', 'b'], rows)).slice(1);
          expect(back.map((row) => row.map((text) => text.replace(/^'/, '')))).toEqual(
            rows.map((row) => row.map((text) => text.replace(/^'/, ''))),
          );
        },
      ),
    );
  });

  it('never begins a text cell with a sign that starts a formula', () => {
    fc.assert(
      fc.property(fc.constantFrom('=', '+', '-', '@', '\t', '\r'), fc.string(), (sign, rest) => {
        expect(read(csv(['a'], [[sign + rest]]))[1]![0]).toMatch(/^'/);
      }),
    );
  });
});
