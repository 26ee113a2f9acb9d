import { beforeAll, describe, expect, it } from '@jest/globals';
import { ModelError } from '../../core/model-error.ts';
import type { ChatModel, ChatRequest, ModelsFor } from '../../core/ports.ts';
import { randomFrom } from '../../core/identity/random.ts';
import type { Variant } from '../../schemas/profile.ts';
import type { Turn } from '../../schemas/turn.ts';
import { measure, shippedModels, type Measured } from '../measure/harness.ts';

/** A model's answer to some calls instead of its own: text, or the error it throws. */
type Fault = (request: ChatRequest) => string | ModelError | null;

function faulty(faults: Readonly<Record<string, Fault>>): ModelsFor {
  return (bank) => {
    const inner = shippedModels()(bank);
    return {
      open(config): ChatModel {
        const model = inner.open(config);
        const fault = faults[config.model_id];
        return {
          ...model,
          async chat(request, signal) {
            const answer = fault?.(request) ?? null;
            if (answer instanceof ModelError) throw answer;
            const result = await model.chat(request, signal);
            return answer === null ? result : { ...result, text: answer, stop_reason: 'end' };
          },
        };
      },
    };
  };
}

interface Week extends Measured {
  turns: Turn[];
}

const MATRIX = {
  models: ['steadfast', 'drifter-5'],
  seeds: ['complexity-algebra-01', 'consistency-leadership-01'],
  phases: ['P0' as const],
  turns: 12,
};

async function play(models: ModelsFor, matrix: Partial<Parameters<typeof measure>[0]> = {}): Promise<Week> {
  const turns: Turn[] = [];
  const measured = await measure(
    { ...MATRIX, ...matrix },
    { models, look: (judged) => turns.push(...judged) },
  );
  return { ...measured, turns };
}

/** The same three turns in ten, whatever is asked first and however often. */
const isDrawn = ({ call }: ChatRequest) => randomFrom(`fails:${call.run_id}:${call.turn_index}`)() < 0.3;
const failing: Fault = (request) => (isDrawn(request) ? 'I give it a good mark.' : null);

describe('judges that answer 3 turns in 10 with nothing that can be read', () => {
  let clean: Week;
  let disturbed: Week;
  beforeAll(async () => {
    clean = await play(faulty({}));
    disturbed = await play(faulty({ 'sim-judge': failing, 'sim-judge-2': failing }));
  }, 120_000);

  it('leave those turns unscored, fault judge, never 0 and never dropped', () => {
    expect(disturbed.turns).toHaveLength(clean.turns.length);
    const unscored = disturbed.turns.filter((turn) => turn.scored_by === 'unscored');
    expect(unscored.length / disturbed.turns.length).toBeGreaterThan(0.15);
    for (const turn of unscored)
      expect(turn).toMatchObject({ score: null, is_compliant: null, unscored_reason: 'judge' });
  });

  it('leave the score of every judged turn as it is', () => {
    const score = (week: Week) =>
      new Map(week.turns.map((turn) => [`${turn.run_id} ${turn.turn_index}`, turn.score]));
    const [before, after] = [score(clean), score(disturbed)];
    const changed = [...after].filter(([turn, value]) => value !== null && value !== before.get(turn));
    expect(changed).toEqual([]);
  });

  it('censor the runs they spoilt, reason and fault judge; no half-life is lost to them', () => {
    const spoilt = disturbed.runs.filter((run) => run.n_turns - run.n_scored_turns > 0.2 * run.n_turns);
    expect(spoilt.length).toBeGreaterThan(0);
    for (const run of spoilt)
      expect(run).toMatchObject({ ended: 'censored', censor_reason: 'judge', fault: 'judge' });
    for (const run of disturbed.runs.filter(({ model }) => model === 'steadfast'))
      expect(run.half_life_turn).toBeNull();
    for (const run of disturbed.runs) {
      const twin = clean.runs.find(({ run_id }) => run_id === run.run_id)!;
      expect(run.compliance_rate).toBeGreaterThan(twin.compliance_rate! - 0.25);
    }
  });
});

describe("a student's model that fails", () => {
  const played: Record<string, Variant> = {
    main: {
      system_prompt: 'soc-1.2',
      student: 'model',
      student_model: 'sim-judge',
      pad: 'grow',
      pressure: 'on',
    },
  };

  it('ends the run, fault student, and the turns before it keep their scores: the tutor is not lowered', async () => {
    const speaks: Fault = ({ call }) =>
      call.component !== 'student'
        ? null
        : call.turn_index > 6
          ? new ModelError('invalid', 'sim-judge: 400 no')
          : 'I am not sure. Why would that follow?';
    const week = await play(faulty({ 'sim-judge': speaks }), { models: ['steadfast'], variants: played });
    expect(week.runs).toHaveLength(MATRIX.seeds.length);
    for (const run of week.runs) {
      expect(run).toMatchObject({
        ended: 'censored',
        censor_reason: 'student',
        fault: 'student',
        n_turns: 6,
        half_life_turn: null,
      });
      expect(run.mean_score).toBeGreaterThan(7);
    }
  }, 60_000);
});
