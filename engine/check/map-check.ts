import { expressionIn } from '../expressions.ts';
import { isObject } from '../json.ts';
import { MAX_ITEMS, MAX_SECONDS } from '../limits.ts';
import type { ExpressionPlace } from './expressions-check.ts';
import { checkChoiceOf, checkNumber, checkObject, join } from './object-check.ts';
import type { Problems } from './problems.ts';

const MAX_LABEL_CHARACTERS = 40;
const DISTRIBUTED_ONLY = ['ItemReader', 'ItemBatcher', 'ResultWriter'];

/** Tells whether a Map state runs its items as child executions. */
export function isDistributed(fields: Record<string, unknown>): boolean {
  const processor = fields['ItemProcessor'];
  const config = isObject(processor) ? processor['ProcessorConfig'] : undefined;
  return isObject(config) && config['Mode'] === 'DISTRIBUTED';
}

/** Checks a Map beyond its field table; the states of its ItemProcessor are checked as a scope. */
export function checkMap(
  fields: Record<string, unknown>,
  path: string,
  place: ExpressionPlace,
  problems: Problems,
): void {
  const at = (name: string): string => join(path, name);
  checkProcessorConfig(fields['ItemProcessor'], at('ItemProcessor'), place, problems);
  if (!isDistributed(fields)) {
    for (const name of DISTRIBUTED_ONLY) {
      if (Object.hasOwn(fields, name))
        problems.invalid(at(name), `'${name}' needs a Map in DISTRIBUTED mode`);
    }
    if (Object.hasOwn(fields, 'Label'))
      problems.notImplemented(at('Label'), "'Label' is implemented for DISTRIBUTED mode");
  }
  checkItems(fields, path, problems);
  checkNumber(fields['MaxConcurrency'], at('MaxConcurrency'), { min: 0, max: MAX_SECONDS }, problems);
  checkNumber(
    fields['ToleratedFailureCount'],
    at('ToleratedFailureCount'),
    { min: 0, max: MAX_SECONDS },
    problems,
  );
  const percentage = { min: 0, max: 100, fraction: true };
  checkNumber(fields['ToleratedFailurePercentage'], at('ToleratedFailurePercentage'), percentage, problems);
  checkLabel(fields['Label'], at('Label'), problems);
  if (fields['ItemReader'] !== undefined)
    checkItemReader(fields['ItemReader'], at('ItemReader'), place, problems);
  if (fields['ResultWriter'] !== undefined)
    checkResultWriter(fields['ResultWriter'], at('ResultWriter'), place, problems);
}

function checkProcessorConfig(
  processor: unknown,
  path: string,
  place: ExpressionPlace,
  problems: Problems,
): void {
  if (!isObject(processor) || processor['ProcessorConfig'] === undefined) return;
  const at = join(path, 'ProcessorConfig');
  const config = checkObject(processor['ProcessorConfig'], at, 'ProcessorConfig', place, problems);
  if (config === undefined) return;
  checkChoiceOf(config['Mode'], join(at, 'Mode'), { implemented: ['INLINE', 'DISTRIBUTED'] }, problems);
  const types = { implemented: ['STANDARD'], others: ['EXPRESS'] };
  checkChoiceOf(config['ExecutionType'], join(at, 'ExecutionType'), types, problems);
  const hasType = Object.hasOwn(config, 'ExecutionType');
  if (config['Mode'] === 'DISTRIBUTED') {
    if (!hasType) problems.invalid(join(at, 'ExecutionType'), 'DISTRIBUTED mode needs it');
  } else if (hasType)
    problems.notImplemented(join(at, 'ExecutionType'), 'is implemented for DISTRIBUTED mode');
}

function checkItems(fields: Record<string, unknown>, path: string, problems: Problems): void {
  const items = fields['Items'];
  if (items === undefined) return;
  const at = join(path, 'Items');
  if (fields['ItemReader'] !== undefined)
    problems.notImplemented(at, 'Items beside an ItemReader are not implemented');
  if (isObject(items)) problems.notImplemented(at, 'a Map over the members of an object is not implemented');
  else if (!Array.isArray(items) && expressionIn(items) === undefined)
    problems.invalid(at, 'must be an array or an expression');
}

function checkLabel(label: unknown, path: string, problems: Problems): void {
  if (label === undefined) return;
  if (typeof label !== 'string' || label.length < 1 || label.length > MAX_LABEL_CHARACTERS) {
    problems.invalid(path, `must be a string of 1 to ${MAX_LABEL_CHARACTERS} characters`);
  } else if (/[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u.test(label)) {
    problems.invalid(path, 'contains white space, a wildcard, a bracket or a special character');
  }
}

function checkItemReader(value: unknown, path: string, place: ExpressionPlace, problems: Problems): void {
  const reader = checkObject(value, path, 'ItemReader', place, problems);
  if (reader === undefined) return;
  const resources = {
    implemented: ['arn:aws:states:::s3:getObject'],
    others: ['arn:aws:states:::s3:listObjectsV2'],
  };
  checkChoiceOf(reader['Resource'], join(path, 'Resource'), resources, problems);
  checkLocation(
    reader['Arguments'],
    join(path, 'Arguments'),
    { needed: ['Bucket', 'Key'], optional: [] },
    problems,
  );
  if (reader['ReaderConfig'] === undefined) return;
  const at = join(path, 'ReaderConfig');
  const config = checkObject(reader['ReaderConfig'], at, 'ReaderConfig', place, problems);
  if (config === undefined) return;
  const types = { implemented: ['JSON', 'JSONL'], others: ['CSV', 'PARQUET', 'MANIFEST'] };
  checkChoiceOf(config['InputType'], join(at, 'InputType'), types, problems);
  checkNumber(config['MaxItems'], join(at, 'MaxItems'), { min: 0, max: MAX_ITEMS }, problems);
}

function checkResultWriter(value: unknown, path: string, place: ExpressionPlace, problems: Problems): void {
  const writer = checkObject(value, path, 'ResultWriter', place, problems);
  if (writer === undefined) return;
  for (const name of ['Resource', 'Arguments']) {
    if (Object.hasOwn(writer, name)) continue;
    if (Object.hasOwn(writer, 'WriterConfig'))
      problems.notImplemented(join(path, name), 'forming results without writing them is not implemented');
    else problems.invalid(join(path, name), `ResultWriter needs '${name}'`);
  }
  checkChoiceOf(
    writer['Resource'],
    join(path, 'Resource'),
    { implemented: ['arn:aws:states:::s3:putObject'] },
    problems,
  );
  checkLocation(
    writer['Arguments'],
    join(path, 'Arguments'),
    { needed: ['Bucket'], optional: ['Prefix'] },
    problems,
  );
  if (writer['WriterConfig'] === undefined) return;
  const at = join(path, 'WriterConfig');
  const config = checkObject(writer['WriterConfig'], at, 'WriterConfig', place, problems);
  const forms = { implemented: ['NONE'], others: ['COMPACT', 'FLATTEN'] };
  checkChoiceOf(config?.['Transformation'], join(at, 'Transformation'), forms, problems);
  checkChoiceOf(
    config?.['OutputType'],
    join(at, 'OutputType'),
    { implemented: ['JSON'], others: ['JSONL'] },
    problems,
  );
}

function checkLocation(
  args: unknown,
  path: string,
  names: { readonly needed: readonly string[]; readonly optional: readonly string[] },
  problems: Problems,
): void {
  if (!isObject(args)) return;
  for (const name of names.needed) {
    if (!Object.hasOwn(args, name)) problems.invalid(join(path, name), `'${name}' is missing`);
  }
  for (const name of Object.keys(args)) {
    if (!names.needed.includes(name) && !names.optional.includes(name)) {
      problems.notImplemented(join(path, name), `'${name}' is not implemented`);
    }
  }
}
