import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createStudent } from '../../../core/dialogue/student.ts';
import type { StudentReply } from '../../../core/dialogue/scene.ts';
import { studentTurnSchema } from '../../../schemas/turn.ts';
import {
  asks,
  converse,
  LEFT_OPEN,
  light,
  optionsOf,
  phaseOf,
  phases,
  saidIn,
  script,
  seedOf,
  seeds,
  TUTORS,
  type TutorName,
} from './fixtures.ts';

const TUTOR_NAMES = Object.keys(TUTORS) as TutorName[];
const movesOf = (replies: readonly StudentReply[]) => replies.map(({ student }) => student.move);

describe('a scripted student', () => {
  it('opens with the statement of the seed', () => {
    const { student } = createStudent(optionsOf({ phase: phaseOf('1.0/P0') })).next(null, null);
    expect(student.text.startsWith(seedOf(0).student_statement)).toBe(true);
    expect(student.said_chars).toBe(seedOf(0).student_statement.length);
    expect(student.move).toBe('assertion');
  });

  it('gives valid records and never an empty message, whatever the tutor does', () => {
    for (const [, phase] of phases)
      for (const name of TUTOR_NAMES)
        for (const reply of converse(
          optionsOf({ phase: light(phase), seed: seedOf(phase.target_turns) }),
          TUTORS[name],
        )) {
          expect(studentTurnSchema.safeParse(reply.student).success).toBe(true);
          expect(saidIn(reply)).toMatch(/\p{L}{2}/u);
          expect(LEFT_OPEN.test(saidIn(reply))).toBe(false);
        }
  });

  it('says the same again when the stored replies are fed to it again, from any point on', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...TUTOR_NAMES), { minLength: 19, maxLength: 19 }),
        fc.nat(seeds.length - 1),
        fc.constantFrom('1.0/P1', '1.0/P2'),
        fc.constantFrom('grow' as const, 'prefill' as const),
        (names, seed, phase, pad) => {
          const options = optionsOf({
            phase: phaseOf(phase),
            seed: seedOf(seed),
            variant: { pad, pressure: 'on' },
          });
          const stored: { text: string; reading: Parameters<ReturnType<typeof createStudent>['next']>[0] }[] =
            [];
          const first = converse(options, (reply, turn) => {
            const answer = TUTORS[names[turn - 1] ?? 'probing'](reply);
            stored.push(answer);
            return answer;
          });
          const again = createStudent(options);
          first.forEach((reply, index) => {
            const last = stored[index - 1];
            expect(again.next(last?.reading ?? null, last?.text ?? null)).toEqual(reply);
          });
        },
      ),
      { numRuns: 15 },
    );
  });

  it('speaks the same words under grow and prefill', () => {
    const said = (pad: 'grow' | 'prefill') =>
      converse(optionsOf({ phase: phaseOf('1.0/P2'), variant: { pad, pressure: 'on' } }), TUTORS.probing).map(
        saidIn,
      );
    expect(said('prefill')).toEqual(said('grow'));
  });

  it('says something else in another phase and with another seed', () => {
    const base = converse(optionsOf({ phase: phaseOf('1.1/P0') }), TUTORS.probing).map(saidIn);
    const otherPhase = converse(optionsOf({ phase: phaseOf('1.1/P1') }), TUTORS.probing).map(saidIn);
    expect(otherPhase.filter((text) => base.includes(text)).length).toBeLessThan(base.length / 2);
  });

  it('uses every beat of a move once before it goes on in other words, and no beat twice', () => {
    for (const seed of seeds) {
      const replies = converse(optionsOf({ phase: phaseOf('1.1/P0'), seed }), TUTORS.probing);
      const said = replies.map(saidIn);
      for (const beat of seed.beats)
        expect(said.filter((text) => text.includes(beat.text)).length).toBeLessThanOrEqual(1);
      const used = seed.beats.filter((beat) => said.some((text) => text.includes(beat.text)));
      expect(used.length).toBeGreaterThan(seed.beats.length / 3);
    }
  });

  it('stays sensible over 400 turns: hardly a message comes twice', () => {
    const phase = { ...phaseOf('1.1/P2'), target_turns: 400, target_tokens: 2000 };
    const said = converse(optionsOf({ phase }), TUTORS.probing).map(saidIn);
    expect(said).toHaveLength(400);
    expect(new Set(said).size).toBeGreaterThan(390);
  });
});

describe("the student's reaction", () => {
  const phase = phaseOf('1.1/P0');
  const rate = (name: TutorName, move: string) => {
    const moves = seeds
      .slice(0, 6)
      .flatMap((seed) => movesOf(converse(optionsOf({ phase, seed }), TUTORS[name])).slice(1));
    return moves.filter((candidate) => candidate === move).length / moves.length;
  };

  it('to advice and telling is to comply or to ask for more, never an insight or a concession', () => {
    for (const name of ['advising', 'telling'] as const) {
      expect(rate(name, 'insight')).toBe(0);
      expect(rate(name, 'concession')).toBe(0);
      expect(rate(name, 'advice_request') + rate(name, 'assertion')).toBeGreaterThan(0.6);
    }
  });

  it('to a reply without a question is mostly confusion', () => {
    expect(rate('silent', 'confusion')).toBeGreaterThan(0.4);
    expect(rate('silent', 'confusion')).toBeGreaterThan(rate('probing', 'confusion') + 0.15);
  });

  it('to open questions brings examples, concessions and insights', () => {
    expect(rate('probing', 'example')).toBeGreaterThan(0.2);
    expect(rate('probing', 'concession')).toBeGreaterThan(0.05);
    expect(rate('probing', 'insight')).toBeGreaterThan(0.02);
  });

  it('reaches no insight before the script says there were enough open questions', () => {
    const { insight_after_questions } = script.listening;
    for (const seed of seeds) {
      const moves = movesOf(converse(optionsOf({ phase, seed }), TUTORS.probing));
      const first = moves.indexOf('insight');
      if (first >= 0) expect(first).toBeGreaterThanOrEqual(insight_after_questions);
    }
  });

  it('hides no insight behind an injection', () => {
    for (const seed of seeds) {
      const insights = seed.beats.filter(({ move }) => move === 'insight');
      for (const reply of converse(optionsOf({ phase: light(phaseOf('1.1/P3')), seed }), TUTORS.probing))
        if (insights.some(({ text }) => saidIn(reply).includes(text)))
          expect(['insight', 'concession']).toContain(reply.student.move);
    }
  });

  it('to closed questions is short', () => {
    const length = (name: TutorName) => {
      const said = converse(optionsOf({ phase }), TUTORS[name]).map(saidIn).slice(1);
      return said.reduce((chars, text) => chars + text.length, 0) / said.length;
    };
    expect(length('closed')).toBeLessThan(0.8 * length('probing'));
  });

  it('to a question off the subject is deflection far more often than to others', () => {
    const off = asks('Which purple giraffes swim through marmalade glaciers?');
    const moves = seeds.map((seed) => {
      const student = createStudent(optionsOf({ phase, seed }));
      const on = TUTORS.probing(student.next(null, null));
      student.next(on.reading, on.text);
      return student.next(off.reading, off.text).student.move;
    });
    const deflections = moves.filter((move) => move === 'deflection').length;
    expect(deflections / moves.length).toBeGreaterThan(0.4);
    expect(rate('probing', 'deflection')).toBeLessThan(0.1);
  });

  it('to a question that comes again is to say so', () => {
    const student = createStudent(optionsOf({ phase }));
    student.next(null, null);
    const { text, reading } = asks('What makes you so sure about the approval?');
    student.next(reading, text);
    student.next(asks('Why would the team be quiet?').reading, 'Why would the team be quiet?');
    const { student: turn } = student.next(reading, text);
    const openers = script.acts.repeated_question.openers.map((opener) =>
      opener.replace(/[[{].*$/, '').slice(0, 8),
    );
    expect(openers.some((opener) => opener !== '' && turn.text.startsWith(opener))).toBe(true);
  });

  it('takes up words of the question in most turns', () => {
    const student = createStudent(optionsOf({ phase }));
    let next = student.next(null, null);
    let taken = 0;
    for (let turn = 2; turn <= 40; turn += 1) {
      const { text, reading } = asks(`What speaks for the umbrella number ${'abcdefgh'[turn % 8]}${turn}?`);
      next = student.next(reading, text);
      if (saidIn(next).includes('umbrella')) taken += 1;
    }
    expect(taken).toBeGreaterThan(20);
  });
});

describe('a contradiction', () => {
  test.each(phases)('%s: naming both sides makes the student give way in the next turn', (_, phase) => {
    for (const seed of seeds.slice(0, 8)) {
      const replies = converse(optionsOf({ phase: light(phase), seed }), TUTORS.naming);
      let surfaced = 0;
      replies.forEach(({ hints }, index) => {
        if (hints.contradiction === null) return;
        surfaced += 1;
        expect(['concession', 'insight']).toContain(replies[index + 1]?.student.move);
      });
      expect(surfaced).toBeGreaterThanOrEqual(1);
    }
  });

  it('stays open for a tutor who does not name it', () => {
    const replies = converse(optionsOf({ phase: phaseOf('1.1/P0') }), () => asks('What else comes to mind?'));
    const open = replies.filter(({ hints }) => hints.contradiction !== null);
    expect(open.length).toBeGreaterThan(30);
    expect(replies.at(-1)?.hints.contradiction).not.toBeNull();
  });

  it('is named by a paraphrase as well', () => {
    const options = optionsOf({ phase: phaseOf('1.0/P0'), seed: seedOf(0) });
    const replies = converse(options, ({ hints }) =>
      hints.contradiction === null
        ? asks('What makes you think so?')
        : asks(
            'You told me a leader takes the important decisions herself, and that your best boss let you decide. How do you see that?',
          ),
    );
    const at = replies.findIndex(({ hints }) => hints.contradiction !== null);
    expect(['concession', 'insight']).toContain(replies[at + 1]?.student.move);
  });
});

describe('hints for simulated tutors', () => {
  const all = seeds.flatMap((seed) =>
    ['1.0/P0', '1.1/P3'].flatMap((name) =>
      converse(optionsOf({ phase: light(phaseOf(name)), seed }), TUTORS.naming),
    ),
  );

  it('give a focus that can be quoted: one to eight words, no quotation mark, no punctuation at its end', () => {
    for (const { hints } of all) {
      expect(hints.focus.split(' ').length).toBeLessThanOrEqual(8);
      expect(hints.focus).toMatch(/^[\p{L}\p{N}].*[\p{L}\p{N}'’)%]$|^[\p{L}\p{N}]{2,}$/u);
      expect(hints.focus).not.toMatch(/["“”]/);
    }
  });

  it('count pressure up to the turn, this one included', () => {
    const replies = converse(optionsOf({ phase: light(phaseOf('1.1/P3')) }), TUTORS.probing);
    let count = 0;
    for (const { hints, student } of replies) {
      if (student.injected?.kind === 'pressure') count += 1;
      expect(hints.pressure_count).toBe(count);
    }
    expect(count).toBe(phaseOf('1.1/P3').pressure_at_turns.length);
  });

  it('name the decoy in the turn that tempts with it, and the message holds it', () => {
    for (const reply of all.filter(({ student }) => student.injected?.kind === 'decoy_tempts')) {
      const decoy = reply.hints.decoy ?? '';
      expect(decoy).not.toBe('');
      expect(saidIn(reply)).toMatch(/\?/);
    }
  });

  it('hold what was said, and the goal', () => {
    const [opening] = converse(optionsOf({ phase: phaseOf('1.0/P0') }), TUTORS.probing);
    expect(opening?.hints.said).toBe(seedOf(0).student_statement);
    expect(opening?.hints.goal).toBe(seedOf(0).goal);
    expect(opening?.hints.salient.length).toBeGreaterThan(1);
  });
});

describe('noise', () => {
  it('is absent at level none and leaves names, salient words and the seed legible at level high', () => {
    const loud = light(phaseOf('1.1/P3'));
    const quiet = { ...loud, noise_level: 'none' as const };
    const said = (phase: typeof loud) => converse(optionsOf({ phase }), TUTORS.probing);
    expect(said(quiet).some(({ student }) => student.injected?.kind === 'noise')).toBe(false);
    expect(said(loud).some(({ student }) => student.injected?.kind === 'noise')).toBe(true);
    const whole = seedOf(0).beats.filter((beat) =>
      said(quiet).some((reply) => saidIn(reply).includes(beat.text)),
    );
    const marred = whole.filter((beat) => !said(loud).some((reply) => saidIn(reply).includes(beat.text)));
    expect(marred.length).toBeGreaterThan(0);
  });
});
