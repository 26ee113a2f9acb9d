import type { Usage } from '../../schemas/common.ts';
import { costUsd, type TokenPrices } from './price-of-usage.ts';

/** The three readings of a plan: cheap, expected, dear. */
export const SCENARIOS = ['low', 'likely', 'high'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Expected calls, tokens by kind and US dollars in one scenario. Fractions are expectations, not counts. */
export interface UsageEstimate extends Usage {
  calls: number;
  usd: number;
  /** The same calls without prompt caching. */
  uncached_usd: number;
}
export type Estimate = Record<Scenario, UsageEstimate>;

/** All tokens sent, whatever their price: `input_tokens` of a provider excludes cached ones. */
export function sentTokens(usage: Usage): number {
  return usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
}

export function zeroEstimate(): Estimate {
  return perScenario(() => ({
    calls: 0,
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    usd: 0,
    uncached_usd: 0,
  }));
}

/** Sum of estimates, scenario by scenario: the ends of the interval assume that all parts err the same way. */
export function addEstimates(estimates: Iterable<Estimate>): Estimate {
  const sum = zeroEstimate();
  for (const estimate of estimates)
    for (const scenario of SCENARIOS)
      for (const key of Object.keys(sum[scenario]) as (keyof UsageEstimate)[])
        sum[scenario][key] += estimate[scenario][key];
  return sum;
}

/** The estimate of `count` equal things. */
export function scaleEstimate(estimate: Estimate, count: number): Estimate {
  const scaled = zeroEstimate();
  for (const scenario of SCENARIOS)
    for (const key of Object.keys(scaled[scenario]) as (keyof UsageEstimate)[])
      scaled[scenario][key] = estimate[scenario][key] * count;
  return scaled;
}

/** What two estimates come to when a share of the cases (by scenario, 0–1) goes the second way. */
export function mixEstimates(
  first: Estimate,
  second: Estimate,
  secondFrac: Readonly<Record<Scenario, number>>,
): Estimate {
  const mixed = zeroEstimate();
  for (const scenario of SCENARIOS)
    for (const key of Object.keys(mixed[scenario]) as (keyof UsageEstimate)[])
      mixed[scenario][key] =
        (1 - secondFrac[scenario]) * first[scenario][key] + secondFrac[scenario] * second[scenario][key];
  return mixed;
}

/** Prices a scenario's usage, with and without its cache. */
export function priced(calls: number, usage: Usage, prices: TokenPrices): UsageEstimate {
  const uncached: Usage = {
    ...usage,
    input_tokens: sentTokens(usage),
    cache_read_tokens: 0,
    cache_write_tokens: 0,
  };
  return { calls, ...usage, usd: costUsd(usage, prices), uncached_usd: costUsd(uncached, prices) };
}

export function perScenario<T>(make: (scenario: Scenario) => T): Record<Scenario, T> {
  return { low: make('low'), likely: make('likely'), high: make('high') };
}

/**
 * Three readings of one thing as an interval: whatever the assumptions led to, the cheapest is low and the dearest is high.
 * Fewer tokens can cost more: a prompt that stays below its model's smallest cacheable prefix is billed in full at every
 * turn, where a slightly longer one is read from the cache.
 */
export function asInterval(readings: Estimate): Estimate {
  const all = SCENARIOS.map((scenario) => readings[scenario]);
  return {
    low: all.reduce((least, one) => (one.usd < least.usd ? one : least), readings.low),
    likely: readings.likely,
    high: all.reduce((most, one) => (one.usd > most.usd ? one : most), readings.high),
  };
}
