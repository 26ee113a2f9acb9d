import type { EngineEvent } from '../../engine/engine.ts';
import type { Telemetry } from '../../core/ports.ts';
import { STATE_NAMES } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { usdText } from './table.ts';

const REDRAW_MS = 120;
const PLAIN_EVERY_MS = 30_000;
const PLAIN_EVERY_FRAC = 0.05;

/** Shows an execution under way, on stderr: a few redrawn lines on a terminal, else a line each 5% or 30 s. */
export interface Progress {
  telemetry: Telemetry;
  onEvent: (event: EngineEvent) => void;
  /** Takes the redrawn lines away; what follows is printed below nothing. */
  end(): void;
}

interface State {
  name: string;
  done: number;
  failed: number;
  total: number | null;
  startedMs: number;
  endedMs: number | null;
}

export function createProgress(context: Context): Progress {
  const mode =
    context.quiet || context.json
      ? 'none'
      : context.progress === 'auto'
        ? context.isErrTty
          ? 'bar'
          : 'plain'
        : context.progress;
  const startMs = performance.now();
  const states = new Map<string, State>();
  let current: State | null = null;
  let turns = 0;
  let adopted = 0;
  let spent = 0;
  let waiting: { model: string; untilMs: number; reason: string } | null = null;
  let drawnLines = 0;
  let lastDrawMs = 0;
  let lastPlain = { frac: 0, atMs: startMs, name: '' };
  const { colors } = context;

  const statusLine = (): string => {
    const seconds = (performance.now() - startMs) / 1000;
    const left =
      current !== null && current.total !== null && current.done > 0
        ? ((performance.now() - current.startedMs) / current.done) * (current.total - current.done)
        : null;
    const wait =
      waiting !== null && waiting.untilMs > performance.now()
        ? ` · waiting on ${waiting.model} ${((waiting.untilMs - performance.now()) / 1000).toFixed(0)} s (${waiting.reason})`
        : '';
    return `${turns} turns${adopted > 0 ? ` + ${adopted} adopted` : ''} · ${(turns / Math.max(seconds, 0.1)).toFixed(0)}/s · ${usdText(spent)}${left === null ? '' : ` · about ${duration(left)} left`}${wait}`;
  };

  const draw = (force: boolean) => {
    const now = performance.now();
    if (mode !== 'bar' || (!force && now - lastDrawMs < REDRAW_MS)) return;
    lastDrawMs = now;
    const lines = STATE_NAMES.map((name) => {
      const state = states.get(name);
      if (state === undefined) return colors.dim(`  ${name}`);
      const mark = state.endedMs === null ? colors.cyan('›') : colors.green('✓');
      const counts =
        state.total === null
          ? ''
          : ` ${bar(state, 24)} ${state.done}/${state.total}${state.failed > 0 ? colors.yellow(` ${state.failed} failed`) : ''}`;
      const took = state.endedMs === null ? '' : colors.dim(` ${duration(state.endedMs - state.startedMs)}`);
      return `${mark} ${name.padEnd(15)}${counts}${took}`;
    });
    lines.push(colors.dim(`  ${statusLine()}`));
    erase();
    context.err(`${lines.map((line) => clip(line, context.columns)).join('\n')}\n`);
    drawnLines = lines.length;
  };
  const erase = () => {
    if (drawnLines > 0) context.err(`\u001B[${drawnLines}A\u001B[0J`);
    drawnLines = 0;
  };
  const plain = (force: boolean) => {
    if (mode !== 'plain' || current === null) return;
    const frac = current.total === null || current.total === 0 ? 0 : current.done / current.total;
    const now = performance.now();
    const isDue =
      force ||
      current.name !== lastPlain.name ||
      frac - lastPlain.frac >= PLAIN_EVERY_FRAC ||
      now - lastPlain.atMs >= PLAIN_EVERY_MS;
    if (!isDue) return;
    lastPlain = { frac, atMs: now, name: current.name };
    context.err(
      `${current.name}${current.total === null ? '' : ` ${current.done}/${current.total}`} · ${statusLine()}\n`,
    );
  };

  const onEvent = (event: EngineEvent) => {
    if (event.type === 'StateEntered' && (STATE_NAMES as readonly string[]).includes(event.state)) {
      current = {
        name: event.state,
        done: 0,
        failed: 0,
        total: null,
        startedMs: performance.now(),
        endedMs: null,
      };
      states.set(event.state, current);
      draw(true);
      plain(true);
    } else if (event.type === 'StateExited') {
      const state = states.get(event.state);
      if (state !== undefined) state.endedMs = performance.now();
      draw(true);
    } else if (event.type === 'MapRunStarted' && current !== null) {
      current.total = event.total;
    } else if ((event.type === 'MapItemSucceeded' || event.type === 'MapItemFailed') && current !== null) {
      current.done = event.succeeded + event.failed;
      current.failed = event.failed;
      draw(false);
      plain(false);
    } else if (event.type === 'TaskRetried' && context.verbose) {
      note(
        `${event.state}: ${event.error ?? 'an error'}; try ${event.retryCount + 1} in ${duration(event.delayMs)}`,
      );
    }
  };
  const note = (message: string) => {
    if (mode === 'none') return;
    erase();
    context.err(`${message}\n`);
    draw(true);
  };

  return {
    onEvent,
    telemetry: {
      turn(event) {
        if (event.adopted) adopted += 1;
        else {
          if (event.component === 'dialogue') turns += 1;
          spent += event.cost_usd;
        }
        draw(false);
      },
      waiting(event) {
        waiting = { model: event.model, untilMs: performance.now() + event.wait_ms, reason: event.reason };
        draw(false);
      },
      log: (level, message) => note(level === 'warn' ? `${colors.yellow('warning')} ${message}` : message),
    },
    end: erase,
  };
}

function bar(state: State, width: number): string {
  const filled =
    state.total === null || state.total === 0 ? width : Math.round((state.done / state.total) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
}

/** 83_000 ms → 1m 23s. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (seconds < 60) return `${(ms / 1000).toFixed(1)} s`;
  return seconds < 3600
    ? `${Math.floor(seconds / 60)}m ${seconds % 60}s`
    : `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}

function clip(line: string, columns: number): string {
  // Colour codes take no room; cutting inside one would leak colour, so only plainly too long lines are cut.
  // oxlint-disable-next-line no-control-regex
  const visible = line.replaceAll(/\u001B\[[0-9;]*m/g, '');
  return visible.length <= columns ? line : visible.slice(0, columns - 1);
}
