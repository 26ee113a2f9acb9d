import jsonata from 'jsonata';

import { isObject } from '../json.ts';

/** What an expression reads and uses, found in its syntax tree. */
export interface ExpressionFacts {
  /** Syntax error of JSONata, if any; the rest is empty then. */
  readonly syntaxError?: string;
  /** Variables read that the expression does not bind itself, without functions it only calls. */
  readonly variables: ReadonlySet<string>;
  /** Functions called by name. */
  readonly calls: ReadonlySet<string>;
  /** Paths from `$states`, as lists of names: `['context', 'Map']`; an empty list is `$states` alone. */
  readonly statesPaths: readonly (readonly string[])[];
  /** `$`, `$$` and names that need an input document, which States Language expressions do not have. */
  readonly inputReferences: readonly string[];
  /** `*`, `**` and `%` that need one. */
  readonly inputSteps: readonly string[];
}

type Node = Record<string, unknown>;

/** Parses an expression and collects the facts the definition check judges. */
export function readExpression(source: string): ExpressionFacts {
  const facts = new FactCollector();
  try {
    const tree = jsonata(source).ast() as unknown as Node;
    collectBound(tree, facts.bound);
    facts.visit(tree, false);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    return { ...new FactCollector(), syntaxError: `${code ?? 'error'}: ${message ?? String(error)}` };
  }
  return facts;
}

class FactCollector implements ExpressionFacts {
  readonly variables = new Set<string>();
  readonly calls = new Set<string>();
  readonly statesPaths: string[][] = [];
  readonly inputReferences: string[] = [];
  readonly inputSteps: string[] = [];
  /** Names bound anywhere in the expression count as local everywhere in it. */
  readonly bound = new Set<string>();

  /** @param focused whether `$` and bare names have something to refer to here: inside a path or a predicate */
  visit(node: unknown, focused: boolean): void {
    if (Array.isArray(node)) for (const element of node) this.visit(element, focused);
    if (!isObject(node)) return;
    switch (node['type']) {
      case 'path':
        return this.#path(node, focused);
      case 'variable':
        this.#variable(node, focused);
        return this.#rest(node, true);
      case 'name':
        if (!focused) this.inputReferences.push(String(node['value']));
        return this.#rest(node, true);
      case 'wildcard':
      case 'descendant':
      case 'parent':
        if (!focused) this.inputSteps.push(String(node['value'] ?? '%'));
        return this.#rest(node, true);
      case 'function':
      case 'partial':
        this.#call(node, focused);
        return this.#rest(node, true);
      case 'lambda':
        return this.visit(node['body'], focused);
      case 'transform':
        this.visit(node['pattern'], true);
        this.visit(node['update'], true);
        return this.visit(node['delete'], true);
      case 'bind':
        return this.visit(node['rhs'], focused);
      default:
        for (const [key, child] of Object.entries(node)) {
          if (!REST.has(key)) this.visit(child, focused);
        }
        return this.#rest(node, true);
    }
  }

  /** Only the first step of a path stands where the path stands; the others refer to what came before. */
  #path(node: Node, focused: boolean): void {
    const steps = node['steps'] as Node[];
    const [first] = steps;
    if (first?.['type'] === 'variable' && first['value'] === 'states') {
      const names: string[] = [];
      for (const step of steps.slice(1)) {
        if (step['type'] !== 'name') break;
        names.push(String(step['value']));
      }
      this.statesPaths.push(names);
      this.#rest(first, true);
    } else this.visit(first, focused);
    this.visit(steps.slice(1), true);
    this.#rest(node, true);
  }

  #variable(node: Node, focused: boolean): void {
    const name = String(node['value']);
    if (name === '$' || (name === '' && !focused)) this.inputReferences.push(`$${name}`);
    else if (name === 'states') this.statesPaths.push([]);
    else if (name !== '' && !this.bound.has(name)) this.variables.add(name);
  }

  #call(node: Node, focused: boolean): void {
    const procedure = node['procedure'] as Node;
    // A called name may be a variable holding nothing callable; that is an error of the run, as on AWS.
    if (procedure['type'] === 'variable') this.calls.add(String(procedure['value']));
    else this.visit(procedure, focused);
    this.visit(node['arguments'], focused);
  }

  /** Predicates, groupings and orders look at what their step yields. */
  #rest(node: Node, focused: boolean): void {
    for (const key of REST) this.visit(node[key], focused);
  }
}

const REST = new Set(['predicate', 'stages', 'group', 'terms', 'nextFunction']);

function collectBound(node: unknown, bound: Set<string>): void {
  if (Array.isArray(node)) for (const element of node) collectBound(element, bound);
  if (!isObject(node)) return;
  if (node['type'] === 'bind') bound.add(String((node['lhs'] as Node)['value']));
  if (node['type'] === 'lambda') {
    for (const parameter of node['arguments'] as Node[]) bound.add(String(parameter['value']));
  }
  if (typeof node['focus'] === 'string') bound.add(node['focus']);
  if (typeof node['index'] === 'string') bound.add(node['index']);
  if (isObject(node['stages']) || Array.isArray(node['stages'])) {
    for (const stage of node['stages'] as Node[])
      if (stage['type'] === 'index') bound.add(String(stage['value']));
  }
  for (const child of Object.values(node)) collectBound(child, bound);
}
