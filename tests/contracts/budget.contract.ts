import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Budget } from '../../core/ports.ts';

/** One place that several workers account in. */
export interface SharedBudget {
  /** What a worker opens: independent of every other one, as in a process of its own. */
  worker(): Budget;
  close(): Promise<void>;
}

/** What every Budget promises (core/ports.ts). `make` gives an empty place. */
export function budgetContract(name: string, make: () => Promise<SharedBudget>): void {
  describe(`${name} keeps the Budget contract`, () => {
    const execution = 'weekly-2026-W47-0123456789ab';
    let place: SharedBudget;
    let budget: Budget;
    beforeEach(async () => {
      place = await make();
      budget = place.worker();
    });
    afterEach(() => place.close());

    it('reserves up to the cap and not beyond', async () => {
      await budget.open(execution, 1);
      expect(await budget.reserve(execution, 'a', 0.6)).not.toBeNull();
      expect(await budget.reserve(execution, 'b', 0.5)).toBeNull();
      expect(await budget.reserve(execution, 'b', 0.4)).not.toBeNull();
      expect(await budget.reserve(execution, 'a', 0.01)).toBeNull();
      expect(await budget.committed(execution)).toBeCloseTo(1, 9);
    });

    it('reaches a cap that decimal fractions only add up to nearly', async () => {
      await budget.open(execution, 0.3);
      for (let i = 0; i < 3; i++) expect(await budget.reserve(execution, 'a', 0.1)).not.toBeNull();
      expect(await budget.reserve(execution, 'a', 0.000_001)).toBeNull();
    });

    it('gives back what a settled call did not need', async () => {
      await budget.open(execution, 1);
      const first = await budget.reserve(execution, 'a', 0.9);
      await budget.settle(first!.reservation_id, 0.25);
      expect(await budget.committed(execution)).toBeCloseTo(0.25, 9);
      expect(await budget.reserve(execution, 'a', 0.75)).not.toBeNull();
    });

    it('counts a call that cost more than was reserved', async () => {
      await budget.open(execution, 1);
      const first = await budget.reserve(execution, 'a', 0.5);
      await budget.settle(first!.reservation_id, 1.5);
      expect(await budget.committed(execution)).toBeCloseTo(1.5, 9);
      expect(await budget.reserve(execution, 'a', 0.01)).toBeNull();
      expect(await budget.reserve(execution, 'free', 0)).toBeNull();
    });

    it('settles a reservation once: a repeat changes nothing', async () => {
      await budget.open(execution, 1);
      const first = await budget.reserve(execution, 'a', 0.5);
      await budget.settle(first!.reservation_id, 0.1);
      await place.worker().settle(first!.reservation_id, 0.1);
      expect(await place.worker().committed(execution)).toBeCloseTo(0.1, 9);
    });

    it('counts what a worker reserved and never settled as spent', async () => {
      await budget.open(execution, 1);
      await budget.reserve(execution, 'a', 0.7);
      const after = place.worker();
      expect(await after.committed(execution)).toBeCloseTo(0.7, 9);
      expect(await after.reserve(execution, 'a', 0.4)).toBeNull();
    });

    it('lets a reservation be settled by another worker', async () => {
      await budget.open(execution, 1);
      const held = await budget.reserve(execution, 'a', 1);
      const other = place.worker();
      await other.settle(held!.reservation_id, 0.2);
      expect(await budget.reserve(execution, 'a', 0.8)).not.toBeNull();
    });

    it('keeps executions apart', async () => {
      await budget.open(execution, 1);
      await budget.open('other', 1);
      await budget.reserve(execution, 'a', 1);
      expect(await budget.reserve('other', 'a', 1)).not.toBeNull();
      expect(await budget.committed('third')).toBe(0);
    });

    it('takes the first cap, lets it be raised, refuses to lower it', async () => {
      await budget.open(execution, 1);
      await place.worker().open(execution, 1);
      await expect(place.worker().open(execution, 0.5)).rejects.toMatchObject({ name: 'InvalidConfig' });
      await budget.reserve(execution, 'a', 1);
      await place.worker().open(execution, 2);
      expect(await budget.reserve(execution, 'a', 1)).not.toBeNull();
    });

    it('has nothing to reserve before it is opened', async () => {
      await expect(budget.reserve(execution, 'a', 0.1)).rejects.toMatchObject({ name: 'InvalidConfig' });
    });

    it('never lets racing workers exceed the cap together', async () => {
      await budget.open(execution, 1);
      const workers = Array.from({ length: 6 }, () => place.worker());
      const granted = await Promise.all(
        workers.flatMap((worker, w) =>
          Array.from({ length: 5 }, () => worker.reserve(execution, `model-${w}`, 0.09)),
        ),
      );
      expect(granted.filter((one) => one !== null)).toHaveLength(11);
      for (const worker of workers) expect(await worker.committed(execution)).toBeCloseTo(0.99, 9);
    });

    it('agrees with plain arithmetic over any sequence of workers and calls', async () => {
      const step = fc.record({
        worker: fc.nat(2),
        usd: fc.integer({ min: 0, max: 400 }),
        settles: fc.option(fc.nat(20)),
      });
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const id = `round-${round++}`;
          const workers = [place.worker(), place.worker(), place.worker()];
          await budget.open(id, 1);
          const held: { id: string; milli: number }[] = [];
          let milli = 0;
          for (const { worker, usd, settles } of steps) {
            const target = settles === null ? undefined : held[settles];
            if (target !== undefined) {
              const billed = Math.min(usd, target.milli);
              await workers[worker]!.settle(target.id, billed / 1000);
              milli += billed - target.milli;
              held.splice(held.indexOf(target), 1);
            } else {
              const got = await workers[worker]!.reserve(id, 'a', usd / 1000);
              expect(got !== null).toBe(milli + usd <= 1000);
              if (got !== null) {
                held.push({ id: got.reservation_id, milli: usd });
                milli += usd;
              }
            }
          }
          for (const worker of workers) expect(await worker.committed(id)).toBeCloseTo(milli / 1000, 6);
        }),
        { numRuns: 30 },
      );
    });
  });
}
