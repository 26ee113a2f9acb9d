import type { Place } from '../../engine/fields.ts';
import { FIELDS, fieldsOf } from '../../engine/fields.ts';

/** The tables of docs/engine.md, out of the table the check reads. */
export function fieldTables(): string {
  return (Object.keys(FIELDS) as Place[]).map(table).join('\n\n');
}

function table(place: Place): string {
  const rows = Object.entries(fieldsOf(place)).map(([name, { support, expression, required, note }]) => {
    const notes = [required ? 'required' : '', note ?? ''].filter((text) => text !== '').join('; ');
    return `| \`${name}\` | ${support === 'supported' ? 'yes' : `**${support}**`} | ${expression ? 'yes' : ''} | ${notes} |`;
  });
  return [
    `### ${place}`,
    '',
    '| field | supported | expression | notes |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
