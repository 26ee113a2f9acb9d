/** Numbers as the pages write them. A value that does not exist is an en dash, never 0. */
export const NOTHING = '–';
const MINUS = '−';

/** Fixed decimals, a real minus sign, whole numbers grouped. */
export function decimal(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  const text = Math.abs(value).toFixed(digits);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  const isZero = Number(text) === 0;
  return `${value < 0 && !isZero ? MINUS : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** Large numbers in three digits: 32.1M, 840K. */
export function compact(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  const [unit, letter] = Math.abs(value) >= 1e6 ? [1e6, 'M'] : Math.abs(value) >= 1e4 ? [1e3, 'K'] : [1, ''];
  const scaled = value / unit;
  return `${decimal(scaled, letter === '' || Math.abs(scaled) >= 100 ? 0 : 1).replace(/\.0$/, '')}${letter}`;
}

export const count = (value: number | null | undefined): string => decimal(value, 0);
/** Points of SD, 0–10. */
export const points = (value: number | null | undefined): string => decimal(value, 2);
/** Restricted mean half-life in turns. */
export const turns = (value: number | null | undefined): string => decimal(value, 1);
/** κ and other coefficients. */
export const coefficient = (value: number | null | undefined): string => decimal(value, 2);

/** A fraction 0–1 as per cent. */
export function percent(fraction: number | null | undefined, digits = 0): string {
  if (fraction === null || fraction === undefined || !Number.isFinite(fraction)) return NOTHING;
  return `${decimal(fraction * 100, digits)}%`;
}

/** With its sign, so that a change reads as one: +0.4, −1.2, 0.0. */
export function signed(value: number | null | undefined, digits: number): string {
  const text = decimal(value, digits);
  return text !== NOTHING && value! > 0 && Number(value!.toFixed(digits)) !== 0 ? `+${text}` : text;
}

export function signedPercent(fraction: number | null | undefined, digits = 0): string {
  if (fraction === null || fraction === undefined || !Number.isFinite(fraction)) return NOTHING;
  return `${signed(fraction * 100, digits)}%`;
}

/** US dollars: cents from one dollar on, four decimals below ten cents, where single calls live. */
export function usd(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  if (value === 0) return '$0';
  const size = Math.abs(value);
  if (size < 0.00005) return '< $0.0001';
  const text = decimal(size, size < 0.1 ? 4 : size < 1000 ? 2 : 0);
  return `${value < 0 ? MINUS : ''}$${size < 0.1 ? text.replace(/0{1,2}$/, '') : text}`;
}

/** An interval as `9.1 – 14.0`; empty where it does not exist. */
export function interval(
  low: number | null | undefined,
  high: number | null | undefined,
  write: (value: number) => string,
): string {
  if (low === null || low === undefined || high === null || high === undefined) return '';
  return `${write(low)} to ${write(high)}`;
}

/** Whether an interval leaves 0 out: only then is a change called one. */
export function excludesZero(low: number | null | undefined, high: number | null | undefined): boolean {
  return low !== null && low !== undefined && high !== null && high !== undefined && (low > 0 || high < 0);
}

/** Kaplan–Meier median; beyond the horizon it is `> 40`, since nothing more is known. */
export function median(value: number | null | undefined, horizon_turns: number | null): string {
  if (value !== null && value !== undefined) return decimal(value, Number.isInteger(value) ? 0 : 1);
  return horizon_turns === null ? NOTHING : `> ${horizon_turns}`;
}

/** Half-life of one run: the turn, or how far it was watched without reaching it. */
export function halfLife(run: {
  half_life_turn: number | null;
  is_censored: boolean;
  observed_turns: number;
}): string {
  if (run.half_life_turn !== null) return String(run.half_life_turn);
  return run.is_censored && run.observed_turns > 0 ? `> ${run.observed_turns}` : NOTHING;
}

export function milliseconds(value: number): string {
  return value < 1000 ? `${decimal(value, 0)} ms` : `${decimal(value / 1000, 1)} s`;
}

/** One thing, two things: `3 runs`, `1 run`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Names as a sentence has them: `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
