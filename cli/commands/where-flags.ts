import { DEFAULT_LAKE, type Context } from '../context.ts';
import { isOnS3 } from '../host/aws-environment.ts';

/** The flags that a command shown to the reader needs to reach the same lake; `run` has to be told to run on AWS as well. */
export function whereFlags({ lake }: Pick<Context, 'lake'>, command: 'run' | 'other'): string {
  const target = command === 'run' && isOnS3(lake) ? ' --target aws' : '';
  return `${target}${lake === DEFAULT_LAKE ? '' : ` --lake ${lake}`}`;
}
