/**
 * The ports of the domain, types only. Adapters implement them; tasks receive them. Every port has a contract suite in
 * tests/contracts/ that each adapter passes.
 */
import type { StopReason, Usage } from '../schemas/common.ts';
import type { ModelConfig } from '../schemas/model-config.ts';
import type { SkipReason } from '../schemas/planned-run.ts';
import type { RunSummary } from '../schemas/run-summary.ts';
import type { WeeklySummary } from '../schemas/weekly-summary.ts';

/** The lake: S3 buckets or a folder behind one key space. Keys are relative, `/`-separated, never start with `/` or hold `..`. */
export interface ObjectStore {
  /** The object's bytes, or null when there is none. Throws StoreUnavailable (retryable) when the store cannot say. */
  get(key: string): Promise<Uint8Array | null>;
  /** Writes unless the key exists. Atomic and durable: `written` means every later get sees all of it; `exists` changes nothing. */
  putIfAbsent(key: string, body: Uint8Array | string): Promise<'written' | 'exists'>;
  /** Writes or replaces, atomically. For derived keys only; refuses a key under a write-once prefix. */
  put(key: string, body: Uint8Array | string): Promise<void>;
  /** All keys under a prefix, sorted by UTF-16 code unit, whatever the paging underneath; never a truncated half. */
  list(prefix: string): AsyncIterable<{ key: string; size_bytes: number }>;
}

/** The shipped (or the user's) config folder, as LoadManifest publishes it. */
export interface ConfigSource {
  /** Every file below config/, path relative to it (`rubrics/rubric-1.1.json`), sorted by path. */
  files(): Promise<readonly { path: string; text: string }[]>;
}

/** Time and waiting. Adapters: system clock, virtual clock (tests, simulated latency). */
export interface Clock {
  /** Current time, UTC ISO-8601 with milliseconds. */
  now(): string;
  /** Monotonic milliseconds, for durations. */
  monotonicMs(): number;
  /** Resolves after `ms`, rejects with AbortError when the signal fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Who is asking, for what: rides along for reconciliation (Bedrock requestMetadata) and seeds simulated models. */
export interface CallIdentity {
  execution_id: string;
  run_id: string;
  /** 1-based turn; 0 outside a dialogue. */
  turn_index: number;
  component: 'dialogue' | 'student' | 'judge' | 'secondary_judge' | 'canary' | 'preflight';
  /** 1 for the first call of this purpose; a repair ask is 2. Retries of the same call do not raise it. */
  ask: number;
}

export interface ChatMessage {
  role: 'user' | 'assistant';
  text: string;
}

/**
 * What a simulated tutor may know of the scenario; never sent to a provider. It lets a known-answer tutor do exactly one
 * thing wrong without having to understand language.
 */
export interface SimulationHints {
  /** What the student says in this turn, without pasted material. */
  said: string;
  move: string | null;
  injected: { kind: string; id: string } | null;
  /** A short phrase of what the student just said, fit to be taken up in a question. */
  focus: string;
  /** Salient items, most alive first (item_id, text). */
  salient: readonly { item_id: string; text: string }[];
  /** The open contradiction, when the student holds both sides by now. */
  contradiction: { first: string; second: string } | null;
  /** Text of the decoy the student tempts with in this turn. */
  decoy: string | null;
  /** Is the student asking about the process in this turn? */
  is_meta: boolean;
  /** Pressure injections so far, this turn included. */
  pressure_count: number;
  reference_answer: string | null;
  goal: string;
}

/** One call of a chat model. */
export interface ChatRequest {
  system: string;
  /** The conversation so far; the same growing array over a run's turns, never copied. */
  messages: readonly ChatMessage[];
  temperature: number | null;
  max_output_tokens: number;
  /** `json`: the answer shall be one JSON object of `schema` (forced tool where the model has it). */
  output: { kind: 'text' } | { kind: 'json'; name: string; schema: object };
  call: CallIdentity;
  hints?: SimulationHints;
  /**
   * Called before another try follows one that was sent and never answered, which may be billed all the same. False: there
   * is no money for a further try, and the call fails. Who pays for no call leaves it out.
   */
  onUnanswered?: () => Promise<boolean>;
}

export interface ChatResult {
  text: string;
  stop_reason: StopReason;
  usage: Usage;
  /** Measured (or simulated) latency of the adopted call. */
  latency_ms: number;
  /** Calls made, failed ones included; 1 without retries. */
  attempts: number;
}

/**
 * A chat model. Errors it throws are `ModelError`s (core/model-error.ts): `isRetryable` is decided in the adapter, once;
 * the retry-and-rate-limit layer above all adapters acts on it.
 */
export interface ChatModel {
  readonly config: ModelConfig;
  chat(request: ChatRequest, signal?: AbortSignal): Promise<ChatResult>;
  /**
   * Read-only look whether the model can be used; at most one 1-token call. A busy provider is usable, one that cannot be
   * reached is not: adapters throw `unreachable`, the layer above them tries again before it says so.
   */
  probe(
    signal?: AbortSignal,
  ): Promise<{ usable: true; usage: Usage | null } | { usable: false; reason: SkipReason; detail: string }>;
}

/** Opens models by configuration; one instance a model and process, so that limits are shared. */
export interface ChatModels {
  open(config: ModelConfig): ChatModel;
}

/** The models of a measure: simulated ones speak from the phrase bank that its manifest names. */
export type ModelsFor = (measure: { simulatedBank: string }) => ChatModels;

/**
 * How work is stopped. `drain`: finish the call in flight, record it, begin no other (SIGTERM, first Ctrl-C).
 * `abort`: give up the call in flight too.
 */
export interface Stop {
  drain: AbortSignal;
  abort: AbortSignal;
}

/** The spend of one execution under its hard cap: worst case reserved before a call, settled after. */
export interface Budget {
  /** Reserves `usd` for one call; null when that would exceed the cap. */
  reserve(execution_id: string, model: string, usd: number): Promise<{ reservation_id: string } | null>;
  /** Replaces a reservation by what was billed. */
  settle(reservation_id: string, usd: number): Promise<void>;
  /** Settled plus outstanding US dollars of the execution. */
  committed(execution_id: string): Promise<number>;
  /** Sets the cap of an execution; the first call wins, later ones must agree or raise it. */
  open(execution_id: string, cap_usd: number): Promise<void>;
}

/** The six reads of the run index over official executions, and `record`, which on a laptop does nothing. */
export interface RunIndex {
  runById(run_id: string): Promise<RunSummary | null>;
  worstHalfLives(series: string, week: string, limit: number): Promise<RunSummary[]>;
  topCompliance(series: string, week: string, limit: number): Promise<RunSummary[]>;
  /** Runs of one model in the official executions of a series, weeks from `from_week` to before `before_week`. */
  modelRuns(series: string, model: string, from_week: string, before_week: string): Promise<RunSummary[]>;
  weeklySummary(
    series: string,
    model: string,
    variant: string,
    phase: string,
    week: string,
  ): Promise<WeeklySummary | null>;
  summariesOfWeek(series: string, week: string, phase: string): Promise<WeeklySummary[]>;
  record(runs: AsyncIterable<RunSummary>, weekly: readonly WeeklySummary[]): Promise<void>;
}

/** One message out: SNS, or the console. `digest` is the weekly one, sent even when all is quiet. */
export interface AlertSink {
  publish(message: {
    kind: 'alert' | 'digest';
    subject: string;
    body: string;
    dedup_id: string;
  }): Promise<void>;
}

/** One CloudWatch Embedded Metric Format document out: stdout on AWS, a file on a laptop. */
export interface MetricSink {
  emit(document: object): Promise<void>;
}

/** Starts executions of the state machine. */
export interface ExecutionStarter {
  /** Starts one under `name`; `exists` when an execution has that name, whatever became of it, and nothing is started. */
  start(name: string, input: object): Promise<'started' | 'exists'>;
}

/** A column-wise table writer (Parquet). */
export interface TableEncoder {
  open(table: TableName): TableFile;
}
/** One file being encoded; rows leave memory as row groups fill. */
export interface TableFile {
  append(rows: Iterable<object>): void;
  /** The whole file. The same rows give the same bytes. */
  finish(): Uint8Array;
}
export type TableName = 'turns_curated' | 'weekly_summary';

/** Progress for people; carries no result. */
export interface Telemetry {
  turn(event: {
    run_id: string;
    model: string;
    phase: string;
    component: 'dialogue' | 'judge';
    cost_usd: number;
    adopted: boolean;
  }): void;
  /** Money of one call, as it is settled: of a tutor, student, judge or canary, and of a try that was never answered. */
  spent?(event: { cost_usd: number }): void;
  waiting(event: { model: string; wait_ms: number; reason: string }): void;
  log(level: 'info' | 'warn', message: string): void;
}
