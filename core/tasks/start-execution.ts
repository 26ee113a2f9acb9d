import type { ExecutionInput, StartOutput, StartRequest } from '../../schemas/task-io.ts';
import { startRequestSchema } from '../../schemas/task-io.ts';
import { ERROR } from '../../schemas/names.ts';
import { NamedError } from '../errors.ts';
import { defaultExecutionId } from '../identity/execution-id.ts';
import { isoWeekOf } from '../identity/iso-week.ts';
import { describeIssues } from '../manifest/describe-issues.ts';
import { parseConfig } from '../manifest/parse-config.ts';
import type { ConfigSource, ExecutionStarter, ObjectStore } from '../ports.ts';
import { composeManifest, scheduledTime } from './load-manifest.ts';

export interface StartExecutionPorts {
  store: ObjectStore;
  config: ConfigSource;
  executions: ExecutionStarter;
}

/**
 * Starts the state machine under the name that its content and week give it, so that a schedule delivered twice, a repeated
 * command and a repeated request are one execution. The week is that of the scheduled time. Throws InvalidConfig.
 */
export function createStartExecution(ports: StartExecutionPorts) {
  return async (request: StartRequest): Promise<StartOutput> => {
    const parsed = startRequestSchema.safeParse(request);
    if (!parsed.success)
      throw new NamedError(
        ERROR.invalidConfig,
        describeIssues('start request', request, parsed.error.issues).join('\n'),
        { hint: 'allowed keys: profile, scheduled_at, overrides, limits' },
      );
    const { profile, overrides, limits } = parsed.data;
    const scheduled_at = scheduledTime('start request', parsed.data.scheduled_at);
    const config = parseConfig(await ports.config.files());
    const manifest = await composeManifest(ports.store, config, profile, overrides ?? {}, scheduled_at);
    const week = isoWeekOf(scheduled_at);
    const execution_id = defaultExecutionId(profile, week, manifest.manifest_sha256);
    const input: ExecutionInput = {
      profile,
      scheduled_at,
      execution_id,
      ...(overrides === undefined ? {} : { overrides }),
      ...(limits === undefined ? {} : { limits }),
    };
    const outcome = await ports.executions.start(execution_id, input);
    return { manifest_id: manifest.manifest_id, execution_id, week, outcome };
  };
}
