import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { affordableBlocks, type PricedRow } from '../../../core/cost/affordable-blocks.ts';

/** Blocks of two models; the fourth phase costs most. */
const rows: PricedRow[] = Array.from({ length: 12 }, (_, block) => block).flatMap((block) =>
  [1, 2].map(() => ({
    block,
    estimated_usd: block % 4 === 3 ? 3 : 0.5,
    judging_estimated_usd: 0.25,
    worst_call_usd: 0.1,
  })),
);

describe('affordableBlocks', () => {
  it('takes the blocks of a plan in order until one does not fit, and no cheap one behind it', () => {
    // Blocks 0–2 cost 1.5 each, block 3 costs 6.5; a call may cost 0.1.
    const { blocks, expected_usd, next_block_usd } = affordableBlocks(rows, 0.5, 9);
    expect([...blocks]).toEqual([0, 1, 2]);
    expect([expected_usd, next_block_usd]).toEqual([5, 6.6]);
  });

  it('keeps the judges their part: dialogues begin until the rest of the cap is theirs', () => {
    expect(affordableBlocks(rows, 0.5, 9).dialogues_until_usd).toBe(9 - 0.5 - 3 * 2 * 0.25);
  });

  it('takes a block only where its last call can still be reserved', () => {
    expect(affordableBlocks(rows, 0, 1.55).blocks.size).toBe(0);
    expect(affordableBlocks(rows, 0, 1.65).blocks.size).toBe(1);
  });

  it('leaves out nothing that costs nothing, whatever the cap', () => {
    const free = rows.map((row) => ({
      ...row,
      estimated_usd: 0,
      judging_estimated_usd: 0,
      worst_call_usd: 0,
    }));
    expect(affordableBlocks(free, 0, 0)).toMatchObject({ next_block_usd: null });
    expect(affordableBlocks(free, 0, 0).blocks.size).toBe(12);
  });

  it('never expects to spend more than the cap, and takes no fewer blocks under a higher one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 40, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (cap, more) => {
          const { blocks, expected_usd } = affordableBlocks(rows, 0, cap);
          expect(expected_usd).toBeLessThanOrEqual(cap);
          expect(affordableBlocks(rows, 0, cap + more).blocks.size).toBeGreaterThanOrEqual(blocks.size);
        },
      ),
    );
  });
});
