import type { z } from 'zod';

/** zod issues as `file: path: expected … got …`, the form every error about input takes. */
export function describeIssues(file: string, input: unknown, issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(
        (key) =>
          `${file}: ${pathText([...issue.path, key])}: expected no such key, got ${JSON.stringify(key)}`,
      );
    }
    if (issue.code === 'invalid_union') {
      const nested = issue.errors.flat();
      if (nested.length > 0)
        return describeIssues(
          file,
          input,
          nested.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) as z.core.$ZodIssue[],
        ).slice(0, 3);
    }
    return [
      `${file}: ${pathText(issue.path)}: ${expectation(issue)}, got ${show(valueAt(input, issue.path))}`,
    ];
  });
}

function expectation(issue: z.core.$ZodIssue): string {
  const message = issue.message
    .replace(/^Invalid (input|option|string|value): ?/, '')
    .replace(/, received .*$/, '')
    .replace(/^Too (small|big): /, '');
  return message.startsWith('expected')
    ? message
    : `expected ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(root)';
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`,
    )
    .join('');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
