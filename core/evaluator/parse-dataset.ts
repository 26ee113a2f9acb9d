import { ERROR } from '../../schemas/names.ts';
import { questionSchema, type Question } from '../../schemas/evaluator-config.ts';
import { NamedError } from '../errors.ts';
import { sha256Hex } from '../identity/hash.ts';
import { describeIssues } from '../manifest/describe-issues.ts';

/** More questions than a page or a batch needs. */
const MAX_QUESTIONS = 10_000;
const HINT = 'a dataset is [{"id"?, "question", "answer", "rubric"?, "tags"?}]';

/**
 * The questions of a dataset file (seed 4's Q&A form). A question without an id gets one from its text, so that it keeps it
 * when others are added. Throws InvalidConfig naming file, index and field of every problem.
 */
export function parseDataset(file: string, text: string): Question[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new NamedError(ERROR.invalidConfig, `${file}: expected JSON: ${(cause as Error).message}`, {
      cause,
      hint: HINT,
    });
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_QUESTIONS)
    throw new NamedError(
      ERROR.invalidConfig,
      `${file}: expected a list of 1 to ${MAX_QUESTIONS} questions, got ${Array.isArray(value) ? `${value.length}` : typeof value}`,
      { hint: HINT },
    );
  const problems: string[] = [];
  const questions: Question[] = [];
  const indexOf = new Map<string, number>();
  for (const [index, item] of (value as unknown[]).entries()) {
    const parsed = questionSchema.safeParse(item);
    if (!parsed.success) {
      problems.push(...describeIssues(`${file}[${index}]`, item, parsed.error.issues));
      continue;
    }
    const id = parsed.data.id ?? `q-${sha256Hex(parsed.data.question).slice(0, 12)}`;
    const first = indexOf.get(id);
    if (first !== undefined)
      problems.push(`${file}[${index}]: id: expected an id used once, got "${id}" of [${first}] again`);
    indexOf.set(id, index);
    questions.push({ ...parsed.data, id });
  }
  if (problems.length > 0)
    throw new NamedError(ERROR.invalidConfig, problems.slice(0, 40).join('\n'), { hint: HINT });
  return questions;
}
