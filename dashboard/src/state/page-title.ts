import { useEffect } from 'preact/hooks';

/** Name of the page in the tab and for screen readers. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · socratic-bench`;
  }, [title]);
}
