import { describe, expect, it } from '@jest/globals';
import {
  contextOf,
  groupOf,
  labelledSets,
  parseLabelledRows,
  tutorTurnsOf,
} from '../../../core/validity/labelled-turns.ts';
import { EXPERT_FILE, TELLING_FILE } from './fixtures.ts';

const [first = ''] = TELLING_FILE.text.split('\n');

describe('labelled rows', () => {
  it('are read with their group and context', () => {
    const [row] = parseLabelledRows('shop.jsonl', first);
    expect(row && groupOf(row)).toBe('apples');
    expect(row && contextOf(row)).toMatchObject({
      said: 'I think there are 5 apples left.',
      tutor_turns: ['How many apples are left?'],
      student_turns: [],
      reference_answer: '12',
    });
  });

  it('that break off name file and line', () => {
    expect(() => parseLabelledRows('shop.jsonl', `${first}\n\n{"dataset": "shop",`)).toThrow(
      /^shop\.jsonl:3: not JSON/,
    );
  });

  it('that lack a field name file, line and field', () => {
    const broken = JSON.stringify({ ...JSON.parse(first), context: [{ role: 'teacher', text: '' }] });
    expect(() => parseLabelledRows('shop.jsonl', `${first}\n${broken}`)).toThrow(
      /^shop\.jsonl:2: context\.0\.role: /,
    );
  });

  it('are found among other files by what these hold', () => {
    const sets = labelledSets([
      EXPERT_FILE,
      { name: 'notes.txt', text: first },
      { name: 'b.jsonl', text: '{"a":1}' },
      TELLING_FILE,
    ]);
    expect(sets.map(({ dataset, rows }) => [dataset, rows.length])).toEqual([['shop', 48]]);
  });
});

describe('tutor turns without labels', () => {
  it('come from a file of utterances as well as from whole dialogues', () => {
    const row = JSON.stringify({ ...JSON.parse(first), labels: undefined, binary: undefined });
    const asRows = tutorTurnsOf('expert', [{ name: 'expert.jsonl', text: `${row}\n${row}` }]);
    expect(asRows).toHaveLength(2);
    const asDialogues = tutorTurnsOf('socratic_debugging', [EXPERT_FILE]);
    expect(asDialogues).toHaveLength(6);
    expect(asDialogues?.[1]?.context).toMatchObject({
      said: 'It goes up by one.',
      student_turns: ['My loop skips every second item.'],
      tutor_turns: ['What happens to the index when you remove an item?'],
    });
  });

  it('are null where the set is absent', () => {
    expect(tutorTurnsOf('socratic_debugging', [TELLING_FILE])).toBeNull();
  });
});
