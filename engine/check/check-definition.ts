import type { Place } from '../fields.ts';
import { isObject } from '../json.ts';
import { MAX_SECONDS } from '../limits.ts';
import { parseTimestamp } from '../timestamp.ts';
import { checkCatch, checkRetry } from './errors-check.ts';
import type { ExpressionPlace } from './expressions-check.ts';
import { checkMap, isDistributed } from './map-check.ts';
import { checkChoiceOf, checkNumber, checkObject, join } from './object-check.ts';
import type { DefinitionProblem } from './problem.ts';
import { Problems } from './problems.ts';
import { assignedNames, checkAssigns, checkTransitions } from './scope-check.ts';
import { checkTask } from './task-check.ts';

const MAX_STATE_NAME_CHARACTERS = 80;
const STATE_TYPES = ['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map'] as const;

/** What is known on the way down. */
interface Around {
  readonly problems: Problems;
  readonly resources: readonly string[] | undefined;
  readonly queryLanguage: unknown;
  /** State names of the whole machine, with the path of the first. */
  readonly names: Map<string, string>;
  /** Variables of all outer scopes: not to be assigned here. */
  readonly outer: ReadonlySet<string>;
  readonly place: ExpressionPlace;
}

/**
 * Checks a definition as strictly as AWS does when a machine is created, and refuses whatever this engine lacks.
 * @param definition the parsed JSON, tokens replaced
 * @param options.resources the Resources with a handler; when absent, lambda:invoke, ecs:runTask.sync and ARNs of Lambda
 * functions are taken
 */
export function checkDefinition(
  definition: unknown,
  options: { readonly resources?: readonly string[] } = {},
): DefinitionProblem[] {
  const problems = new Problems();
  const place: ExpressionPlace = { unreachable: new Set() };
  const machine = checkObject(definition, '', 'State machine', place, problems);
  if (machine === undefined) return problems.list;
  checkChoiceOf(
    machine['QueryLanguage'],
    'QueryLanguage',
    { implemented: ['JSONata', 'JSONPath'] },
    problems,
  );
  checkChoiceOf(machine['Version'], 'Version', { implemented: ['1.0'] }, problems);
  checkNumber(
    machine['TimeoutSeconds'],
    'TimeoutSeconds',
    { min: 1, max: MAX_SECONDS, literal: true },
    problems,
  );
  checkScope(machine, '', {
    problems,
    resources: options.resources,
    queryLanguage: machine['QueryLanguage'],
    names: new Map(),
    outer: new Set(),
    place,
  });
  return problems.list;
}

function checkScope(scope: Record<string, unknown>, path: string, around: Around): void {
  const { problems } = around;
  const states = scope['States'];
  if (states === undefined) return; // reported as missing
  const statesPath = join(path, 'States');
  if (!isObject(states) || Object.keys(states).length === 0) {
    return problems.invalid(statesPath, 'must be an object with at least one state');
  }
  checkTransitions(scope['StartAt'], states, path, problems);
  const visible = new Set([...around.outer, ...assignedNames(states)]);
  for (const [name, state] of Object.entries(states)) {
    const at = join(statesPath, name);
    checkName(name, at, around);
    checkAssigns(state, at, around.outer, problems);
    checkState(state, at, { ...around, outer: visible });
  }
}

function checkName(name: string, path: string, { names, problems }: Around): void {
  const first = names.get(name);
  if (first !== undefined)
    problems.invalid(path, `the name is taken by ${first}; names are unique in the whole machine`);
  else names.set(name, path);
  if (name.length < 1 || name.length > MAX_STATE_NAME_CHARACTERS) {
    problems.invalid(path, `a state's name has 1 to ${MAX_STATE_NAME_CHARACTERS} characters`);
  }
}

function checkState(value: unknown, path: string, around: Around): void {
  const { problems, place } = around;
  if (!isObject(value)) return problems.invalid(path, 'must be an object');
  const type = value['Type'];
  checkChoiceOf(type, join(path, 'Type'), { implemented: STATE_TYPES }, problems);
  const known = STATE_TYPES.find((name) => name === type);
  if (known === undefined) {
    if (type === undefined) problems.invalid(join(path, 'Type'), "a state needs 'Type'");
    return;
  }
  const language = value['QueryLanguage'] ?? around.queryLanguage ?? 'JSONPath';
  if (language !== 'JSONata') {
    if (around.queryLanguage === 'JSONata')
      return problems.invalid(join(path, 'QueryLanguage'), 'a JSONata machine has JSONata states only');
    // The fields of a JSONPath state would all look wrong; one message says what is the matter.
    return problems.notImplemented(
      join(value['QueryLanguage'] === undefined ? '' : path, 'QueryLanguage'),
      `${path} is in JSONPath, which is not implemented; set "QueryLanguage": "JSONata"`,
    );
  }
  const fields = checkObject(value, path, known satisfies Place, place, problems);
  if (fields === undefined) return;
  if (known !== 'Choice' && known !== 'Succeed' && known !== 'Fail') checkEnd(fields, path, problems);
  if (fields['Assign'] !== undefined && !isObject(fields['Assign'])) {
    problems.invalid(join(path, 'Assign'), 'must be an object with a member for each variable');
  }
  if (fields['Retry'] !== undefined) checkRetry(fields['Retry'], join(path, 'Retry'), place, problems);
  if (fields['Catch'] !== undefined) checkCatch(fields['Catch'], join(path, 'Catch'), place, problems);
  checkType(known, fields, path, around);
}

function checkEnd(fields: Record<string, unknown>, path: string, problems: Problems): void {
  if (fields['End'] !== undefined && typeof fields['End'] !== 'boolean')
    problems.invalid(join(path, 'End'), 'must be a boolean');
  if ((fields['Next'] !== undefined) === (fields['End'] === true)) {
    problems.invalid(path, "needs either 'Next' or 'End': true");
  }
}

function checkType(
  type: (typeof STATE_TYPES)[number],
  fields: Record<string, unknown>,
  path: string,
  around: Around,
): void {
  const { problems, place } = around;
  switch (type) {
    case 'Task':
      return checkTask(fields, path, around.resources, problems);
    case 'Choice':
      return checkChoice(fields, path, around);
    case 'Wait':
      return checkWait(fields, path, problems);
    case 'Fail':
      for (const name of ['Error', 'Cause']) {
        if (fields[name] !== undefined && typeof fields[name] !== 'string')
          problems.invalid(join(path, name), 'must be a string');
      }
      return;
    case 'Parallel':
      return checkBranches(fields['Branches'], join(path, 'Branches'), around);
    case 'Map':
      checkMap(fields, path, place, problems);
      return checkItemProcessor(fields, join(path, 'ItemProcessor'), around);
    case 'Pass':
    case 'Succeed':
      return;
  }
}

function checkChoice(fields: Record<string, unknown>, path: string, { problems, place }: Around): void {
  const choices = fields['Choices'];
  const at = join(path, 'Choices');
  if (choices === undefined) return; // reported as missing
  if (!Array.isArray(choices) || choices.length === 0)
    return problems.invalid(at, 'must be a non-empty array');
  for (const [index, value] of choices.entries()) {
    const rule = checkObject(value, `${at}[${index}]`, 'Choice rule', place, problems);
    const condition = rule?.['Condition'];
    const isExpression =
      typeof condition === 'string' && condition.startsWith('{%') && condition.endsWith('%}');
    if (condition !== undefined && typeof condition !== 'boolean' && !isExpression) {
      problems.invalid(`${at}[${index}].Condition`, 'must be true, false or an expression');
    }
  }
}

function checkWait(fields: Record<string, unknown>, path: string, problems: Problems): void {
  const { Seconds: seconds, Timestamp: timestamp } = fields;
  if ((seconds === undefined) === (timestamp === undefined))
    problems.invalid(path, "needs either 'Seconds' or 'Timestamp'");
  checkNumber(seconds, join(path, 'Seconds'), { min: 0, max: MAX_SECONDS }, problems);
  if (timestamp === undefined) return;
  const isExpression =
    typeof timestamp === 'string' && timestamp.startsWith('{%') && timestamp.endsWith('%}');
  if (!isExpression && (typeof timestamp !== 'string' || parseTimestamp(timestamp) === undefined)) {
    problems.invalid(join(path, 'Timestamp'), 'must be an ISO-8601 date-time with T and an offset');
  }
}

function checkBranches(value: unknown, path: string, around: Around): void {
  const { problems, place } = around;
  if (value === undefined) return; // reported as missing
  if (!Array.isArray(value)) return problems.invalid(path, 'must be an array');
  if (value.length === 0) problems.notImplemented(path, 'a Parallel without branches is not implemented');
  for (const [index, entry] of value.entries()) {
    const branch = checkObject(entry, `${path}[${index}]`, 'Branch', place, problems);
    if (branch !== undefined) checkScope(branch, `${path}[${index}]`, around);
  }
}

function checkItemProcessor(fields: Record<string, unknown>, path: string, around: Around): void {
  if (fields['ItemProcessor'] === undefined) return; // reported as missing
  const processor = checkObject(
    fields['ItemProcessor'],
    path,
    'ItemProcessor',
    around.place,
    around.problems,
  );
  if (processor === undefined) return;
  // Children of a Distributed Map are executions of their own; the variables around them do not reach them.
  const inside = isDistributed(fields) ? { ...around, place: { unreachable: around.outer } } : around;
  checkScope(processor, path, inside);
}
