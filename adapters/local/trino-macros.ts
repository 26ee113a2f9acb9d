/**
 * Functions of Trino (Athena's engine 3) that DuckDB lacks, names otherwise or defines otherwise, as DuckDB macros, so that
 * the SQL of glue/queries/ runs unchanged here. https://trino.io/docs/current/functions.html
 *
 * What remains different: UNNEST of an array of rows gives one struct column here and one column a field there (portable:
 * UNNEST(sequence(1, cardinality(list))) with element_at), `list[i]` beyond the end is null here and an error there,
 * date_add of a DATE gives a TIMESTAMP here, and lambdas work only in `filter`.
 */
export const TRINO_MACROS: readonly string[] = [
  'approx_distinct(value) AS approx_count_distinct(value)',
  'approx_percentile(value, fraction) AS approx_quantile(value, fraction)',
  'array_join(list, separator) AS array_to_string(list, separator)',
  'array_max(list) AS list_max(list)',
  'array_min(list) AS list_min(list)',
  'arrays_overlap(one, other) AS list_has_any(one, other)',
  'cardinality(list) AS len(list)',
  `date_add(unit, amount, moment) AS moment + CASE lower(unit)
     WHEN 'second' THEN to_seconds(amount) WHEN 'minute' THEN to_minutes(amount) WHEN 'hour' THEN to_hours(amount)
     WHEN 'day' THEN to_days(amount) WHEN 'week' THEN to_weeks(amount) WHEN 'month' THEN to_months(amount)
     WHEN 'quarter' THEN to_months(3 * amount) WHEN 'year' THEN to_years(amount)
     ELSE error('date_add: unknown unit ' || unit) END`,
  'date_format(moment, format) AS strftime(moment, format)',
  'date_parse(text, format) AS strptime(text, format)',
  'day_of_week(moment) AS isodow(moment)',
  'day_of_year(moment) AS dayofyear(moment)',
  'element_at(collection, key) AS collection[key]',
  'every(condition) AS bool_and(condition)',
  'from_iso8601_date(text) AS CAST(text AS DATE)',
  'from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)',
  'is_nan(value) AS isnan(value)',
  'json_extract_scalar(json, path) AS json_extract_string(json, path)',
  'json_format(json) AS CAST(json AS VARCHAR)',
  'levenshtein_distance(one, other) AS levenshtein(one, other)',
  'map_agg(key, value) AS map(list(key), list(value))',
  'regexp_like(text, pattern) AS regexp_matches(text, pattern)',
  'sequence(first, last) AS generate_series(first, last)',
  "to_iso8601(moment) AS strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ')",
  'truncate(value) AS trunc(value)',
  'week_of_year(moment) AS weekofyear(moment)',
  'year_of_week(moment) AS isoyear(moment)',
];
