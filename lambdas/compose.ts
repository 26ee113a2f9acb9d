import { join } from 'node:path';
import { openAwsStore } from '../adapters/aws/aws-lake.ts';
import { createFolderConfig } from '../adapters/local/folder-config.ts';
import { createJsonLineTelemetry } from '../adapters/local/json-line-telemetry.ts';
import { createSystemClock } from '../adapters/local/system-clock.ts';
import { createMeasureLoader } from '../core/tasks/measure.ts';
import packageJson from '../package.json' with { type: 'json' };
import { ENV } from '../schemas/names.ts';

/**
 * What several functions share. Everything is made once a container and lives over its invocations; AWS clients open their
 * first connection with their first call.
 */
export const environment = process.env;
export const clock = createSystemClock();
export const retry = { clock, random: Math.random };
export const store = openAwsStore(environment, retry);
export const measure = createMeasureLoader(store);

/** The shipped config/: beside the bundled handler, or where SOCRATIC_CONFIG_DIR says. */
export const config = createFolderConfig([environment[ENV.configDir] ?? join(import.meta.dirname, 'config')]);

/** Circumstance for the execution record: `SOCRATIC_IMAGE_DIGESTS` is `name=digest` by commas. */
export const versions: Readonly<Record<string, string>> = {
  'socratic-bench': packageJson.version,
  node: process.versions.node,
  ...Object.fromEntries(
    (environment[ENV.imageDigests] ?? '')
      .split(',')
      .filter((pair) => pair.includes('='))
      .map((pair) => pair.split('=', 2) as [string, string]),
  ),
};

/** Progress as JSON lines in the function's log; turns are counted by the containers. */
export const telemetry = createJsonLineTelemetry((line) => void process.stdout.write(line));
