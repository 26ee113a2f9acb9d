import type { AlertSink } from '../../core/ports.ts';

/** Everything a terminal acts on but tab and line feed: messages may quote model text. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Prints alert messages, by default to stderr, where they do not mix with data. A message repeated within the process
 * (same dedup_id) is printed once. The weekly digest
 * is left to `socratic-bench digest`. The records in alerts/ are the task's, not this sink's.
 */
export function createConsoleAlerts(
  print: (text: string) => void = (text) => void process.stderr.write(text),
): AlertSink {
  const printed = new Set<string>();
  return {
    async publish({ kind, subject, body, dedup_id }) {
      if (kind === 'digest' || printed.has(dedup_id)) return;
      printed.add(dedup_id);
      print(`${subject}\n\n${body}\n`.replaceAll(CONTROL, ''));
    },
  };
}
