/** A count of tokens as records hold it, whatever a provider sends: whole, not negative, 0 where there is none. */
export function tokenCount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;
}
