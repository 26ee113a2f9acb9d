import { isDeepStrictEqual } from 'node:util';

import type { EngineEvent, ExecutionResult, TaskCall } from '../engine.ts';
import { DefinitionError, execute, NotImplementedError } from '../engine.ts';
import { isObject } from '../json.ts';
import type { Json } from '../json.ts';
import { VirtualClock } from '../virtual-clock.ts';
import type { AslCase, StubOutcome, Verdict } from './asl-case.ts';

/** Resources that get a handler even when the case has no stub, because its task is never called. */
const ALWAYS_BOUND = ['arn:aws:states:::lambda:invoke', 'arn:aws:states:::ecs:runTask.sync'];
/** A task that never answers and has no TimeoutSeconds: the default timeout of AWS. */
const DEFAULT_TIMEOUT_MS = 99_999_999_000;

/** Tells the events of the execution itself from those of its children. */
const EXECUTION = 'conformance';

interface Observed {
  readonly calls: { readonly resource: string; readonly arguments: Json }[];
  readonly events: EngineEvent[];
}

/** Runs a case on the engine and compares. */
export async function runCase(aslCase: AslCase): Promise<Verdict> {
  const observed: Observed = { calls: [], events: [] };
  const verdict = (
    kind: Verdict['verdict'],
    reasons: readonly string[],
    notes: readonly string[] = [],
  ): Verdict => ({
    name: aslCase.name,
    verdict: kind,
    reasons,
    notes,
  });
  let result: ExecutionResult;
  try {
    result = await executeCase(aslCase, observed);
  } catch (error) {
    if (error instanceof NotImplementedError) return verdict('refused', [error.message]);
    if (!(error instanceof DefinitionError)) return verdict('wrong', [`the engine threw ${String(error)}`]);
    const lines = error.problems.map(({ kind, path, message }) => `${kind} ${path}: ${message}`);
    const invalid = error.problems.some(({ kind }) => kind === 'Invalid');
    if (aslCase.expected.status === 'INVALID_DEFINITION' && invalid) return verdict('passed', []);
    return verdict(error.problems.some(({ kind }) => kind === 'NotImplemented') ? 'refused' : 'wrong', lines);
  }
  const { reasons, notes } = compare(aslCase, result, observed);
  return verdict(reasons.length === 0 ? 'passed' : 'wrong', reasons, notes);
}

async function executeCase(
  { definition, input, stubs }: AslCase,
  observed: Observed,
): Promise<ExecutionResult> {
  const clock = new VirtualClock();
  const objects = new Map(Object.entries(stubs['s3'] ?? {}) as [string, string][]);
  const resources = new Set([
    ...ALWAYS_BOUND,
    ...Object.keys(stubs).filter((key) => key !== 's3'),
    ...functionArns(definition),
  ]);
  const answer = async (call: TaskCall): Promise<unknown> => {
    const outcomes = (stubs[call.resource] ?? []) as readonly StubOutcome[];
    const earlier = observed.calls.filter(({ resource }) => resource === call.resource).length;
    observed.calls.push({ resource: call.resource, arguments: withoutFunctionName(call.arguments as Json) });
    const outcome = outcomes[Math.min(earlier, outcomes.length - 1)];
    if (outcome === undefined) throw new Error(`the case has no stub for ${call.resource}`);
    if ('return' in outcome) return outcome.return;
    if ('error' in outcome) throw Object.assign(new Error(outcome.cause ?? ''), { name: outcome.error });
    await clock.sleep(DEFAULT_TIMEOUT_MS, call.signal);
    throw Object.assign(new Error(''), { name: 'States.Timeout' });
  };
  return execute(definition, input, {
    clock,
    random: () => 0.5,
    executionName: EXECUTION,
    handlers: Object.fromEntries([...resources].map((resource) => [resource, answer])),
    objects: {
      get: async (bucket, key) => objects.get(`${bucket}/${key}`) ?? null,
      put: async (bucket, key, body) => {
        objects.set(`${bucket}/${key}`, body);
      },
    },
    onEvent: (event) => observed.events.push(event),
  });
}

/** Lambda functions used directly as Resource. */
function functionArns(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(functionArns);
  if (!isObject(node)) return [];
  const own =
    typeof node['Resource'] === 'string' && node['Resource'].startsWith('arn:aws:lambda:')
      ? [node['Resource']]
      : [];
  return [...own, ...Object.values(node).flatMap(functionArns)];
}

function withoutFunctionName(args: Json): Json {
  if (!isObject(args)) return args;
  const { FunctionName: _, ...rest } = args as Record<string, Json>;
  return rest;
}

function compare({ definition, expected }: AslCase, result: ExecutionResult, observed: Observed) {
  const reasons: string[] = [];
  const notes: string[] = [];
  const equal = (what: string, actual: unknown, wanted: unknown): void => {
    if (!isDeepStrictEqual(asJson(actual), asJson(wanted)))
      reasons.push(`${what}: expected ${show(wanted)}, got ${show(actual)}`);
  };
  const error = 'error' in result ? result.error : undefined;
  const cause = 'cause' in result ? result.cause : undefined;
  // The recorded cases know one kind of failure; an execution that timed out is one with States.Timeout.
  const timedOut =
    result.status === 'TIMED_OUT' && expected.status === 'FAILED' && expected.error === 'States.Timeout';
  if (!timedOut) equal('status', result.status, expected.status);
  if (reasons.length > 0 && error !== undefined) reasons.push(`${error}: ${cause ?? ''}`);
  if (result.status === 'SUCCEEDED' && 'output' in expected) equal('output', result.output, expected.output);
  if (expected.status === 'FAILED' && result.status !== 'SUCCEEDED') {
    if (expected.error_any_of === undefined) equal('error', error, expected.error);
    else if (!expected.error_any_of.includes(error ?? '')) equal('error', error, expected.error_any_of);
    if (expected.cause !== undefined && cause !== expected.cause)
      notes.push(`cause: expected ${expected.cause}, got ${cause}`);
  }
  // Concurrent branches and iterations enter states and call tasks in no order that AWS promises.
  const order = isConcurrent(definition) ? sorted : (values: readonly unknown[]) => values;
  if (expected.calls !== undefined) equal('calls', order(observed.calls), order(expected.calls));
  const entered = statesEntered(observed.events);
  if (expected.path !== undefined) {
    const own = entered.filter(({ execution }) => execution === EXECUTION).map(({ state }) => state);
    equal('path', order(own), order(expected.path));
  }
  for (const [name, count] of Object.entries(expected.entered ?? {})) {
    equal(`entered ${name}`, entered.filter(({ state }) => state === name).length, count);
  }
  if (expected.waits_seconds !== undefined) {
    const waits = observed.events.flatMap((event) =>
      event.type === 'TaskRetried' ? [event.backoffMs / 1000] : [],
    );
    equal('waits_seconds', waits, expected.waits_seconds);
  }
  return { reasons, notes };
}

function statesEntered(events: readonly EngineEvent[]) {
  return events.flatMap((event) => (event.type === 'StateEntered' ? [event] : []));
}

function isConcurrent(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(isConcurrent);
  if (!isObject(node)) return false;
  if (node['Type'] === 'Parallel' || (node['Type'] === 'Map' && node['MaxConcurrency'] !== 1)) return true;
  return Object.values(node).some(isConcurrent);
}

function sorted(values: readonly unknown[]): unknown[] {
  return values
    .map((value) => [JSON.stringify(value), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
}

/** As written to a file: JSON has no -0. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
