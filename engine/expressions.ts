import jsonata from 'jsonata';

import type { FunctionPorts } from './functions.ts';
import { memoryError, registerFunctions } from './functions.ts';
import type { Json } from './json.ts';

/**
 * Evaluated nodes before an expression counts as endless. AWS ends an expression after one second; steps stand for time
 * here, because many children evaluate in turns, and so that a slow machine gives the same result as a fast one.
 */
const MAX_STEPS = 200_000;
/** Nested evaluations AWS allows: `1 + … + 1` passes with 100 terms and fails with 101. */
const MAX_DEPTH = 100;
/** What a value within an expression may hold on AWS: `[1..873782]` passes, and a string of 2^22 characters. */
const MAX_ELEMENTS = 873_782;
const MAX_CHARACTERS = 4_194_304;
/** The space keeps the name out of reach of any expression. */
const BUDGET = ' budget';

interface Budget {
  steps: number;
  depth: number;
}

/** What is wrong with an evaluation; the caller adds the state and makes it States.QueryEvaluationError. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** The JSONata source inside `{% … %}`, or undefined for anything else: a literal. */
export function expressionIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length < 4 || !value.startsWith('{%') || !value.endsWith('%}'))
    return undefined;
  return value.slice(2, -2).trim();
}

/** Evaluates templates; each distinct expression is compiled once, however many items pass through it. */
export class Expressions {
  readonly #compiled = new Map<string, jsonata.Expression>();
  readonly #ports: FunctionPorts;

  constructor(ports: FunctionPorts) {
    this.#ports = ports;
  }

  /**
   * Replaces every expression in a template by its value.
   * @param field the name AWS gives the place in its message, e.g. `Output`; deeper places are added: `Output/result`
   * @throws EvaluationError when an expression fails, or gives nothing or no JSON
   */
  async evaluate(template: Json, field: string, bindings: Record<string, unknown>): Promise<Json> {
    if (typeof template === 'string') {
      const source = expressionIn(template);
      return source === undefined ? template : this.#run(source, field, bindings);
    }
    if (typeof template !== 'object' || template === null) return template;
    if (Array.isArray(template)) {
      const values: Json[] = [];
      for (const [index, value] of template.entries()) {
        values.push(await this.evaluate(value, `${field}[${index}]`, bindings));
      }
      return values;
    }
    const members: Record<string, Json> = {};
    for (const [key, value] of Object.entries(template)) {
      setMember(members, key, await this.evaluate(value, `${field}/${key}`, bindings));
    }
    return members;
  }

  async #run(source: string, field: string, bindings: Record<string, unknown>): Promise<Json> {
    const place = `The JSONata expression '${source}' specified for the field '${field}'`;
    const budget: Budget = { steps: 0, depth: 0 };
    let result: unknown;
    try {
      // States Language expressions have no input document: `$` and unqualified names are refused by the check.
      result = await this.#compile(source).evaluate(undefined, { ...bindings, [BUDGET]: budget });
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      throw new EvaluationError(
        `${place} threw an error during evaluation${code ? `. ${code}` : ''}: ${message}`,
      );
    }
    if (result === undefined) throw new EvaluationError(`${place} returned nothing (undefined).`);
    return plainJson(result, place);
  }

  #compile(source: string): jsonata.Expression {
    let expression = this.#compiled.get(source);
    if (expression === undefined) {
      expression = jsonata(source);
      registerFunctions(expression, this.#ports);
      limitEffort(expression);
      this.#compiled.set(source, expression);
    }
    return expression;
  }
}

/** Hooks of the library (as its own exerciser uses them) that stop an expression which takes too much. */
function limitEffort(expression: jsonata.Expression): void {
  // The type declaration of the library leaves symbols out.
  const hook = expression.assign as unknown as (name: symbol, value: unknown) => void;
  hook(
    Symbol.for('jsonata.__evaluate_entry'),
    (_node: unknown, _input: unknown, environment: HookEnvironment) => {
      const budget = environment.lookup(BUDGET) as Budget;
      budget.steps += 1;
      if (budget.steps > MAX_STEPS) {
        throw new Error(
          `Expression evaluation timeout: Check for infinite loop (more than ${MAX_STEPS} steps)`,
        );
      }
      if (environment.isParallelCall) return;
      budget.depth += 1;
      if (budget.depth > MAX_DEPTH) {
        const advice = 'Check for non-terminating recursive function. Consider rewriting as tail-recursive.';
        throw new Error(`Stack overflow error: ${advice} Depth=${budget.depth} max=${MAX_DEPTH}`);
      }
    },
  );
  hook(
    Symbol.for('jsonata.__evaluate_exit'),
    (_node: unknown, _input: unknown, environment: HookEnvironment, result: unknown) => {
      if (!environment.isParallelCall) (environment.lookup(BUDGET) as Budget).depth -= 1;
      const length = Array.isArray(result) || typeof result === 'string' ? result.length : 0;
      if (length > (typeof result === 'string' ? MAX_CHARACTERS : MAX_ELEMENTS)) throw memoryError();
    },
  );
}

interface HookEnvironment {
  lookup(name: string): unknown;
  readonly isParallelCall?: boolean;
}

/**
 * Copies a result, so that the hidden `sequence` flags of the library do not travel with the data. A number that JSON
 * cannot hold becomes its name, as on AWS: `1 / 0` is "Infinity".
 */
function plainJson(value: unknown, place: string): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map((element) => plainJson(element, place));
  if (typeof value === 'object' && isPlain(value)) {
    const members: Record<string, Json> = {};
    for (const [key, member] of Object.entries(value)) setMember(members, key, plainJson(member, place));
    return members;
  }
  throw new EvaluationError(`${place} returned an unsupported result type.`);
}

/** Functions and regular expressions of the library are marked objects. */
function isPlain(value: object): boolean {
  return !('_jsonata_function' in value) && !('_jsonata_lambda' in value);
}

/** Sets a member also when its key is `__proto__`, which assignment would take for the prototype. */
function setMember(members: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(members, key, { value, enumerable: true, writable: true, configurable: true });
  } else members[key] = value;
}
