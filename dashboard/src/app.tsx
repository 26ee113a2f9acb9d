import { useLayoutEffect, useRef } from 'preact/hooks';
import { Route, Router, Switch } from 'wouter-preact';
import { localFile } from './data/files.ts';
import { optional } from './data/resource.ts';
import { PageHead } from './kit/page.tsx';
import { To } from './kit/link.tsx';
import { lazyPage } from './lazy-page.tsx';
import { Masthead } from './masthead.tsx';
import { OverviewPage } from './pages/overview/overview-page.tsx';
import { path, useHashPath } from './state/location.ts';

const ModelPage = lazyPage(() => import('./pages/model/model-page.tsx').then((module) => module.ModelPage));
const RunsPage = lazyPage(() => import('./pages/runs/runs-page.tsx').then((module) => module.RunsPage));
const RunPage = lazyPage(() => import('./pages/run/run-page.tsx').then((module) => module.RunPage));
const ComparePage = lazyPage(() =>
  import('./pages/compare/compare-page.tsx').then((module) => module.ComparePage),
);
const JudgePage = lazyPage(() => import('./pages/judge/judge-page.tsx').then((module) => module.JudgePage));
const CostPage = lazyPage(() => import('./pages/cost/cost-page.tsx').then((module) => module.CostPage));
const ManifestPage = lazyPage(() =>
  import('./pages/manifest/manifest-page.tsx').then((module) => module.ManifestPage),
);
const MethodsPage = lazyPage(() =>
  import('./pages/methods/methods-page.tsx').then((module) => module.MethodsPage),
);
const EvaluatorPage = lazyPage(() =>
  import('./pages/evaluator/evaluator-page.tsx').then((module) => module.EvaluatorPage),
);
const RatePage = lazyPage(() => import('./pages/rate/rate-page.tsx').then((module) => module.RatePage));

export function App() {
  const main = useRef<HTMLElement>(null);
  const at = path.value;
  const isFirst = useRef(true);
  // Before the effects of the page itself: a dialogue scrolls on to its turn.
  useLayoutEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [at]);
  return (
    <Router hook={useHashPath as never}>
      {/* Not an address: the hash holds the page. */}
      <a
        class="skip-link"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <Masthead />
      <main id="content" class="page" tabIndex={-1} ref={main}>
        <Switch>
          <Route path="/">
            <OverviewPage />
          </Route>
          <Route path="/model/:model">{({ model }) => <ModelPage model={model} />}</Route>
          <Route path="/runs">
            <RunsPage />
          </Route>
          <Route path="/run/:run_id">{({ run_id }) => <RunPage run_id={run_id} />}</Route>
          <Route path="/compare">
            <ComparePage />
          </Route>
          <Route path="/judge">
            <JudgePage />
          </Route>
          <Route path="/cost">
            <CostPage />
          </Route>
          <Route path="/manifest">
            <ManifestPage manifest_id={null} />
          </Route>
          <Route path="/manifest/:manifest_id">
            {({ manifest_id }) => <ManifestPage manifest_id={manifest_id} />}
          </Route>
          <Route path="/evaluator">
            <EvaluatorPage />
          </Route>
          <Route path="/rate">
            <RatePage />
          </Route>
          <Route path="/methods">
            <MethodsPage />
          </Route>
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </main>
      <Foot />
    </Router>
  );
}

function NotFound() {
  return (
    <PageHead title="No such page">
      There is nothing at <code>{path.value}</code>. <To to="/">Go to the overview</To>.
    </PageHead>
  );
}

function Foot() {
  const local = optional(localFile());
  return (
    <footer class="foot">
      <span>
        Half-life, SD and CSD are defined under <To to="/methods">Methods</To>.
      </span>
      <span>All numbers come from JSON files of this site; nothing is sent anywhere.</span>
      {local?.lake == null ? null : <span>Lake: {local.lake}</span>}
      {local?.version == null ? null : <span>socratic-bench {local.version}</span>}
    </footer>
  );
}
