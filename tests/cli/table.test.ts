import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { fittedTableText, tableText } from '../../cli/view/table.ts';

const colors = pc.createColors(false);
const columns = [{ title: 'model' }, { title: 'half_life_turn', align: 'right' as const }];
const rows = [
  ['drifter-20', '20'],
  ['lecturer', '3'],
];

describe('a table', () => {
  it('has its columns below each other, numbers to the right', () => {
    expect(tableText(columns, rows, colors)).toBe(
      'model       half_life_turn\ndrifter-20              20\nlecturer                 3\n',
    );
  });

  it('stays a table where it fits or where nothing wraps, and is one block a row where it does not fit', () => {
    expect(fittedTableText(columns, rows, colors, 26)).toBe(tableText(columns, rows, colors));
    expect(fittedTableText(columns, rows, colors, null)).toBe(tableText(columns, rows, colors));
    expect(fittedTableText(columns, rows, colors, 25)).toBe(
      'model           drifter-20\nhalf_life_turn  20\n\nmodel           lecturer\nhalf_life_turn  3\n',
    );
  });
});
