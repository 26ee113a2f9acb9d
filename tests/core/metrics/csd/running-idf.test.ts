import { describe, expect, it } from '@jest/globals';
import { createRunningIdf } from '../../../../core/metrics/csd/running-idf.ts';

describe('document frequency over a dialogue', () => {
  it('makes a word rarer in messages weigh more, an unseen one most', () => {
    const idf = createRunningIdf();
    idf.observe(new Set(['rota', 'fair']));
    idf.observe(new Set(['rota', 'night']));
    idf.observe(new Set(['rota']));
    expect(idf.idf('unseen')).toBeGreaterThan(idf.idf('night'));
    expect(idf.idf('night')).toBeGreaterThan(idf.idf('rota'));
    expect(idf.idf('rota')).toBeGreaterThan(0);
    expect(idf.idf('rota')).toBeCloseTo(Math.log(2), 12);
  });

  it('adds up over the stems that both sides hold', () => {
    const idf = createRunningIdf();
    idf.observe(new Set(['a', 'b', 'c']));
    expect(idf.sharedMass(new Set(['a', 'b', 'x']), new Set(['b', 'a', 'y']))).toBeCloseTo(
      idf.mass(['a', 'b']),
      12,
    );
    expect(idf.sharedMass(new Set(), new Set(['a']))).toBe(0);
  });

  it('forgets the words not used for longest when it is full', () => {
    const idf = createRunningIdf();
    idf.observe(new Set(['old']));
    idf.observe(new Set(['kept']));
    for (let index = 0; index < 5000; index += 1) idf.observe(new Set([`w${index}`, 'kept']));
    expect(idf.idf('kept')).toBeLessThan(1);
    expect(idf.idf('old')).toBe(idf.idf('never seen'));
    expect(idf.size).toBeLessThanOrEqual(4096);
  });
});
