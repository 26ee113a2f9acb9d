import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { checkDefinition } from '../../engine/engine.ts';
import type { Place } from '../../engine/fields.ts';
import { FIELDS, fieldsOf } from '../../engine/fields.ts';
import { fieldTables } from './field-tables.ts';
import { distributedMap, machine, task } from './machine.ts';

const PAGE = readFileSync(new URL('../../docs/engine.md', import.meta.url), 'utf8');

/** Table cells without the padding a formatter adds. */
const normalized = (text: string) =>
  text
    .split('\n')
    .map((line) =>
      line.startsWith('|') ? line.replaceAll(/ *\| */g, '|').replaceAll(/-+/g, '-') : line.trim(),
    )
    .filter((line) => line !== '')
    .join('\n');

test('docs/engine.md lists every field as the code treats it', () => {
  // When this fails, replace the text between the two markers by the expected one.
  const listed = PAGE.split('<!-- fields -->')[1]?.split('<!-- /fields -->')[0] ?? '';
  expect(normalized(listed)).toBe(normalized(fieldTables()));
});

/** Where each place stands in a machine, as a path to put a field at. */
const PLACES: Record<Place, string> = {
  'State machine': '',
  Branch: 'States.Parallel.Branches[0]',
  Pass: 'States.Pass',
  Task: 'States.Task',
  Choice: 'States.Choice',
  'Choice rule': 'States.Choice.Choices[0]',
  Wait: 'States.Wait',
  Succeed: 'States.Succeed',
  Fail: 'States.Fail',
  Parallel: 'States.Parallel',
  Map: 'States.Map',
  ItemProcessor: 'States.Map.ItemProcessor',
  ProcessorConfig: 'States.Map.ItemProcessor.ProcessorConfig',
  ItemReader: 'States.Map.ItemReader',
  ReaderConfig: 'States.Map.ItemReader.ReaderConfig',
  ResultWriter: 'States.Map.ResultWriter',
  WriterConfig: 'States.Map.ResultWriter.WriterConfig',
  Retrier: 'States.Task.Retry[0]',
  Catcher: 'States.Task.Catch[0]',
};

const allPlaces = () =>
  machine({
    Task: task({
      Retry: [{ ErrorEquals: ['E'] }],
      Catch: [{ ErrorEquals: ['E'], Next: 'Fail' }],
      Next: 'Pass',
    }),
    Pass: { Type: 'Pass', Next: 'Choice' },
    Choice: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Wait' }], Default: 'Succeed' },
    Wait: { Type: 'Wait', Seconds: 0, Next: 'Parallel' },
    Parallel: {
      Type: 'Parallel',
      Branches: [{ StartAt: 'Left', States: { Left: { Type: 'Succeed' } } }],
      Next: 'Map',
    },
    Map: distributedMap(
      { Child: { Type: 'Succeed' } },
      {
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          Arguments: { Bucket: 'b', Key: 'k' },
          ReaderConfig: { InputType: 'JSON' },
        },
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Arguments: { Bucket: 'b', Prefix: 'p' },
          WriterConfig: { Transformation: 'NONE', OutputType: 'JSON' },
        },
      },
    ),
    Succeed: { Type: 'Succeed' },
    Fail: { Type: 'Fail' },
  });

/** The machine with one more field at a place. */
function withField(place: Place, name: string): unknown {
  const definition = structuredClone(allPlaces());
  const keys = PLACES[place]
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '');
  const target = keys.reduce((node, key) => node[key] as Record<string, unknown>, definition);
  target[name] ??= '{% 1 %}';
  return definition;
}

const FIELD_LIST = (Object.keys(FIELDS) as Place[]).flatMap((place) =>
  Object.entries(fieldsOf(place)).map(([name, { support }]) => [place, name, support] as const),
);

describe('the check treats as listed', () => {
  test('a machine with every place', () => {
    expect(checkDefinition(allPlaces())).toEqual([]);
  });

  test.each(FIELD_LIST.filter(([, , support]) => support !== 'supported'))(
    '%s.%s: %s',
    (place, name, support) => {
      const path = PLACES[place] === '' ? name : `${PLACES[place]}.${name}`;
      const kind = support === 'not implemented' ? 'NotImplemented' : 'Invalid';
      expect(checkDefinition(withField(place, name))).toContainEqual(expect.objectContaining({ kind, path }));
    },
  );

  test.each(FIELD_LIST.filter(([, , support]) => support === 'supported'))('%s.%s: %s', (place, name) => {
    const problems = checkDefinition(withField(place, name));
    expect(
      problems.filter(({ message }) => /has no field|is JSONPath|is not implemented$/.test(message)),
    ).toEqual([]);
  });

  test.each(Object.keys(FIELDS) as Place[])('an unknown field of %s', (place) => {
    const path = PLACES[place] === '' ? 'Colour' : `${PLACES[place]}.Colour`;
    expect(checkDefinition(withField(place, 'Colour'))).toContainEqual(
      expect.objectContaining({ kind: 'Invalid', path }),
    );
  });
});
