import { describe, expect, it } from '@jest/globals';
import { createTemplateClusterer } from '../../../core/metrics/template-clusters.ts';
import { FRACTIONS, ROTA } from './csd/fixtures/scripts.ts';
import { createSound, DEFECTIVE, type Tutor } from './csd/fixtures/tutors.ts';
import { play } from './csd/fixtures/play.ts';

function clusterOf(tutors: readonly (() => Tutor)[]) {
  const clusterer = createTemplateClusterer();
  for (const [number, make] of tutors.entries()) {
    for (const script of [ROTA, FRACTIONS]) {
      for (const { input } of play(script, make()).turns) {
        clusterer.add({
          run_id: `${script.domain}-${number}`,
          turn_index: input.turn_index,
          said: input.said,
          tutor_text: input.tutor_text,
        });
      }
    }
  }
  return clusterer;
}

describe('template clusters', () => {
  it('find one stem that is filled anew in every turn of two subjects', () => {
    const clusters = clusterOf([DEFECTIVE.template]).clusters(5);
    expect(clusters.some(({ n_runs }) => n_runs === 2)).toBe(true);
    for (const { template } of clusters)
      expect(template).toMatch(/^what .* you think of … when it comes to /);
  });

  it('lie far apart in share of turns between a template tutor and a sound one', () => {
    const template = clusterOf([DEFECTIVE.template]).templateFrac(5)!;
    const sound = clusterOf([createSound]).templateFrac(5)!;
    expect(template).toBeGreaterThan(0.6);
    expect(sound).toBeLessThan(0.25);
  });

  it('count replies that differ only in what they take up from the student', () => {
    const clusterer = createTemplateClusterer();
    const focuses = ['the broken bridge', 'my late homework', 'seven green bottles', 'a song without words'];
    for (const [index, focus] of focuses.entries()) {
      clusterer.add({
        run_id: `r${index}`,
        turn_index: 1,
        said: `I keep thinking about ${focus}.`,
        tutor_text: `Let us stay here a moment. What would ${focus} look like to a stranger?`,
      });
    }
    expect(clusterer.clusters(2)).toEqual([
      {
        template: 'let us stay here a moment what would … look like to a stranger',
        n_turns: 4,
        n_runs: 4,
        example: { run_id: 'r0', turn_index: 1 },
      },
    ]);
  });

  it('leave replies apart that share a subject but no form', () => {
    const clusterer = createTemplateClusterer();
    const replies = [
      'How do you know that the bridge is broken?',
      'Who else has looked at the bridge?',
      'If the bridge held, what would be different tomorrow?',
    ];
    for (const tutor_text of replies) {
      clusterer.add({ run_id: 'r', turn_index: 1, said: 'Nobody crosses any more.', tutor_text });
    }
    expect(clusterer.clusters(2)).toEqual([]);
    expect(clusterer.templateFrac(2)).toBe(0);
  });

  it('say nothing about no turns, and count empty replies as no template', () => {
    const clusterer = createTemplateClusterer();
    expect(clusterer.templateFrac(1)).toBeNull();
    clusterer.add({ run_id: 'r', turn_index: 1, said: 'a', tutor_text: '' });
    expect(clusterer.clusters(1)).toEqual([]);
  });

  it('hold a bounded number of clusters however many different replies come, and keep the ones that recur', () => {
    const clusterer = createTemplateClusterer();
    const words = (seed: number) =>
      Array.from({ length: 5 }, (_, index) => `w${(seed * 31 + index * 17) ** 2 % 99991}`).join(' ');
    const add = (tutor_text: string) => clusterer.add({ run_id: 'r', turn_index: 1, said: '', tutor_text });
    for (let turn = 0; turn < 10_500; turn += 1) {
      add(`${words(turn)}?`);
      if (turn % 100 === 0) add('So, what is really at stake for you here?');
      if (turn > 10_400) add('Where do you draw the line between the two of them?');
    }
    expect(clusterer.size).toBeLessThanOrEqual(10_000);
    expect(clusterer.clusters(90).map(({ n_turns }) => n_turns)).toEqual([105, 99]);
  });
});
