import type { ComponentChildren } from 'preact';

export type Tone = 'plain' | 'better' | 'worse' | 'care' | 'simulated' | 'steel';

/** A word set apart; its colour repeats what the word says, never says it alone. */
export function Badge({
  tone = 'plain',
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children: ComponentChildren;
}) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {children}
    </span>
  );
}

/** Stands wherever numbers of simulated tutors do. */
export function SimulatedBadge() {
  return (
    <Badge
      tone="simulated"
      title="Every tutor of this execution is simulated: no figure here is about a real model"
    >
      simulated
    </Badge>
  );
}
