import { describe, expect, it } from '@jest/globals';
import { createSimulatedModels } from '../../../adapters/models/simulated/simulated-models.ts';
import { estimateRow } from '../../../core/cost/estimate-plan.ts';
import { costUsd } from '../../../core/cost/price-of-usage.ts';
import { createStudent } from '../../../core/dialogue/student.ts';
import { readReply } from '../../../core/heuristics/read-reply.ts';
import type { ChatMessage } from '../../../core/ports.ts';
import { phraseBankSchema } from '../../../schemas/phrase-bank.ts';
import { model, planOf, readConfig, studentScript } from './fixtures.ts';

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
  let usd = 0;
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
    usd += costUsd(answer.usage, tutor.config);
  }
  return usd;
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

  it.each(metered)('of %s lies within 10%% of the bill', async (id) => {
    let predicted = 0;
    let spent = 0;
    for (const row of rows.filter((one) => one.cell.model === id)) {
      predicted += estimateRow(row, sizes).likely.usd;
      spent += await billed(id, row.cell.seed_id, row.cell.phase, sizes);
    }
    expect(spent).toBeGreaterThan(0);
    expect(Math.abs(predicted / spent - 1)).toBeLessThan(0.1);
  });
});
