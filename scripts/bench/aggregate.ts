import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execution } from '../../schemas/execution.ts';
import type { PlannedRun } from '../../schemas/planned-run.ts';
import { median, type Bench } from './bench.ts';
import { filesBelow } from './lake-files.ts';
import { measureCommand, measureProcess, type Measured } from './measure-process.ts';
import { writeOverlay } from './overlay.ts';
import { processPath } from './processes.ts';
import type { AggregateReport, AggregateRequest } from './processes/aggregate.ts';

/** The five tutors of `weekly`, each under so many names: 25 models. */
const NAMES = 5;

/** Aggregate over 36,000 judged turns of 25 models (the shape of `weekly`), and over twice as many. */
export const aggregateBench: Bench = {
  name: 'aggregate',
  async run({ folder, repeats, log }) {
    const lake = join(folder, 'lake');
    log('making 72,000 judged turns');
    await measureCommand(['run', '--profile', 'many', '--config', manyModels(folder), '--lake', lake]);
    const status = filesBelow(join(lake, 'executions')).find((path) => path.endsWith('status.json'))!;
    const { execution_id, plan_key } = JSON.parse(readFileSync(status, 'utf8')) as Execution;
    const half_key = plan_key!.replace(/\.jsonl$/, '.half.jsonl');
    const firstHalf = readFileSync(join(lake, plan_key!), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && (JSON.parse(line) as PlannedRun).repeat === 1);
    writeFileSync(join(lake, half_key), `${firstHalf.join('\n')}\n`);

    const measured = async (plan: string): Promise<{ wall_s: number; cpu_s: number; max_rss_mb: number }> => {
      const runs: (Measured & AggregateReport)[] = [];
      for (let i = 0; i < repeats; i += 1) {
        const request: AggregateRequest = { lake, execution_id, plan_key: plan };
        const figures = await measureProcess([await processPath('aggregate'), JSON.stringify(request)]);
        runs.push({ ...figures, ...(JSON.parse(figures.stdout) as AggregateReport) });
      }
      return {
        wall_s: median(runs.map((run) => run.wall_s)),
        cpu_s: median(runs.map((run) => run.cpu_s)),
        max_rss_mb: median(runs.map((run) => run.max_rss_mb)),
      };
    };
    const half = await measured(half_key);
    const whole = await measured(plan_key!);
    return [
      { what: '36,000 turns of 25 models, elapsed', measured: half.wall_s, unit: 's', at_most: 20 },
      { what: 'the same, CPU', measured: half.cpu_s, unit: 'CPU-s', at_most: null },
      { what: 'the same, peak memory', measured: half.max_rss_mb, unit: 'MB', at_most: 600 },
      {
        what: '72,000 turns against 36,000, CPU',
        measured: whole.cpu_s / half.cpu_s,
        unit: '×',
        at_most: 2.2,
      },
      {
        what: 'the same, peak memory',
        measured: whole.max_rss_mb / half.max_rss_mb,
        unit: '×',
        at_most: 2.2,
      },
    ];
  },
};

function manyModels(folder: string): string {
  const named = (model_id: string) => Array.from({ length: NAMES }, (_, i) => `${model_id}-n${i + 1}`);
  return writeOverlay(join(folder, 'config'), {
    profiles: ({ weekly }) => ({
      many: { ...weekly!, series: 'many', models: weekly!.models.flatMap(named), repeats: 2 },
    }),
    models: (shipped) => ({
      ...shipped,
      models: shipped.models.flatMap((model) =>
        model.simulated?.kind === 'tutor'
          ? [model, ...named(model.model_id).map((model_id) => ({ ...model, model_id }))]
          : [model],
      ),
    }),
  });
}
