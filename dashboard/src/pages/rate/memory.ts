/** What this browser keeps between visits: the rater's name and a draft. Storage may be off; then nothing is kept. */
export function recall(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Null forgets it. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, value);
  } catch {
    // Storage is off: what is saved on Enter is safe in the lake anyway.
  }
}
