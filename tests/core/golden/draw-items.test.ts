import { describe, expect, it } from '@jest/globals';
import { drawItems } from '../../../core/golden/draw-items.ts';
import { calibrationItemSchema, type CalibrationItem } from '../../../schemas/calibration-item.ts';
import { readText } from '../../config/config-files.ts';

const items: CalibrationItem[] = readText('golden/golden_set_v1.jsonl')
  .trim()
  .split('\n')
  .map((line) => calibrationItemSchema.parse(JSON.parse(line)));

describe('a sample of a golden set', () => {
  it('holds as many items as wanted, each once', () => {
    expect(new Set(drawItems(items, 50).map(({ item_id }) => item_id)).size).toBe(50);
    expect(drawItems(items, 10_000)).toHaveLength(items.length);
  });

  it('is the same whatever the order of the items', () => {
    const ids = (list: CalibrationItem[]) => list.map(({ item_id }) => item_id);
    expect(ids(drawItems(items.toReversed(), 60))).toEqual(ids(drawItems(items, 60)));
  });

  it('gives the rare finding as many places as the frequent one', () => {
    const [clean, failing] = [
      items.filter(({ violations }) => violations.length === 0),
      items.filter(({ violations }) => violations.length > 0).slice(0, 3),
    ];
    const drawn = drawItems([...clean, ...failing], 12);
    expect(failing.every((item) => drawn.includes(item))).toBe(true);
  });
});
