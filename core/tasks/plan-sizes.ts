import type { PlanSizes } from '../cost/row-parts.ts';
import { judgeSystemPrompt } from '../judging/judge-prompt.ts';
import type { Measure } from './measure.ts';

/** What the cost estimate needs of a measure: the real prompts, seeds, phases and prices. */
export function planSizes(measure: Measure): PlanSizes {
  const { profile, models } = measure.manifest.content;
  const items = (measure.goldenSet ?? '').split('\n').filter((line) => line !== '');
  return {
    profile,
    models: new Map(models.map((model) => [model.model_id, model])),
    seeds: measure.seeds,
    phases: measure.phases,
    rubric: measure.rubric,
    script: measure.student,
    systemPromptChars: new Map(
      Object.entries(profile.variants).map(([name, variant]) => [
        variant.system_prompt,
        measure.systemPrompt(name).text.length,
      ]),
    ),
    judgePromptChars: judgeSystemPrompt(measure.judgeTemplate, measure.rubric).length,
    studentPromptChars: measure.studentTemplate.length,
    canary: {
      items: items.length,
      chars_per_item: items.length === 0 ? 0 : items.join('').length / items.length,
    },
    assumptions: measure.assumptions,
    awsPrices: measure.awsPrices,
  };
}
