import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { denseFeatures, FEATURE_NAMES } from '../../../../core/heuristics/model/dense-features.ts';
import { compilePredictor } from '../../../../core/heuristics/model/predict.ts';
import { readTurn } from '../../../../core/heuristics/read-turn.ts';
import { heuristicsModelSchema, MODEL_TASKS } from '../../../../schemas/heuristics-model.ts';
import { context, model } from '../shipped.ts';

const predict = compilePredictor(model);
const of = (tutor: string, said: string, reference_answer: string | null = null) =>
  predict(readTurn(tutor, 'end', context(said, { reference_answer })));

describe('the shipped models', () => {
  it('tell telling from asking, in subjects they were and were not trained on', () => {
    const pairs: [string, string, string][] = [
      ['I got 15.', 'You need to multiply 5 by 4, which gives 20.', 'How did you get 15?'],
      ['What is the word for tree?', 'The word for tree is "albero".', 'Do you remember the word for tree?'],
      [
        'The loop skips items.',
        'Removing an item shifts the others, so the index skips one.',
        'What happens to the index then?',
      ],
      ['Nobody trusts me.', 'Trust comes from keeping small promises over time.', 'What makes you say that?'],
    ];
    for (const [said, told, asked] of pairs) {
      expect(of(told, said).telling).toBeGreaterThan(of(asked, said).telling + 0.2);
    }
  });

  it('see the reference answer', () => {
    const said = 'I think it is 15.';
    const named = of('Almost! 5 times 4 equals 20, so he has 20 apples.', said, '20').reveals_answer;
    const kept = of('Almost! What do you get for 5 times 4?', said, '20').reveals_answer;
    expect(named).toBeGreaterThan(0.5);
    expect(kept).toBeLessThan(0.1);
  });

  it('see whether the student’s words are taken up', () => {
    const said = 'You add the numerators because the pieces are the same size.';
    const taken = of(
      'So the pieces are the same size, and that is why you add the numerators. What if they were not?',
      said,
    );
    const passed = of('Okay. Student F, number seven.', said);
    expect(taken.builds_on_prior).toBeGreaterThan(passed.builds_on_prior + 0.3);
  });

  it('see that asking for one number leads more than asking for a reason', () => {
    const said = 'I multiplied by 4.';
    expect(of('And how many tens is that?', said).leading).toBeGreaterThan(
      of('Why did you multiply by 4? Explain your thinking.', said).leading + 0.2,
    );
  });

  it('give probabilities for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ maxLength: 100 }),
        (tutor, said) => {
          const probabilities = of(tutor, said, said);
          for (const task of MODEL_TASKS) {
            expect(probabilities[task]).toBeGreaterThanOrEqual(0);
            expect(probabilities[task]).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});

describe('dense features', () => {
  it('have one finite value a name', () => {
    const vector = denseFeatures(
      readTurn('Why 3/4? It is = 0.75.', 'end', context('I said 0.75 because I divided.')),
    );
    expect(vector).toHaveLength(FEATURE_NAMES.length);
    expect(new Set(FEATURE_NAMES).size).toBe(FEATURE_NAMES.length);
    expect(vector.every(Number.isFinite)).toBe(true);
  });

  it('of a long reply stay in their places', () => {
    const short = denseFeatures(readTurn('Why?', 'end', context('a')));
    expect(short[FEATURE_NAMES.indexOf('ends_on_question')]).toBe(1);
    expect(short[FEATURE_NAMES.indexOf('share_question')]).toBe(1);
    expect(short[FEATURE_NAMES.indexOf('said_words')]).toBeCloseTo(Math.log1p(1));
  });
});

describe('an artefact that does not fit', () => {
  it('is refused when trained for other features', () => {
    expect(() => compilePredictor({ ...model, feature_schema_version: 0 })).toThrow(/trained for features 0/);
    expect(() => compilePredictor({ ...model, dense_features: model.dense_features.slice(1) })).toThrow(
      /this version computes/,
    );
  });

  it('is refused when a tree could walk in a circle', () => {
    const spoilt = structuredClone(model);
    const { feature, right } = spoilt.tasks.telling.forest;
    right[feature.findIndex((split) => split >= 0)] = 0;
    expect(heuristicsModelSchema.safeParse(spoilt).success).toBe(false);
  });

  it('is refused when a weight is not a number', () => {
    const spoilt = structuredClone(model);
    spoilt.tasks.leading.ngram_weights[0] = Number.NaN;
    expect(heuristicsModelSchema.safeParse(spoilt).success).toBe(false);
  });
});
