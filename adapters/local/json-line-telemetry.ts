import type { Telemetry } from '../../core/ports.ts';

/**
 * Progress as one JSON object a line, `event` first: CloudWatch Logs on AWS, the command line's progress with
 * `--isolation process`.
 */
export function createJsonLineTelemetry(print: (line: string) => void): Telemetry {
  const emit = (event: object) => print(`${JSON.stringify(event)}\n`);
  return {
    turn: (event) => emit({ event: 'turn', ...event }),
    spent: (event) => emit({ event: 'spent', ...event }),
    waiting: (event) => emit({ event: 'waiting', ...event }),
    log: (level, message) => emit({ event: 'log', level, message }),
  };
}
