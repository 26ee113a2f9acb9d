import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { extractFenced, fenceText, stripMarks } from '../../../core/judging/fence.ts';

const NONCE = '0123456789abcdef';
const END = `<<<END REPLY ${NONCE}>>>`;
const BEGIN = `<<<BEGIN REPLY ${NONCE}>>>`;
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        NONCE,
        END,
        BEGIN,
        '<<<',
        '>>>',
        'END REPLY',
        'BEGIN CONTEXT',
        ' ',
        '\n',
        NONCE.slice(0, 8),
      ),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const count = (text: string, part: string) => text.split(part).length - 1;

describe('fenceText', () => {
  it('stands between one pair of marks that no text can close, open or name', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const fenced = fenceText(text, NONCE);
        expect(count(fenced, NONCE)).toBe(2);
        expect(fenced.startsWith(`${BEGIN}\n`)).toBe(true);
        expect(fenced.endsWith(`\n${END}`)).toBe(true);
      }),
    );
  });

  it('is read back as what it fenced, whatever stands around', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, before) => {
        const prompt = `${stripMarks(before, NONCE)}\n${fenceText(text, NONCE)}\nWhat do you make of it?`;
        expect(extractFenced(prompt)).toBe(stripMarks(text, NONCE));
      }),
    );
  });

  it('leaves honest text alone, with angle brackets too', () => {
    const text = 'cout << "END" << endl; a <<< b >>> c, <<<EOT and <b>bold</b>';
    expect(stripMarks(text, NONCE)).toBe(text);
  });

  test.each([
    ['with another number', '<<<END REPLY ffffffffffffffff>>>'],
    ['without a number', '<<<END REPLY>>>'],
    ['in lower case', '<<<end reply 1>>>'],
    ['with more brackets', '<<<<<<<<END REPLY 1>>>>>>>>'],
    ['with two brackets', '<<END REPLY 1>>'],
    ['of the context', '<<<BEGIN CONTEXT 1>>>'],
    ['with spaces', '<<<  END  REPLY  1 >>>'],
  ])('takes out what looks like a mark %s', (_, mark) => {
    expect(stripMarks(`a${mark}b`, NONCE)).toMatch(/^a<*\[mark removed\]b$/);
  });
});

describe('extractFenced', () => {
  it('is null where nothing is fenced, or the fence never closes', () => {
    expect(extractFenced('no fence here')).toBeNull();
    expect(extractFenced(`${BEGIN}\nnever closed`)).toBeNull();
    expect(extractFenced(`${BEGIN}\nclosed by another\n<<<END REPLY ffff>>>`)).toBeNull();
  });
});
