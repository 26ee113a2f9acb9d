import type { ComponentChildren } from 'preact';
import { linkTo } from '../state/location.ts';

/** A link within the site; series, execution and theme come along unless named anew. */
export function To({
  to,
  with: parameters,
  children,
  ...rest
}: {
  to: string;
  with?: Readonly<Record<string, string | null | undefined>>;
  children: ComponentChildren;
  class?: string;
  title?: string;
  'aria-current'?: 'page' | undefined;
  'aria-label'?: string;
}) {
  return (
    <a {...rest} href={linkTo(to, parameters)}>
      {children}
    </a>
  );
}
