import type { SimulationHints } from '../../../core/ports.ts';
import { CLAIM, nominal } from './fill-slots.ts';
import type { Point } from './thread.ts';

/** Words too common to tell one point from another. */
const COMMON = new Set(
  'the a an my our your his her its their this that these those and or but not no of to in on at for with by from as than them then they there what when where who whom which how why one some any all every each more most very just only also into out about over after before being been have has was are had does did doing going getting make makes made right'.split(
    ' ',
  ),
);
/** Texts remembered; a scenario has at most sixteen points. */
const MAX_KNOWN = 1000;

/** Turns salient items into points, each text once. */
export function createPoints(): (salient: SimulationHints['salient']) => Point[] {
  const known = new Map<string, Point>();
  return (salient) => {
    if (known.size > MAX_KNOWN) known.clear();
    return salient.map(({ text }) => {
      let point = known.get(text);
      if (point === undefined) {
        point = pointOf(text);
        known.set(text, point);
      }
      return point;
    });
  };
}

/** A phrase as a point of a conversation, spoken as given. */
export function pointOf(text: string, spoken = nominal(text)): Point {
  return {
    source: text,
    text: spoken,
    isNamed: !spoken.startsWith('"') && !spoken.startsWith(CLAIM),
    words: contentWords(text),
  };
}

/** Words that tell this point from another. */
function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const content = words.filter((word) => word.length > 2 && !COMMON.has(word));
  return content.length > 0 ? [...new Set(content)] : [text.toLowerCase()];
}
