import type { IndexFile } from '../../schemas/dashboard-data.ts';
import { indexFile, localFile } from './data/files.ts';
import { optional } from './data/resource.ts';
import { scopeOf, type Scope } from './data/scope.ts';
import { SimulatedBadge } from './kit/badge.tsx';
import { To } from './kit/link.tsx';
import { Select } from './kit/select.tsx';
import { weekLabel } from './format/labels.ts';
import { go, linkTo, path, query } from './state/location.ts';
import { theme, toggleTheme } from './state/theme.ts';

const PAGES = [
  { to: '/', name: 'Overview', also: '/model' },
  { to: '/runs', name: 'Runs', also: '/run/' },
  { to: '/compare', name: 'Compare' },
  { to: '/judge', name: 'Canary and judge' },
  { to: '/cost', name: 'Cost' },
  { to: '/manifest', name: 'Manifest' },
  { to: '/methods', name: 'Methods' },
];
/** Pages that need the API; shown where the server has it. */
const LOCAL_PAGES = [
  { feature: 'evaluator', to: '/evaluator', name: 'Evaluator' },
  { feature: 'rate', to: '/rate', name: 'Rate' },
] as const;

export function Masthead() {
  const index = optional(indexFile());
  const features = optional(localFile())?.features ?? [];
  const scope = index === null ? null : scopeOf(index, query.value);
  const pages = [...PAGES, ...LOCAL_PAGES.filter(({ feature }) => features.includes(feature))];
  return (
    <header class="masthead">
      <div class="masthead-row">
        <To to="/" class="brand">
          <Mark />
          socratic-bench
        </To>
        <div class="context">
          {scope?.execution.is_simulated ? <SimulatedBadge /> : null}
          {index === null || scope === null ? null : <ScopePicker index={index} scope={scope} />}
          <button
            type="button"
            class="button quiet"
            onClick={toggleTheme}
            aria-label={theme.value === 'dark' ? 'Use light colours' : 'Use dark colours'}
          >
            <span aria-hidden="true">{theme.value === 'dark' ? '☀' : '☾'}</span>
          </button>
        </div>
      </div>
      <nav class="nav" aria-label="Pages">
        <ul>
          {pages.map((page) => {
            const at = path.value;
            const isHere =
              page.to === at ||
              (page.to !== '/' && at.startsWith(`${page.to}/`)) ||
              ('also' in page && at.startsWith(page.also as string));
            return (
              <li key={page.to}>
                <To to={page.to} aria-current={isHere ? 'page' : undefined}>
                  {page.name}
                </To>
              </li>
            );
          })}
        </ul>
      </nav>
    </header>
  );
}

function ScopePicker({ index, scope }: { index: IndexFile; scope: Scope }) {
  const at = scope.weeks.findIndex(({ execution_id }) => execution_id === scope.execution.execution_id);
  // A page about one run or manifest leaves for the same kind of page of the other week.
  const stay = path.value.startsWith('/run/')
    ? '/runs'
    : path.value.startsWith('/manifest')
      ? '/manifest'
      : path.value;
  const show = (execution_id: string) =>
    go(linkTo(stay, { ...(stay === path.value ? query.value : {}), execution: execution_id }));
  const step = (by: number) => scope.weeks[at + by]?.execution_id;
  return (
    <>
      {index.series.length > 1 ? (
        <Select
          label="Series"
          is_inline
          value={scope.series}
          options={index.series.map(({ series }) => ({ value: series, text: series }))}
          onChange={(series) => go(linkTo(stay, { series, execution: null }))}
        />
      ) : null}
      <Select
        label="Week"
        is_inline
        value={scope.execution.execution_id}
        options={scope.weeks
          .toReversed()
          .map(({ execution_id, week }) => ({ value: execution_id, text: weekLabel(week) }))}
        onChange={show}
      />
      <span class="nowrap">
        <button
          type="button"
          class="button quiet"
          aria-label="Week before"
          disabled={step(-1) === undefined}
          onClick={() => show(step(-1)!)}
        >
          ‹
        </button>
        <button
          type="button"
          class="button quiet"
          aria-label="Week after"
          disabled={step(1) === undefined}
          onClick={() => show(step(1)!)}
        >
          ›
        </button>
      </span>
    </>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#1d4b57" />
      <path
        d="M11 12.2c0-3 2.2-5 5.1-5 3 0 5 1.9 5 4.5 0 2.1-1.1 3.2-2.7 4.3-1.4 1-1.8 1.6-1.8 3.2"
        fill="none"
        stroke="#fff"
        stroke-width="2.6"
        stroke-linecap="round"
      />
      <circle cx="16.5" cy="24" r="1.9" fill="#ffb38a" />
    </svg>
  );
}
