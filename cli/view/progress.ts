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

/**
 * @param plannedTurns turns of the whole plan: dialogues run side by side, so their turns tell how far a state is long before
 * the first of them has ended.
 */
export function createProgress(context: Context, plannedTurns: number): Progress {
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
  /** Runs with turns of this process. */
  const own = new Set<string>();
  /** Turns of the current state, and those of them that cost time. */
  let stateTurns = { all: 0, fresh: 0 };
  let spent = 0;
  let waiting: { model: string; untilMs: number; reason: string } | null = null;
  let drawnLines = 0;
  let lastDrawMs = 0;
  let lastPlain = { frac: 0, atMs: startMs, name: '' };
  const { colors } = context;

  const statusLine = (): string => {
    const passedMs = performance.now() - (current?.startedMs ?? startMs);
    const done = current === null ? 0 : fraction(current);
    const left = done > 0 && done < 1 && passedMs > 1000 ? (passedMs / done) * (1 - done) : null;
    const speed =
      stateTurns.fresh > 0
        ? ` · ${(stateTurns.fresh / Math.max(passedMs / 1000, 0.1)).toFixed(0)} turns/s`
        : '';
    const wait =
      waiting !== null && waiting.untilMs > performance.now()
        ? ` · waiting on ${waiting.model} ${((waiting.untilMs - performance.now()) / 1000).toFixed(0)} s (${waiting.reason})`
        : '';
    return `${turns} turns${adopted > 0 ? ` + ${adopted} kept from before` : ''}${speed} · ${usdText(spent)} spent${left === null ? '' : ` · about ${roughly(left)} left in this state`}${wait}`;
  };

  /** 0–1: how far a Map is, by its turns while the items are under way. */
  function fraction(state: State): number {
    if (state.total === null || state.total === 0) return 0;
    const byItems = state.done / state.total;
    const byTurns = plannedTurns === 0 ? 0 : Math.min(0.99, stateTurns.all / plannedTurns);
    return Math.max(byItems, byTurns);
  }

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
          : ` ${bar(state.endedMs === null ? fraction(state) : 1, 24)} ${state.done}/${state.total}${state.failed > 0 ? colors.yellow(` ${state.failed} failed`) : ''}`;
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
    const frac = fraction(current);
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
      stateTurns = { all: 0, fresh: 0 };
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
      plain(current.done === current.total);
    } else if (event.type === 'TaskRetried' && context.verbose) {
      note(
        `${event.state}: ${event.error ?? 'an error'}; try ${event.retryCount + 1} in ${duration(event.delayMs)}`,
      );
    }
  };
  const note = (message: string) => {
    erase();
    context.err(`${message}\n`);
    draw(true);
  };

  return {
    onEvent,
    telemetry: {
      turn(event) {
        if (event.component === 'dialogue') {
          stateTurns.all += 1;
          stateTurns.fresh += event.adopted ? 0 : 1;
        }
        if (event.component === 'dialogue') {
          // A task that is tried again adopts what it said itself a moment ago: that is not from before.
          if (!event.adopted) own.add(event.run_id);
          if (!event.adopted) turns += 1;
          else if (!own.has(event.run_id)) adopted += 1;
        }
        draw(false);
        plain(false);
      },
      spent(event) {
        spent += event.cost_usd;
      },
      waiting(event) {
        waiting = { model: event.model, untilMs: performance.now() + event.wait_ms, reason: event.reason };
        draw(false);
      },
      log(level, message) {
        // Who wants no progress, as a cron line does, wants to hear what went wrong all the same.
        if (level === 'warn' ? context.quiet : mode === 'none') return;
        note(level === 'warn' ? `${colors.yellow('warning')} ${message}` : message);
      },
    },
    end: erase,
  };
}

function bar(done: number, width: number): string {
  const filled = Math.round(done * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
}

/** A guess has no tenths: 4_200 ms → 5 s. */
function roughly(ms: number): string {
  return ms < 60_000 ? `${Math.max(1, Math.ceil(ms / 1000))} s` : duration(ms);
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
