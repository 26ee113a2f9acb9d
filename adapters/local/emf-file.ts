import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { MetricSink } from '../../core/ports.ts';
import { storeError } from './file-errors.ts';
import { LOCAL_STATE } from './file-store.ts';

/** Where a local lake keeps its metrics, one EMF document a line; outside the lake's keys, hence outside every seal. */
export function emfPath(lakeRoot: string): string {
  return join(resolve(lakeRoot), LOCAL_STATE, 'emf.jsonl');
}

/**
 * Appends CloudWatch Embedded Metric Format documents to `<lake>/.local/emf.jsonl`, the lines a Lambda would print to its
 * log. A repeated execution appends its documents again, as CloudWatch would receive them again.
 */
export function createEmfFile(lakeRoot: string): MetricSink {
  const path = emfPath(lakeRoot);
  return {
    async emit(document) {
      try {
        await mkdir(dirname(path), { recursive: true });
        await appendFile(path, `${JSON.stringify(document)}\n`);
      } catch (error) {
        throw storeError(error, 'append to', path);
      }
    },
  };
}
