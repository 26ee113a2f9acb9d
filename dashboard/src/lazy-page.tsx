import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A page whose code is fetched when it is first opened; the room of a page is kept until then. */
export function lazyPage<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let ready: ComponentType<P> | null = null;
  return function LazyPage(props: P) {
    const [Page, setPage] = useState<{ component: ComponentType<P> } | null>(
      ready === null ? null : { component: ready },
    );
    const [error, setError] = useState<string | null>(null);
    useEffect(() => {
      if (ready !== null) return;
      load().then(
        (component) => {
          ready = component;
          setPage({ component });
        },
        (reason: unknown) => setError(reason instanceof Error ? reason.message : String(reason)),
      );
    }, []);
    if (error !== null)
      return (
        <div class="notice worse" role="alert">
          The code of this page could not be fetched ({error}). Reload: the site may have been published anew.
        </div>
      );
    if (Page === null) return <div class="loading" aria-busy="true" />;
    return <Page.component {...props} />;
  };
}
