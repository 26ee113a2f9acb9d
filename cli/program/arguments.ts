import { InvalidArgumentError, Option } from 'commander';

/** `--target` of commands that work on both; a lake on S3 implies aws. */
export function targetOption(): Option {
  return new Option('--target <target>', 'where it runs; aws with --lake s3://<bucket>').choices([
    'local',
    'aws',
  ]);
}

/** Parsers of option values; what they refuse, commander reports with the flag's name. */
export function list(value: string): string[] {
  const items = value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new InvalidArgumentError('expected names separated by commas.');
  return items;
}

export function numbers(value: string): number[] {
  return list(value).map(number);
}

export function number(value: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) throw new InvalidArgumentError('expected a number.');
  return parsed;
}

export function whole(value: string): number {
  const parsed = number(value);
  if (!Number.isInteger(parsed) || parsed < 1)
    throw new InvalidArgumentError('expected a whole number from 1 on.');
  return parsed;
}

export function usd(value: string): number {
  const parsed = number(value);
  if (parsed < 0) throw new InvalidArgumentError('expected US dollars, 0 or more.');
  return parsed;
}
