import { describe, expect, it } from '@jest/globals';
import { payForCall } from '../../../core/tasks/pay-for-call.ts';
import type { ChatResult } from '../../../core/ports.ts';
import { configOf, modelOf, requestOf, RESULT } from '../../adapters/models/fixtures.ts';
import { clock, createFakeBudget, GO_ON } from './bench.ts';
import { FakeStore } from './fake-store.ts';

/** $1 and $10 a million, so that token counts can be read off. */
const PRICED = configOf('gpt-4o-mini', { usd_per_1m_input_tokens: 1, usd_per_1m_output_tokens: 10 });
const NONE = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
const CHARS = requestOf().messages.reduce((sum, { text }) => sum + text.length, requestOf().system.length);

async function paid(answer: Partial<ChatResult>, config = PRICED) {
  const budget = createFakeBudget();
  const call = await payForCall(
    { store: new FakeStore(new Map()), budget, clock },
    modelOf(async () => ({ ...RESULT, ...answer }), config),
    { request: requestOf(), worst_usd: 1, week: '2026-W47', phase: 'P0' },
    GO_ON.abort,
  );
  return { ...call!, settled_usd: await budget.committed('exec-1') };
}

describe('an answer whose provider tells no usage', () => {
  it('is counted by its texts, in the record, the ledger and the budget', async () => {
    const { result, row, settled_usd } = await paid({ text: 'x'.repeat(400), usage: NONE });
    const input_tokens = Math.ceil((CHARS / 4) * 1.35);
    expect(result.usage).toMatchObject({ input_tokens, output_tokens: 135 });
    expect(row).toMatchObject({ input_tokens, output_tokens: 135, is_estimated: true });
    expect(row.cost_usd).toBeCloseTo((input_tokens + 135 * 10) / 1e6, 12);
    expect(settled_usd).toBe(row.cost_usd);
  });

  it('is counted with all it was allowed where it was cut, or with what the provider did tell', async () => {
    const cut = await paid({ text: '', stop_reason: 'length', usage: NONE });
    expect(cut.row.output_tokens).toBe(300);
    const told = await paid({ text: 'Why?', usage: { ...NONE, output_tokens: 77 } });
    expect(told.row).toMatchObject({ output_tokens: 77, is_estimated: true });
  });

  it('is as told where all of its input was cached, and where the model is simulated', async () => {
    const cached = await paid({ usage: { ...NONE, cache_read_tokens: 9 } });
    expect(cached.row).toMatchObject({ input_tokens: 0, cache_read_tokens: 9, is_estimated: false });
    const simulated = await paid({ usage: NONE }, { ...PRICED, provider: 'simulated' });
    expect(simulated.row).toMatchObject({ ...NONE, cost_usd: 0, is_estimated: false });
  });
});
