import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { createSharedWindow } from '../../../../core/metrics/csd/shared-window.ts';

it('a shared window counts as intersecting with each of the last sets would', () => {
  const sets = fc.array(fc.uniqueArray(fc.nat(12)), { maxLength: 40 });
  fc.assert(
    fc.property(sets, fc.integer({ min: 1, max: 12 }), (pushed, length) => {
      const window = createSharedWindow<number>(length);
      const last: Set<number>[] = [];
      for (const elements of pushed) {
        const set = new Set(elements);
        const shared = window.sharedWith(set);
        const found = Array.from({ length: window.length }, (_, slot) => [shared[slot], window.sizeAt(slot)]);
        const expected = last.map((other) => [
          [...set].filter((element) => other.has(element)).length,
          other.size,
        ]);
        expect(found.toSorted()).toEqual(expected.toSorted());
        window.push(set);
        last.push(set);
        if (last.length > length) last.shift();
      }
    }),
  );
});
