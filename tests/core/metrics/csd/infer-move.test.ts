import { describe, expect, test } from '@jest/globals';
import { inferMove } from '../../../../core/metrics/csd/infer-move.ts';

describe('the move of a message, read from its words', () => {
  test.each([
    ['Is this working? You only ask.', 'meta_question'],
    ['What’s the point of these questions?', 'meta_question'],
    ['Just tell me what to do.', 'advice_request'],
    ['What should I say to her?', 'advice_request'],
    ['Oh, I see. One pug takes longer.', 'insight'],
    ['I never thought of it that way.', 'insight'],
    ['I don’t understand why it is halved.', 'confusion'],
    ['Huh?', 'confusion'],
    ['I know I said it was fair, but I changed it.', 'contradiction'],
    ['You’re right, I left it out.', 'concession'],
    ['For example, last spring it rained.', 'example'],
    ['Whatever, it does not matter.', 'deflection'],
    ['The rota is fair because all have equal nights.', 'assertion'],
    ['Hm.', null],
    ['', null],
    ['Are you there?', null],
  ])('%s → %s', (said, move) => {
    expect(inferMove(said)).toBe(move);
  });
});
