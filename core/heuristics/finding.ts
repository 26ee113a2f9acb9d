import type { Violation } from '../../schemas/common.ts';

/** What a detector saw. */
export interface Finding {
  violation: Violation;
  /** Offsets in the tutor's text, UTF-16, end exclusive; 0–0 where nothing can be pointed at. */
  start: number;
  end: number;
  /** How clear it is, 0–1; from 0.5 on it counts as a violation, below it only lowers a criterion. */
  strength: number;
}

/** From this strength on a finding is a violation. */
export const VIOLATION_STRENGTH = 0.5;

/** 0 at or below `low`, 1 at or above `high`, straight between. */
export function ramp(value: number, low: number, high: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
