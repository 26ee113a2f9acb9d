/** A value of a table cell. */
export type Cell = string | number | boolean | null | undefined;

/**
 * RFC 4180: fields with a comma, quote or line end are quoted, quotes doubled, lines end in CRLF. Text that a spreadsheet would
 * run as a formula (= + - @, tab, CR, also behind blanks) gets a leading apostrophe (OWASP "CSV Injection"); numbers stay
 * numbers, negative ones too. A byte order mark lets Excel read UTF-8.
 */
export function csv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columns, ...rows].map((row) => row.map(field).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function field(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'boolean') return String(value);
  const text = /^[\s\uFEFF\u00A0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(value)
    ? `'${value}`
    : value;
  return /[",\r\n\u2028\u2029]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
