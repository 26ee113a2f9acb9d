import type { ComponentChildren, VNode } from 'preact';
import type { Resource } from '../data/resource.ts';

/** Head of a page: where one is, its name, one sentence. */
export function PageHead({
  crumbs,
  title,
  badges,
  children,
}: {
  crumbs?: ComponentChildren;
  title: ComponentChildren;
  badges?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      {crumbs === undefined ? null : <div class="crumbs">{crumbs}</div>}
      <h1>
        {title} {badges}
      </h1>
      {children === undefined ? null : <div class="lede">{children}</div>}
    </header>
  );
}

/** A part of a page under a heading of its own. */
export function Section({
  title,
  lede,
  children,
}: {
  title: string;
  lede?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="section">
      <h2>{title}</h2>
      {lede === undefined ? null : <p class="lede">{lede}</p>}
      {children}
    </section>
  );
}

/** Draws a resource when it is there; keeps its room while it is not, and says what to do when it never comes. */
export function Loaded<T>({
  from,
  missing,
  children,
}: {
  from: Resource<T>;
  missing: ComponentChildren;
  children: (value: T) => VNode;
}) {
  switch (from.state) {
    case 'ready':
      return children(from.value);
    case 'loading':
      return (
        <div class="loading" aria-busy="true">
          <span>Loading …</span>
        </div>
      );
    case 'missing':
      return <div class="empty">{missing}</div>;
    case 'failed':
      return (
        <div class="notice worse" role="alert">
          {from.message}. Reload the page; on a plain file system serve the folder over HTTP, for example with{' '}
          <code>socratic-bench view</code>.
        </div>
      );
  }
}

/** Name and value, with a line under it. */
export function Stat({
  name,
  value,
  note,
}: {
  name: string;
  value: ComponentChildren;
  note?: ComponentChildren;
}) {
  return (
    <div class="stat">
      <dt>{name}</dt>
      <dd class="stat-value">{value}</dd>
      {note === undefined ? null : <dd class="stat-note">{note}</dd>}
    </div>
  );
}

export function Stats({ children }: { children: ComponentChildren }) {
  return <dl class="stats">{children}</dl>;
}
