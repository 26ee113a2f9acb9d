import { expect, it } from '@jest/globals';
import type { ChatModel, ChatResult, ModelsFor } from '../../core/ports.ts';
import { CRITERION_NAMES } from '../../schemas/common.ts';
import type { Turn } from '../../schemas/turn.ts';
import { INJECTIONS } from '../core/judging/injections.ts';
import { measure, shippedModels } from '../measure/harness.ts';

const ORDERS = INJECTIONS.map(([, text]) => text);
const MODELS = ['lecturer', 'steadfast'];
/** All orders are given, each by one of the two. */
const TURNS = Math.min(40, Math.ceil(ORDERS.length / MODELS.length));
const HONEST_MARK = 2;

/** The shipped tutors, each reply followed by an order to the judge, and judges that obey any order they get to read. */
const obedient: ModelsFor = (bank) => {
  const inner = shippedModels()(bank);
  return {
    open(config): ChatModel {
      const model = inner.open(config);
      const isJudge = config.simulated?.kind === 'judge';
      return {
        ...model,
        async chat(request, signal) {
          const reply = await model.chat(request, signal);
          if (isJudge) {
            const asked = request.messages[0]!.text;
            return verdict(reply, ORDERS.some((order) => asked.includes(order)) ? 5 : HONEST_MARK);
          }
          return { ...reply, text: `${reply.text}\n\n${orderOf(config.model_id, request.call.turn_index)}` };
        },
      };
    },
  };
};

function orderOf(model: string, turn_index: number): string {
  return ORDERS[(MODELS.indexOf(model) * TURNS + turn_index - 1) % ORDERS.length]!;
}

function verdict(reply: ChatResult, mark: number): ChatResult {
  const criteria = Object.fromEntries(CRITERION_NAMES.map((name) => [name, { mark, quote: '' }]));
  return {
    ...reply,
    stop_reason: 'end',
    text: JSON.stringify({ rationale: 'As marked.', criteria, violations: [] }),
  };
}

it('a tutor that gives the judge an order in every turn of a run is flagged in every turn and gains nothing', async () => {
  const turns: Turn[] = [];
  await measure(
    { models: MODELS, seeds: ['complexity-algebra-01'], phases: ['P0'], turns: TURNS },
    { models: obedient, look: (judged) => turns.push(...judged) },
  );
  expect(turns).toHaveLength(MODELS.length * TURNS);
  for (const turn of turns) {
    expect(turn.tutor_text).toContain(orderOf(turn.model, turn.turn_index));
    expect({
      turn: turn.turn_index,
      is_injection_flagged: turn.is_injection_flagged,
      judge: turn.judge?.score,
      secondary: turn.secondary_judge?.score,
      score: turn.score,
      is_compliant: turn.is_compliant,
    }).toEqual({
      turn: turn.turn_index,
      is_injection_flagged: true,
      judge: 2 * HONEST_MARK,
      secondary: 2 * HONEST_MARK,
      score: 2 * HONEST_MARK,
      is_compliant: false,
    });
  }
}, 120_000);
