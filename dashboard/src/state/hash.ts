/** State of a page as it stands in the URL: `#/model/gpt-x?phase=P2&week=2026-W47`. */
export interface HashState {
  path: string;
  query: Readonly<Record<string, string>>;
}

/** Reads `location.hash`; anything malformed reads as the start page, never as an error. */
export function parseHash(hash: string): HashState {
  const [rawPath = '', rawQuery = ''] = splitOnce(hash.replace(/^#/, ''), '?');
  const path = `/${rawPath.replace(/^\/+|\/+$/g, '')}`;
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [key, value] of new URLSearchParams(rawQuery)) if (value !== '') query[key] = value;
  return { path, query };
}

/** The same as text, keys in order so that equal states have equal addresses. Empty and null values are left out. */
export function formatHash(path: string, query: Readonly<Record<string, string | null | undefined>>): string {
  const params = new URLSearchParams();
  for (const key of Object.keys(query).sort()) {
    const value = query[key];
    if (value !== null && value !== undefined && value !== '') params.set(key, value);
  }
  const text = params.toString();
  return `#${path.startsWith('/') ? path : `/${path}`}${text === '' ? '' : `?${text}`}`;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
