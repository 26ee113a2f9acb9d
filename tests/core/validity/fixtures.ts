import type { LabelledUtterance } from '../../../schemas/labelled-utterance.ts';

/** A small labelled set written for these tests: 24 groups, one telling and one asking reply each. */
const SUBJECTS = [
  'apples',
  'buckets',
  'candles',
  'dolls',
  'eggs',
  'flags',
  'goats',
  'hats',
  'islands',
  'jars',
  'kites',
  'lamps',
  'mugs',
  'nets',
  'onions',
  'pens',
  'quilts',
  'roses',
  'shoes',
  'tents',
  'urns',
  'vases',
  'wheels',
  'yachts',
];

type Partial = Pick<LabelledUtterance, 'utterance' | 'binary'> & { responder?: string };
const NONE = { telling: null, reveals_answer: null, open_question: null, builds_on_prior: null };

function row(
  dataset: string,
  subject: string,
  index: number,
  { utterance, binary, responder }: Partial,
): object {
  return {
    dataset,
    dialogue_id: `${subject}/${index}`,
    turn: 2,
    context: [
      { role: 'tutor', text: `How many ${subject} are left?` },
      { role: 'student', text: `I think there are 5 ${subject} left.` },
    ],
    utterance,
    labels: {},
    binary,
    meta: { reference_answer: '12', responder: responder ?? null },
  };
}

const lines = (rows: readonly object[]): string => `${rows.map((item) => JSON.stringify(item)).join('\n')}\n`;

/** telling: told and asked replies. */
export const TELLING_FILE = {
  name: 'shop.jsonl',
  text: lines(
    SUBJECTS.flatMap((subject, index) => [
      row('shop', subject, index, {
        utterance: `You need to add the ${subject} first. The ${subject} that are left are 12.`,
        binary: { ...NONE, telling: true },
      }),
      row('shop', subject, index, {
        utterance: `How did you find that there are 5 ${subject}?`,
        binary: { ...NONE, telling: false },
      }),
    ]),
  ),
};

/** reveals_answer by three responders who reveal never, half the time, always. */
export const RESPONDERS_FILE = {
  name: 'replies.jsonl',
  text: lines(
    SUBJECTS.flatMap((subject, index) =>
      ['careful', 'middling', 'blunt'].map((responder) => {
        const reveals = responder === 'blunt' || (responder === 'middling' && index % 2 === 0);
        return row('replies', subject, index, {
          utterance: reveals
            ? `Almost! The correct answer is 12 ${subject}, because 7 + 5 = 12.`
            : `Almost! Which ${subject} have you counted so far?`,
          binary: { ...NONE, reveals_answer: reveals },
          responder,
        });
      }),
    ),
  ),
};

/** Two whole expert dialogues of five tutor turns, the last two of which say goodbye. */
export const EXPERT_FILE = {
  name: 'socratic_debugging.transcripts.jsonl',
  text: lines(
    ['a', 'b'].map((id) => ({
      dataset: 'socratic_debugging',
      dialogue_id: `loop/${id}`,
      messages: [
        { role: 'student', text: 'My loop skips every second item.' },
        { role: 'tutor', text: 'What happens to the index when you remove an item?' },
        { role: 'student', text: 'It goes up by one.' },
        { role: 'tutor', text: 'And where is the next item by then?' },
        { role: 'student', text: 'One place to the left.' },
        {
          role: 'tutor',
          text: id === 'a' ? 'What follows from that?' : 'You should iterate over a copy of the list.',
        },
        { role: 'student', text: 'I see, I iterate over a copy.' },
        { role: 'tutor', text: 'Exactly. You should be proud of yourself.' },
        { role: 'student', text: 'Thanks!' },
        { role: 'tutor', text: 'You are welcome. Keep practising.' },
      ],
    })),
  ),
};
