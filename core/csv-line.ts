/** A cell of a CSV file; null is an empty one. */
export type CsvCell = string | number | boolean | null;

/**
 * One line of RFC 4180: comma, CRLF, quotes doubled; null is empty and empty text is `""`. Text that a spreadsheet would run
 * as a formula gets a leading apostrophe (OWASP ASVS 1.2.10; quoting does not stop formulas); numbers stay numbers.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = inert(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What OWASP lists as the start of a formula, and whole numbers too large for a double, which are no formula. */
// oxlint-disable-next-line no-control-regex
const FORMULA = /^[=+\-@\t\r\u0000]/;
const WHOLE_NUMBER = /^-?\d+$/;

function inert(text: string): string {
  return FORMULA.test(text) && !WHOLE_NUMBER.test(text) ? `'${text}` : text;
}
