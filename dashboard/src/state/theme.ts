import { computed, effect, signal } from '@preact/signals';
import { query, setQuery } from './location.ts';

export type Theme = 'light' | 'dark';
const KEY = 'socratic-theme';
const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');
const system = signal<Theme>(prefersDark.matches ? 'dark' : 'light');
prefersDark.addEventListener('change', (event) => {
  system.value = event.matches ? 'dark' : 'light';
});
const stored = signal(read());

function read(): Theme | null {
  try {
    const value = window.localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}

/** The theme of the URL, else the one chosen last, else the system's. */
export const theme = computed<Theme>(() => {
  const named = query.value.theme;
  return named === 'light' || named === 'dark' ? named : (stored.value ?? system.value);
});

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function toggleTheme(): void {
  const next: Theme = theme.value === 'dark' ? 'light' : 'dark';
  stored.value = next;
  try {
    window.localStorage.setItem(KEY, next);
  } catch {
    // Storage is off: the URL carries it.
    setQuery({ theme: next });
    return;
  }
  if (query.value.theme !== undefined) setQuery({ theme: next });
}
