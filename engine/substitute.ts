import type { DefinitionProblem } from './check/problem.ts';
import type { Json } from './json.ts';

const TOKEN = /\$\{([^{}]*)\}/g;

/**
 * Replaces `${Token}` in all strings and keys of a definition, as CDK's definitionSubstitutions do.
 * A token without a value and a value without a token are problems: both go unnoticed until the machine runs on AWS.
 */
export function substitute(
  definition: unknown,
  values: Readonly<Record<string, string>>,
): { definition: unknown; problems: DefinitionProblem[] } {
  const used = new Set<string>();
  const problems: DefinitionProblem[] = [];
  const inText = (text: string, path: string): string =>
    text.replace(TOKEN, (whole, token: string) => {
      used.add(token);
      const value = Object.hasOwn(values, token) ? values[token] : undefined;
      if (value === undefined)
        problems.push({ kind: 'Invalid', path, message: `no value is given for ${whole}` });
      return value ?? whole;
    });
  const walk = (node: unknown, path: string): unknown => {
    if (typeof node === 'string') return inText(node, path);
    if (Array.isArray(node)) return node.map((element, index) => walk(element, `${path}[${index}]`));
    if (typeof node !== 'object' || node === null) return node as Json;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        const at = path === '' ? key : `${path}.${key}`;
        return [inText(key, at), walk(value, at)];
      }),
    );
  };
  const result = walk(definition, '');
  for (const token of Object.keys(values)) {
    if (!used.has(token)) {
      problems.push({ kind: 'Invalid', path: '', message: `the definition has no token \${${token}}` });
    }
  }
  return { definition: result, problems };
}
