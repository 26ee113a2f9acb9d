import type { MetricSink } from '../../core/ports.ts';

/**
 * Prints Embedded Metric Format documents to the log, one a line: CloudWatch Logs makes metrics of them, without a call and
 * without a permission.
 */
export function createEmfStdout(
  print: (line: string) => void = (line) => void process.stdout.write(line),
): MetricSink {
  return {
    emit: (document) => {
      print(`${JSON.stringify(document)}\n`);
      return Promise.resolve();
    },
  };
}
