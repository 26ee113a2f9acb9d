import { mkdirSync } from 'node:fs';
import { createFileStore } from '../../adapters/local/file-store.ts';
import { localModels, runEmbedded } from '../../cli/host/embedded-host.ts';
import { readExecution } from '../../cli/host/local-lake.ts';
import { scheduledAtOf, shiftWeek } from '../../core/identity/iso-week.ts';
import type { Telemetry } from '../../core/ports.ts';
import { demoConfig } from './demo-config.ts';
import { withDriftedJudge } from './demo-models.ts';
import { readStory, weekOf } from './story.ts';

/** What became of one week. */
export interface DemoWeek {
  week: string;
  execution_id: string;
  /** What happens in it, in words; empty in a quiet week. */
  events: string[];
  /** It was there already. */
  isKept: boolean;
}

const SILENT: Telemetry = { turn: () => undefined, waiting: () => undefined, log: () => undefined };

/**
 * Builds the demo lake: one real execution of the state machine a week, oldest first, over simulated tutors that change as
 * the story says. Weeks that are there already are kept, so that an interrupted build goes on.
 * @param weeks how many; the story's number by default, three at least.
 */
export async function buildDemo(options: {
  lake: string;
  size?: 'full' | 'small';
  weeks?: number;
  onWeek?: (week: DemoWeek) => void;
}): Promise<DemoWeek[]> {
  const story = readStory(options.size ?? 'full');
  const weeks = options.weeks ?? story.weeks;
  mkdirSync(options.lake, { recursive: true });
  const store = createFileStore(options.lake);
  const never = new AbortController().signal;
  const built: DemoWeek[] = [];
  for (let number = 1; number <= weeks; number += 1) {
    const week = shiftWeek(story.last_week, number - weeks);
    const execution_id = `${story.profile.name}-${week}`;
    const events = story.events.filter((event) => weekOf(event, weeks) === number);
    const drift = events.find((event) => event.kind === 'judge_drift');
    const isKept = (await readExecution(store, execution_id))?.state === 'finished';
    if (!isKept) {
      // Anew each week: opened models are kept by name, and behind a name another model may stand today.
      const models = localModels({}, SILENT);
      const result = await runEmbedded(
        { profile: story.profile.name, scheduled_at: scheduledAtOf(week), execution_id },
        execution_id,
        {
          lake: options.lake,
          config: await demoConfig(story, { number, week, weeks }),
          environment: {},
          telemetry: SILENT,
          stop: { drain: never, abort: never },
          durability: 'process',
          onEvent: () => undefined,
          printAlert: () => undefined,
          models: drift === undefined ? models : withDriftedJudge(models, story.profile.judge, drift),
        },
      );
      if (result.status !== 'SUCCEEDED') throw new Error(`${execution_id}: ${JSON.stringify(result)}`);
    }
    const entry = {
      week,
      execution_id,
      events: events.map(({ why, ...event }) => `${subjectOf(event)}: ${why}`),
      isKept,
    };
    built.push(entry);
    options.onWeek?.(entry);
  }
  return built;
}

function subjectOf(event: { kind: string; model_id?: string }): string {
  return event.model_id ?? event.kind.replace('_', ' ');
}
