import type { Telemetry } from '../ports.ts';

/** Tells people of each cause once: what stops one call of a model mostly stops hundreds. No fault of this program, so no warning. */
export function tellOnce(telemetry: Telemetry): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (told.has(message)) return;
    told.add(message);
    telemetry.log('info', message);
  };
}
