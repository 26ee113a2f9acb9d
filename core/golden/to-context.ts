import type { CalibrationItem } from '../../schemas/calibration-item.ts';

/** Messages with their roles: they alternate, and the last is the student's. */
export function toContext(messages: readonly string[]): CalibrationItem['context'] {
  return messages.map((text, index) => ({
    role: (messages.length - 1 - index) % 2 === 0 ? 'student' : 'tutor',
    text,
  }));
}
