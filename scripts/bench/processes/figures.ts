/** Loaded into a measured process by `node --import`; writes its figures when it ends. Settings: `FiguresRequest`, as JSON in BENCH_FIGURES. */
import { writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Figures, FiguresRequest } from '../measure-process.ts';

const request = JSON.parse(process.env['BENCH_FIGURES']!) as FiguresRequest;
// The program's own children are not measured.
delete process.env['BENCH_FIGURES'];

let delay: IntervalHistogram | null = null;
if (request.watches_loop) {
  delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
}
if (request.lists_modules !== null) {
  // A loader hook runs in a thread of its own: it appends what is resolved to the file named.
  const hook = `import { appendFileSync } from 'node:fs';
    export async function resolve(name, context, next) {
      const found = await next(name, context);
      appendFileSync(${JSON.stringify(request.lists_modules)}, found.url + '\\n');
      return found;
    }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

process.on('exit', () => {
  const usage = process.resourceUsage();
  const figures: Figures = {
    cpu_s: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
    max_rss_mb: usage.maxRSS / 1024,
    loop_lag_p99_ms: delay === null ? null : delay.percentile(99) / 1e6,
    loop_lag_max_ms: delay === null ? null : delay.max / 1e6,
    required: Object.keys(createRequire(import.meta.url).cache),
  };
  writeFileSync(request.report, JSON.stringify(figures));
});
