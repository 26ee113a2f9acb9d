import { computed, signal } from '@preact/signals';
import { formatHash, parseHash } from './hash.ts';

const hash = signal(window.location.hash);
window.addEventListener('hashchange', () => {
  hash.value = window.location.hash;
});

const state = computed(() => parseHash(hash.value));
export const path = computed(() => state.value.path);
export const query = computed(() => state.value.query);

/** Query keys that name what is looked at, rather than how one page shows it: links keep them. */
const KEPT = ['series', 'execution', 'theme'] as const;

/** Address of a page; series, execution and theme come along unless named anew. */
export function linkTo(
  to: string,
  parameters: Readonly<Record<string, string | null | undefined>> = {},
): string {
  const kept = Object.fromEntries(KEPT.map((key) => [key, query.value[key]]));
  return formatHash(to, { ...kept, ...parameters });
}

/** Goes to an address made by `linkTo`. */
export function go(address: string): void {
  window.location.hash = address;
}

/** Changes parameters of the page in place, without an entry in the history. */
export function setQuery(change: Readonly<Record<string, string | null | undefined>>): void {
  window.history.replaceState(null, '', formatHash(path.value, { ...query.value, ...change }));
  hash.value = window.location.hash;
}

/** For wouter: the path of the hash, and how to leave it. */
export function useHashPath(): [string, (to: string) => void] {
  return [path.value, (to) => go(linkTo(to))];
}
