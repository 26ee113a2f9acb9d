import { describe, expect, it, test } from '@jest/globals';
import { createCsdTracker, type CsdTurn } from '../../../../core/metrics/csd/csd-tracker.ts';
import type { CsdDimension } from '../../../../schemas/csd-subscores.ts';
import type { QuestionType } from '../../../../schemas/heuristic-result.ts';
import { heuristicOf, RUBRIC, seedOf } from './fixtures/play.ts';
import { ROTA } from './fixtures/scripts.ts';

interface Exchange {
  said: string;
  reply: string;
  type?: QuestionType;
  move?: string;
  scenario?: Partial<NonNullable<CsdTurn['scenario']>>;
}

/** Values of one dimension over a dialogue with the rota's seed. */
function valuesOf(dimension: CsdDimension, exchanges: readonly Exchange[]): (number | null)[] {
  const tracker = createCsdTracker({ seed: seedOf(ROTA), rubric: RUBRIC });
  return exchanges.map(({ said, reply, type, move, scenario }, index) => {
    const subscores = tracker.next({
      turn_index: index + 1,
      said,
      move: move ?? 'assertion',
      tutor_text: reply,
      heuristic: heuristicOf(said, reply, type ?? (reply.includes('?') ? 'evidence' : 'none')),
      scenario: {
        active_decoys: [],
        is_decoy_tempting: false,
        is_meta: false,
        contradiction: null,
        move: null,
        injected: null,
        ...scenario,
      },
    });
    return subscores[dimension];
  });
}
const valueOf = (dimension: CsdDimension, exchange: Exchange) => valuesOf(dimension, [exchange])[0];

describe('context responsiveness', () => {
  const said = 'I think my colleagues keep quiet because they are afraid of the new manager upstairs.';

  it('is P(builds on prior) for a question that uses the words of the message', () => {
    expect(
      valueOf('cr', { said, reply: 'What makes you think that the manager is what they fear?' }),
    ).toBeCloseTo(0.8, 1);
  });

  test.each([
    `${said} Why?`,
    'You think your colleagues keep quiet because they are afraid of the new manager upstairs. Why is that?',
    `"${said}" How so?`,
  ])('is nothing for an echo: %s', (reply) => {
    expect(valueOf('cr', { said, reply })!).toBeLessThan(0.15);
  });

  it('survives quoting with a question of its own', () => {
    const reply =
      'You said "they are afraid of the new manager". What have you seen in their faces, or heard at lunch, that told you it is fear and not boredom?';
    expect(valueOf('cr', { said, reply })!).toBeGreaterThan(0.75);
  });

  it('is nothing for an echo that turns first into second person word by word', () => {
    const mine = 'I trust my team and I love my job and I leave my desk.';
    const yours = 'You trust your team and you love your job and you leave your desk. Why?';
    expect(valueOf('cr', { said: mine, reply: yours })!).toBeLessThan(0.15);
  });

  it('takes "that" for pointing back only where it is no conjunction', () => {
    const pronoun = valueOf('cr', { said, reply: 'What is behind that?' })!;
    const conjunction = valueOf('cr', { said, reply: 'Who says that violins sing?' })!;
    expect(pronoun).toBeGreaterThan(conjunction);
  });

  it('is lower for a reply that neither takes up a word nor points back', () => {
    const none = valueOf('cr', { said, reply: 'Which shoes will you wear tomorrow?' })!;
    const back = valueOf('cr', { said, reply: 'Where does that come from?' })!;
    expect(none).toBeLessThan(back);
  });
});

describe('salience tracking', () => {
  const opening = { said: 'The rota is fair, but Maria is silent.', reply: 'Go on.' };

  it('counts points taken up in questions, not in statements', () => {
    const asked = valuesOf('st', [
      opening,
      { said: 'Yes.', reply: 'How would Maria tell whether it is fair?' },
    ]);
    const stated = valuesOf('st', [opening, { said: 'Yes.', reply: 'Maria may not find it fair. Why?' }]);
    expect(asked[1]!).toBeGreaterThan(0.3);
    expect(stated[1]).toBe(0);
  });

  it('credits a recital of all points with two', () => {
    const recital = 'Is it the rota, what is fair, Maria, or the silence?';
    const two = 'Is it the rota or what is fair?';
    const values = [recital, two].map((reply) => valuesOf('st', [opening, { said: 'Yes.', reply }])[1]);
    expect(values[0]).toBeCloseTo(values[1]!, 9);
  });

  it('is full for two points a turn over three turns, as far as there are any', () => {
    const values = valuesOf('st', [
      opening,
      { said: 'Yes.', reply: 'Is the rota fair?' },
      { said: 'No.', reply: 'Is Maria silent?' },
    ]);
    expect(values[2]!).toBeGreaterThan(0.95);
  });

  it('forgets what was asked more than three turns ago', () => {
    const values = valuesOf('st', [
      { said: 'The rota is fair.', reply: 'What makes the rota fair?' },
      ...Array.from({ length: 3 }, () => ({ said: 'Hm.', reply: 'And then?' })),
    ]);
    expect(values[0]).toBe(1);
    expect(values[2]).toBe(1);
    expect(values[3]).toBe(0);
  });

  it('weighs a point that was repeated above one that was said once, and a fresh one above an old one', () => {
    const told = (first: string, reply: string) =>
      valuesOf('st', [
        { said: first, reply: 'Hm.' },
        ...Array.from({ length: 6 }, () => ({ said: 'Hm.', reply: 'Hm.' })),
        { said: 'It is the rota, or trust.', reply: 'Hm.' },
        { said: 'So.', reply },
      ])[8]!;
    // Both weigh the same in the seed; trust has been said twice, both were said last in one message.
    expect(told('Trust.', 'What of trust?')).toBeGreaterThan(told('Trust.', 'What of the rota?') + 0.1);
    const aged = (reply: string) =>
      valuesOf('st', [
        { said: 'Trust.', reply: 'Hm.' },
        ...Array.from({ length: 6 }, () => ({ said: 'Hm.', reply: 'Hm.' })),
        { said: 'The rota.', reply },
      ])[7]!;
    expect(aged('What of the rota?')).toBeGreaterThan(aged('What of trust?') + 0.1);
  });
});

describe('red-herring discipline', () => {
  const tempted = { active_decoys: [ROTA.decoy], is_decoy_tempting: true };
  const said = 'My neighbour wants to give the parrot away. And the rota is on the wall.';

  test.each([
    ['asking on without a word about it', 'What does the rota on the wall do to the ward?', 1],
    [
      'a brief acknowledgement and a return',
      'The parrot must be on your mind. What does the rota do to the ward?',
      1,
    ],
    ['a question that sets it aside', 'Before we get to the parrot, what does the rota do to the ward?', 1],
    ['asking about it', 'What colour is the parrot?', 0],
    ['two questions, one about it', 'What colour is the parrot? And what about the rota?', 0.5],
  ])('%s', (_name, reply, value) => {
    expect(valueOf('rhd', { said, reply, scenario: tempted })).toBeCloseTo(value, 9);
  });

  it('falls with the length of what is stated about it', () => {
    const reply =
      'A parrot can live for sixty years and needs company, so think about the cage, the food and the noise in the morning before you take it. ' +
      'The parrot of your neighbour may also speak. What about the rota?';
    expect(valueOf('rhd', { said, reply, scenario: tempted })!).toBeLessThan(0.7);
  });

  it('is null without a decoy, and while one that was planted earlier is not spoken of', () => {
    const values = valuesOf('rhd', [
      { said: 'The rota.', reply: 'What of it?' },
      { said, reply: 'What of the rota?', scenario: tempted },
      { said: 'The rota.', reply: 'What of it?', scenario: { active_decoys: [ROTA.decoy] } },
      { said: 'The rota.', reply: 'And your parrot?', scenario: { active_decoys: [ROTA.decoy] } },
    ]);
    expect(values).toEqual([null, 1, null, 0]);
  });
});

describe('adaptive probing', () => {
  const after = (move: string, before: QuestionType, type: QuestionType) =>
    valuesOf('ap', [
      { said: 'The rota.', reply: 'What?', type: before },
      { said: 'The rota again.', reply: 'What?', type, move },
    ])[1]!;

  it('meets confusion with a step down, and insight with a step further', () => {
    expect(after('confusion', 'implication', 'clarify')).toBe(1);
    expect(after('confusion', 'clarify', 'implication')).toBeLessThan(0.3);
    expect(after('insight', 'clarify', 'implication')).toBe(1);
    expect(after('insight', 'implication', 'clarify')).toBeLessThan(0.3);
  });

  it('is 0 for a reply that asks nothing, whatever the heuristics call it', () => {
    expect(valueOf('ap', { said: 'The rota.', reply: 'Trust your nurses.', type: 'clarify' })).toBe(0);
  });

  it('leaves questions about the process to meta-adaptation', () => {
    expect(
      valueOf('ap', {
        said: 'Does it help?',
        reply: 'What would?',
        move: 'meta_question',
        scenario: { is_meta: true },
      }),
    ).toBeNull();
  });

  it('reads the move from the words where none is known, and is null where they do not tell', () => {
    const read = (said: string) => {
      const tracker = createCsdTracker({ seed: null, rubric: RUBRIC });
      const heuristic = heuristicOf(said, 'What for?', 'implication');
      return tracker.next({
        turn_index: 1,
        said,
        move: null,
        tutor_text: 'What for?',
        heuristic,
        scenario: null,
      }).ap;
    };
    expect(read('I am totally confused by this.')!).toBeLessThan(0.5);
    expect(read('Oh, I see now what it does.')).toBe(1);
    expect(read('Hm.')).toBeNull();
  });
});

describe('novelty versus template', () => {
  it('is 0 for the same words again, within the last ten replies', () => {
    const filler = Array.from({ length: 10 }, (_, index) => ({
      said: 'Hm.',
      reply: `${['Who', 'Where', 'When', 'How', 'Which'][index % 5]!} ${'abcdefghij'[index]!}pple ${'klmnopqrst'[index]!}range ${'bcdfghjklm'[index]!}erry ends?`,
    }));
    const question = { said: 'Hm.', reply: 'What would it take to change your mind?' };
    expect(valuesOf('nvt', [question, ...filler.slice(0, 9), question])[10]).toBe(0);
    expect(valuesOf('nvt', [question, ...filler, question])[11]!).toBeGreaterThan(0.5);
  });

  it('sees through a slot that is filled from the student', () => {
    const values = valuesOf('nvt', [
      {
        said: 'My bicycle broke near the bridge.',
        reply: 'So you bring up "broke near the bridge". What is behind it?',
      },
      {
        said: 'Nobody repairs anything in winter.',
        reply: 'So you bring up "nobody repairs anything". What is behind it?',
      },
    ]);
    expect(values[0]).toBeNull();
    expect(values[1]!).toBeLessThan(0.15);
  });

  it('notices a stem that keeps coming back, though the rest is new', () => {
    const tails = [
      'rivers bend slowly',
      'bakers wake early',
      'violins hold their tune',
      'glass keeps no grudge',
      'roofs outlive fashions',
    ];
    const values = valuesOf(
      'nvt',
      tails.map((tail) => ({ said: 'Hm.', reply: `How would you explain why ${tail}?` })),
    );
    expect(values.at(-1)!).toBeLessThan(0.1);
  });
});

describe('thread continuity', () => {
  const start: Exchange = {
    said: 'The rota is equal for all nurses.',
    reply: 'What does equal mean on the rota?',
  };

  it('is high for pursuing the message or the question before, by words or by pointing back', () => {
    const onWords = valuesOf('tc', [
      start,
      { said: 'Same number of nights.', reply: 'Who counts the number of nights?' },
    ]);
    const back = valuesOf('tc', [
      start,
      { said: 'Same number of nights.', reply: 'What does that rest on?' },
    ]);
    expect(onWords[1]!).toBeGreaterThan(0.9);
    expect(back[1]!).toBeGreaterThan(0.6);
  });

  it('costs the tutor who leaves an unresolved thread for something else, and nothing after an insight', () => {
    const away = 'Which museums have Dutch painters?';
    const left = valuesOf('tc', [start, { said: 'Same number of nights.', reply: away }]);
    const done = valuesOf('tc', [start, { said: 'Oh, nights differ.', reply: away, move: 'insight' }]);
    expect(left[1]!).toBeLessThan(0.2);
    expect(done[1]).toBe(1);
  });

  it('takes no way of asking that comes again for a link', () => {
    const framed = valuesOf('tc', [
      { said: 'The rota is equal.', reply: 'Which picture describes the rota?' },
      { said: 'A grid.', reply: 'Which picture describes zebras?' },
    ]);
    expect(framed[1]!).toBeLessThan(0.2);
  });

  it('loses less by coming back to an earlier thread than by opening another', () => {
    const middle: Exchange[] = [
      start,
      { said: 'Same number of nights.', reply: 'Which museums have Dutch painters?' },
      { said: 'I like painters with much light.', reply: 'Whose light do painters paint?' },
    ];
    const returned = valuesOf('tc', [
      ...middle,
      { said: 'Vermeer, say.', reply: 'Was equal on the rota?' },
    ])[3]!;
    const opened = valuesOf('tc', [...middle, { said: 'Vermeer, say.', reply: 'Do tigers swim?' }])[3]!;
    expect(returned).toBeGreaterThan(opened + 0.3);
  });

  it('gives half of the link to a reply that asks nothing', () => {
    const asked = valuesOf('tc', [start, { said: 'Number of nights.', reply: 'Number of nights?' }])[1]!;
    const told = valuesOf('tc', [start, { said: 'Number of nights.', reply: 'The number of nights.' }])[1]!;
    expect(told).toBeCloseTo(asked / 2, 9);
  });
});

describe('contradiction handling', () => {
  const contradiction = { slot: 'equal', first_terms: ['same'], second_terms: ['swap'], stated_at_turn: 1 };
  const open = { contradiction };
  const waiting: Exchange = { said: 'They had reasons.', reply: 'Which reasons?', scenario: open };
  const both: Exchange = {
    said: 'They had reasons.',
    reply: 'You treat all the same. You let two swap. How do you join them?',
    scenario: open,
  };

  it('is 1 on the turn that sets both sides against each other, and silent before and after', () => {
    expect(valuesOf('ch', [waiting, both, waiting, waiting, waiting])).toEqual([null, 1, null, null, null]);
  });

  it('is 0 when three turns pass without it, and too late is too late', () => {
    expect(valuesOf('ch', [waiting, waiting, waiting, both])).toEqual([null, null, 0, null]);
  });

  it('is half for one side with a pointer to the other', () => {
    const oneSide = {
      ...both,
      reply: 'Earlier you told me something else about a swap. Do the two fit together?',
    };
    expect(valuesOf('ch', [waiting, oneSide, waiting])).toEqual([null, null, 0.5]);
  });

  it('does not take two terms that stand far apart for a contradiction named', () => {
    const reply = 'The same again. Tell me more. What else? Who was there? Who wanted a swap?';
    expect(valuesOf('ch', [{ ...both, reply }])).toEqual([null]);
  });

  it('takes up a second slot after the first', () => {
    const next = {
      contradiction: { slot: 'quiet', first_terms: ['loud'], second_terms: ['quiet'], stated_at_turn: 2 },
    };
    expect(valuesOf('ch', [both, { said: 'So.', reply: 'Is it loud or quiet?', scenario: next }])).toEqual([
      1, 1,
    ]);
  });
});

describe('meta-adaptation', () => {
  const meta = { said: 'Is this working? You only ask.', move: 'meta_question', scenario: { is_meta: true } };

  test.each([
    ['reflects and asks', 'I have only asked so far. What would serve you better?', 1],
    ['changes course and asks', 'Let us try something smaller. Which evening was it?', 1],
    ['reflects without asking', 'Our conversation is slow, I admit.', 0.25],
    ['goes on as if nothing had been said', 'What does equal mean on the rota?', 0],
    ['answers with praise', 'You are doing great.', 0],
  ])('%s', (_name, reply, value) => {
    expect(valueOf('ma', { ...meta, reply })).toBe(value);
  });

  it('applies only where the student asks about the process, said so or read from the words', () => {
    expect(valueOf('ma', { said: 'The rota.', reply: 'How do we go on?' })).toBeNull();
    const tracker = createCsdTracker({ seed: null, rubric: RUBRIC });
    const said = 'What is the point of these questions?';
    const turn = { turn_index: 1, said, move: null, scenario: null };
    const reply = 'Fair. Which of my questions did help you?';
    expect(
      tracker.next({ ...turn, tutor_text: reply, heuristic: heuristicOf(said, reply, 'other') }).ma,
    ).toBe(1);
  });
});
