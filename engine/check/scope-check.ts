import { isObject } from '../json.ts';
import { join } from './object-check.ts';
import type { Problems } from './problems.ts';

/** A place that names a following state. */
interface Target {
  readonly path: string;
  readonly next: unknown;
}

/** Everywhere a state may hand on to. */
function targetsOf(state: Record<string, unknown>, path: string): Target[] {
  const inList = (list: unknown, name: string): Target[] =>
    (Array.isArray(list) ? list : []).flatMap((entry: unknown, index) =>
      isObject(entry) && entry['Next'] !== undefined
        ? [{ path: `${path}.${name}[${index}].Next`, next: entry['Next'] }]
        : [],
    );
  const single = (name: string): Target[] =>
    state[name] === undefined ? [] : [{ path: join(path, name), next: state[name] }];
  return [
    ...single('Next'),
    ...single('Default'),
    ...inList(state['Choices'], 'Choices'),
    ...inList(state['Catch'], 'Catch'),
  ];
}

/** Checks that transitions stay in the scope, that every state is reached, and that the scope can end. */
export function checkTransitions(
  startAt: unknown,
  states: Record<string, unknown>,
  path: string,
  problems: Problems,
): void {
  const exists = (name: unknown): name is string => typeof name === 'string' && Object.hasOwn(states, name);
  if (startAt !== undefined && !exists(startAt)) {
    problems.invalid(join(path, 'StartAt'), `there is no state ${JSON.stringify(startAt)} in this scope`);
  }
  const reached = new Set<string>(exists(startAt) ? [startAt] : []);
  for (const name of reached) {
    const state = states[name];
    if (!isObject(state)) continue;
    for (const { next } of targetsOf(state, '')) if (exists(next)) reached.add(next); // a Set grows while it is walked
  }
  for (const [name, state] of Object.entries(states)) {
    const at = join(join(path, 'States'), name);
    if (exists(startAt) && !reached.has(name)) problems.invalid(at, 'no transition leads to this state');
    if (!isObject(state)) continue;
    for (const target of targetsOf(state, at)) {
      if (!exists(target.next))
        problems.invalid(target.path, `there is no state ${JSON.stringify(target.next)} in this scope`);
    }
  }
  const ends = (state: unknown): boolean =>
    isObject(state) && (state['End'] === true || state['Type'] === 'Succeed' || state['Type'] === 'Fail');
  if (Object.values(states).some(ends)) return;
  // AWS asks it of the machine alone.
  if (path === '') problems.invalid('States', 'no state ends the machine');
  else problems.notImplemented(join(path, 'States'), 'no state ends this scope');
}

/** Names that the Assigns of a scope's own states give values to, not those of scopes inside it. */
export function assignedNames(states: Record<string, unknown>): Set<string> {
  const names = new Set<string>();
  for (const state of Object.values(states))
    for (const { value } of assignsOf(state, '')) for (const name of Object.keys(value)) names.add(name);
  return names;
}

/** Every Assign of a state: its own, its rules' and its catchers'. */
function assignsOf(state: unknown, path: string): { path: string; value: Record<string, unknown> }[] {
  if (!isObject(state)) return [];
  const own = isObject(state['Assign']) ? [{ path: join(path, 'Assign'), value: state['Assign'] }] : [];
  const nested = ['Choices', 'Catch'].flatMap((name) => {
    const list = state[name];
    return (Array.isArray(list) ? list : []).flatMap((entry: unknown, index) =>
      isObject(entry) && isObject(entry['Assign'])
        ? [{ path: `${path}.${name}[${index}].Assign`, value: entry['Assign'] }]
        : [],
    );
  });
  return [...own, ...nested];
}

const VARIABLE_NAME = /^\p{ID_Start}\p{ID_Continue}{0,79}$/u;

/** Checks the names a state assigns to. */
export function checkAssigns(
  state: unknown,
  path: string,
  outer: ReadonlySet<string>,
  problems: Problems,
): void {
  for (const { path: at, value } of assignsOf(state, path)) {
    for (const name of Object.keys(value)) {
      if (name === 'states') problems.invalid(join(at, name), "'states' is reserved");
      else if (name.startsWith('_'))
        problems.notImplemented(join(at, name), 'a variable name starts with a letter');
      else if (!VARIABLE_NAME.test(name))
        problems.invalid(join(at, name), 'is not a variable name; parts of variables cannot be assigned');
      else if (outer.has(name))
        problems.invalid(join(at, name), 'an outer scope already has a variable of this name');
    }
  }
}
