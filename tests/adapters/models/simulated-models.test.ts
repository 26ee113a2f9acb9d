import { readFileSync } from 'node:fs';
import { createSimulatedModels } from '../../../adapters/models/simulated/simulated-models.ts';
import { fenceText } from '../../../core/judging/fence.ts';
import { phraseBankSchema } from '../../../schemas/phrase-bank.ts';
import { chatModelContract } from '../../contracts/chat-model.contract.ts';
import { configOf, requestOf, VERDICT_SCHEMA } from './fixtures.ts';

const bank = phraseBankSchema.parse(
  JSON.parse(readFileSync(new URL('../../../config/simulated/phrases-1.0.json', import.meta.url), 'utf8')),
);
const models = createSimulatedModels({ bank });

chatModelContract('a simulated tutor', async () => ({
  model: models.open(configOf('steadfast')),
  request: requestOf(),
  async [Symbol.asyncDispose]() {},
}));

chatModelContract('a simulated judge', async () => ({
  model: models.open(configOf('sim-judge')),
  request: requestOf({
    messages: [
      { role: 'user', text: `Mark this reply.\n${fenceText('Why is that so?', '0123456789abcdef')}` },
    ],
    output: { kind: 'json', name: 'verdict', schema: VERDICT_SCHEMA },
  }),
  async [Symbol.asyncDispose]() {},
}));
