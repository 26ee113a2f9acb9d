import { expressionIn } from '../expressions.ts';
import { isObject } from '../json.ts';
import { readExpression } from './expression-facts.ts';
import type { Problems } from './problems.ts';

/** Where an expression stands, as far as it decides what the expression may read. */
export interface ExpressionPlace {
  /** Top-level Output and Assign of Task, Map and Parallel. */
  readonly result?: boolean;
  /** Output and Assign of a Catcher. */
  readonly errorOutput?: boolean;
  /** ItemSelector. */
  readonly map?: boolean;
  /** Variables of the scopes around a DISTRIBUTED Map, which its children do not see. */
  readonly unreachable: ReadonlySet<string>;
}

/** Checks every expression inside a field; literals need no check. */
export function checkExpressions(
  template: unknown,
  path: string,
  place: ExpressionPlace,
  problems: Problems,
): void {
  if (Array.isArray(template)) {
    for (const [index, value] of template.entries())
      checkExpressions(value, `${path}[${index}]`, place, problems);
  } else if (isObject(template)) {
    for (const [key, value] of Object.entries(template))
      checkExpressions(value, `${path}.${key}`, place, problems);
  } else {
    const source = expressionIn(template);
    if (source !== undefined) checkSource(source, path, place, problems);
    else if (isHalfOpen(template))
      problems.notImplemented(path, 'an expression starts with {% and ends with %}, without space around');
  }
}

/** AWS documents such a string as an error; what it does with it was not seen. */
function isHalfOpen(text: unknown): boolean {
  return typeof text === 'string' && text.startsWith('{%') !== text.endsWith('%}');
}

function checkSource(source: string, path: string, place: ExpressionPlace, problems: Problems): void {
  const facts = readExpression(source);
  if (facts.syntaxError !== undefined)
    return problems.invalid(path, `not a JSONata 2.0 expression: ${facts.syntaxError}`);
  for (const reference of facts.inputReferences)
    problems.invalid(
      path,
      `Reference to '${reference}' at the top level is not supported; use $states.input`,
    );
  for (const step of facts.inputSteps)
    problems.notImplemented(path, `'${step}' at the top level has nothing to look at; use $states.input`);
  if (facts.calls.has('eval') || facts.variables.has('eval'))
    problems.notImplemented(path, 'Step Functions has no $eval; use $parse');
  for (const name of facts.variables) {
    if (place.unreachable.has(name)) {
      problems.notImplemented(
        path,
        `the variable $${name} belongs to a scope that the children of a Distributed Map cannot read`,
      );
    }
  }
  for (const names of facts.statesPaths) checkStatesPath(names, path, place, problems);
}

const CONTEXT = new Set(['Execution', 'State', 'StateMachine']);

function checkStatesPath(
  names: readonly string[],
  path: string,
  place: ExpressionPlace,
  problems: Problems,
): void {
  const [first, second] = names;
  if (first === undefined || first === 'input') return;
  if (first === 'result' && place.result === true) return;
  if (first === 'errorOutput' && place.errorOutput === true) return;
  if (first !== 'context') return problems.invalid(path, `Field '$states.${first}' does not exist.`);
  if (second === undefined || CONTEXT.has(second) || (second === 'Map' && place.map === true)) return;
  problems.notImplemented(path, `$states.context.${second} is not implemented here`);
}
