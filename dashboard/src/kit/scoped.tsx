import type { VNode } from 'preact';
import type { IndexFile } from '../../../schemas/dashboard-data.ts';
import { indexFile } from '../data/files.ts';
import { scopeOf, type Scope } from '../data/scope.ts';
import { query } from '../state/location.ts';
import { Loaded } from './page.tsx';

/** What every page over executions starts with: the index, and which execution is looked at. */
export function Scoped({ children }: { children: (scope: Scope, index: IndexFile) => VNode }) {
  const nothing = (
    <>
      Nothing has been published here yet. <code>socratic-bench run</code> makes an execution;{' '}
      <code>socratic-bench demo</code> makes twelve weeks of them.
    </>
  );
  return (
    <Loaded from={indexFile()} missing={nothing}>
      {(index) => {
        const scope = scopeOf(index, query.value);
        return scope === null ? <div class="empty">{nothing}</div> : children(scope, index);
      }}
    </Loaded>
  );
}
