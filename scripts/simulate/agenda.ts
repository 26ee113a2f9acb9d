/** Events in the order of their times: a binary heap; equal times in the order they were planned. */
export class Agenda {
  readonly #events: { atS: number; order: number; run: (atS: number) => void }[] = [];
  #planned = 0;

  plan(atS: number, run: (atS: number) => void): void {
    const event = { atS, order: this.#planned, run };
    this.#planned += 1;
    const events = this.#events;
    let at = events.length;
    events.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, events[parent]!)) break;
      events[at] = events[parent]!;
      at = parent;
    }
    events[at] = event;
  }

  /** Plays all events, those that they plan too; returns the time of the last. */
  play(): number {
    let last = 0;
    for (let event = this.#take(); event !== null; event = this.#take()) {
      last = event.atS;
      event.run(event.atS);
    }
    return last;
  }

  #take(): { atS: number; run: (atS: number) => void } | null {
    const events = this.#events;
    const first = events[0];
    if (first === undefined) return null;
    const moved = events.pop()!;
    if (events.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= events.length) break;
      if (child + 1 < events.length && isBefore(events[child + 1]!, events[child]!)) child += 1;
      if (!isBefore(events[child]!, moved)) break;
      events[at] = events[child]!;
      at = child;
    }
    events[at] = moved;
    return first;
  }
}

function isBefore(a: { atS: number; order: number }, b: { atS: number; order: number }): boolean {
  return a.atS < b.atS || (a.atS === b.atS && a.order < b.order);
}
