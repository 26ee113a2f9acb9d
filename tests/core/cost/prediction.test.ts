import { beforeAll, describe, expect, it } from '@jest/globals';
import { createSimulatedModels } from '../../../adapters/models/simulated/simulated-models.ts';
import { estimateRow } from '../../../core/cost/row-parts.ts';
import { sentTokens } from '../../../core/cost/estimate.ts';
import { costUsd } from '../../../core/cost/price-of-usage.ts';
import { createStudent } from '../../../core/dialogue/student.ts';
import { readReply } from '../../../core/heuristics/read-reply.ts';
import type { ChatMessage } from '../../../core/ports.ts';
import { phraseBankSchema } from '../../../schemas/phrase-bank.ts';
import { assumptions, model, planOf, readConfig, studentScript } from './fixtures.ts';

const simulated = createSimulatedModels({
  bank: phraseBankSchema.parse(JSON.parse(readConfig('simulated/phrases-1.0.json'))),
});
const system = readConfig('prompts/system/soc-1.2.txt');

/** Holds one dialogue with a metered tutor and adds up what was billed. */
async function billed(
  modelId: string,
  seed_id: string,
  phase: string,
  sizes: ReturnType<typeof planOf>['sizes'],
) {
  const profile = sizes.phases.profiles.find((one) => one.phase === phase)!;
  const tutor = simulated.open(model(modelId));
  const student = createStudent({
    seed: sizes.seeds.get(seed_id)!,
    phase: profile,
    variant: { pad: 'grow', pressure: 'on' },
    turns: profile.target_turns,
    script: studentScript,
    charsPerToken: sizes.phases.chars_per_token,
    systemPromptChars: system.length,
  });
  const messages: ChatMessage[] = [];
  let reply: string | null = null;
  const bill = { usd: 0, uncached_usd: 0, output_tokens: 0, turns: profile.target_turns };
  for (let turn_index = 1; turn_index <= profile.target_turns; turn_index += 1) {
    const said = student.next(reply === null ? null : readReply(reply), reply);
    messages.push({ role: 'user', text: said.student.text });
    const answer = await tutor.chat({
      system,
      messages,
      temperature: 0.7,
      max_output_tokens: tutor.config.max_output_tokens,
      output: { kind: 'text' },
      call: { execution_id: 'x', run_id: `${seed_id}-${phase}`, turn_index, component: 'dialogue', ask: 1 },
      hints: said.hints,
    });
    messages.push({ role: 'assistant', text: answer.text });
    reply = answer.text;
    bill.usd += costUsd(answer.usage, tutor.config);
    bill.output_tokens += answer.usage.output_tokens;
    bill.uncached_usd += costUsd(
      {
        ...answer.usage,
        input_tokens: sentTokens(answer.usage),
        cache_read_tokens: 0,
        cache_write_tokens: 0,
      },
      tutor.config,
    );
  }
  return bill;
}

interface Billed {
  model: string;
  phase: string;
  predicted_usd: number;
  usd: number;
  uncached_usd: number;
  output_tokens: number;
  turns: number;
}

describe('the predicted cost of dialogues with metered tutors', () => {
  const metered = [
    'metered-sonnet-4-6',
    'metered-haiku-4-5',
    'metered-nova-pro',
    'metered-nova-lite',
    'metered-llama-4-maverick',
  ];
  const { rows, sizes } = planOf('weekly-bedrock', (profile) => ({
    ...profile,
    models: metered,
    temperatures: [0.7],
  }));

  const bills: Billed[] = [];
  beforeAll(async () => {
    for (const row of rows) {
      const { model: id, seed_id, phase } = row.cell;
      bills.push({
        model: id,
        phase,
        predicted_usd: estimateRow(row, sizes).likely.usd,
        ...(await billed(id, seed_id, phase, sizes)),
      });
    }
  }, 60_000);
  const total = (
    of: readonly Billed[],
    key: 'predicted_usd' | 'usd' | 'uncached_usd' | 'output_tokens' | 'turns',
  ) => of.reduce((sum, bill) => sum + bill[key], 0);
  const error = (of: readonly Billed[]) => Math.abs(total(of, 'predicted_usd') / total(of, 'usd') - 1);

  it.each(metered)('of %s lies within 10%% of the bill', (id) => {
    const own = bills.filter((bill) => bill.model === id);
    expect(total(own, 'usd')).toBeGreaterThan(0);
    expect(error(own)).toBeLessThan(0.1);
  });

  it.each(['P0', 'P1', 'P2', 'P3'])('in %s lies within 10%% of the bill', (phase) => {
    expect(error(bills.filter((bill) => bill.phase === phase))).toBeLessThan(0.1);
  });

  it('assumes the replies that simulated tutors give, within a tenth', () => {
    const measured = total(bills, 'output_tokens') / total(bills, 'turns');
    expect(Math.abs(assumptions.simulated_reply_tokens / measured - 1)).toBeLessThan(0.1);
  });

  it.each(['metered-sonnet-4-6', 'metered-haiku-4-5'])(
    'of %s is billed in P3 at less than 0.30 of what it costs without prompt caching',
    (id) => {
      const own = bills.filter((bill) => bill.model === id && bill.phase === 'P3');
      expect(total(own, 'usd') / total(own, 'uncached_usd')).toBeLessThan(0.3);
    },
  );
});
