import { useLayoutEffect } from 'preact/hooks';
import type { TurnView } from '../../../../schemas/dashboard-runs.ts';
import { turnAfterKey } from '../../state/turn-keys.ts';

/** j next, k before, v next violation, d detail. Not while typing, not with a modifier: those keys are the browser's. */
export function useTurnKeys({
  turns,
  at,
  show,
  toggleDetail,
}: {
  turns: readonly TurnView[];
  at: number | null;
  show: (turn: number) => void;
  toggleDetail: () => void;
}): void {
  // Before the next key can come: of two fast presses the second starts where the first one led.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as Element;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input,select,textarea') !== null)
        return;
      if (event.key === 'd') return toggleDetail();
      const next = turnAfterKey(event.key, turns, at);
      if (next === null) return;
      event.preventDefault();
      show(next);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
}
