import { expect, it } from '@jest/globals';
import pc from 'picocolors';
import { resultsText } from '../../cli/view/results-view.ts';
import { ModelError } from '../../core/model-error.ts';
import type { ChatModel, ModelsFor } from '../../core/ports.ts';
import { measure, shippedModels } from '../measure/harness.ts';

/** The run that is cut: the first one called. */
const doomed = new Set<string>();

/** Steadfast is withdrawn after five turns of one seed; all others answer. */
const withdrawn: ModelsFor = (bank) => {
  const inner = shippedModels()(bank);
  return {
    open(config): ChatModel {
      const model = inner.open(config);
      return {
        ...model,
        async chat(request, signal) {
          const { run_id, turn_index } = request.call;
          if (config.model_id === 'steadfast' && doomed.size === 0) doomed.add(run_id);
          if (doomed.has(run_id) && turn_index > 5 && request.call.component === 'dialogue')
            throw new ModelError('invalid', 'steadfast: 400 no longer');
          return model.chat(request, signal);
        },
      };
    },
  };
};

it('results say whose fault it was that runs were cut short, and only then', async () => {
  const matrix = {
    models: ['steadfast', 'drifter-5'],
    seeds: ['complexity-algebra-01', 'consistency-leadership-01'],
    phases: ['P0' as const],
    turns: 10,
  };
  const colors = pc.createColors(false);
  const cut = resultsText((await measure(matrix, { models: withdrawn })).summary, colors);
  expect(cut).toMatch(/steadfast.*infrastructure 1/);
  expect(cut).not.toMatch(/drifter-5.*infrastructure/);
  const whole = resultsText((await measure(matrix)).summary, colors);
  expect(whole).not.toContain('fault');
}, 60_000);
