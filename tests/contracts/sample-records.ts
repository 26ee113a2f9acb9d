import * as fc from 'fast-check';
import { z } from 'zod';

/**
 * Records that a schema accepts, made from the schema itself, so that they follow every change of it: numbers within their
 * bounds, every enum value, nulls where allowed, empty and longer lists, text of any Unicode.
 */
export function recordsOf<T extends z.ZodType>(schema: T): fc.Arbitrary<z.infer<T>> {
  return arbitrary(schema) as fc.Arbitrary<z.infer<T>>;
}

/** `count` records, the same for the same seed. */
export function sampleRecords<T extends z.ZodType>(schema: T, count: number, seed = 1): z.infer<T>[] {
  return fc.sample(recordsOf(schema), { numRuns: count, seed });
}

function arbitrary(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape).map(([key, field]) => [key, arbitrary(field as z.ZodType)]);
    return fc.record(Object.fromEntries(shape) as Record<string, fc.Arbitrary<unknown>>, {
      noNullPrototype: true,
    });
  }
  if (schema instanceof z.ZodNullable)
    return fc.option(arbitrary(schema.unwrap() as z.ZodType), { nil: null, freq: 3 });
  if (schema instanceof z.ZodArray) return fc.array(arbitrary(schema.element as z.ZodType), { maxLength: 3 });
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodUnion)
    return fc.oneof(...schema.options.map((one) => arbitrary(one as z.ZodType)));
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNumber) return numberWithin(schema);
  if (schema instanceof z.ZodString) return textOf(schema);
  if (schema instanceof z.ZodDefault) return arbitrary(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodRecord) return fc.constant({});
  if (schema instanceof z.ZodUnknown) return fc.constant(null);
  throw new TypeError(`no sample of zod ${schema.def.type}`);
}

function numberWithin(schema: z.ZodNumber): fc.Arbitrary<number> {
  const min = Math.max(schema.minValue ?? -1e9, -1e9);
  const max = Math.min(schema.maxValue ?? 1e9, 1e9);
  return schema.isInt
    ? fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
    : fc.double({ min, max, noNaN: true }).map((value) => value + 0);
}

function textOf(schema: z.ZodString): fc.Arbitrary<string> {
  const pattern = (schema.def.checks ?? [])
    .map((check) => (check as unknown as { _zod: { def: { pattern?: RegExp } } })._zod.def.pattern)
    .find((one) => one !== undefined);
  if (pattern !== undefined) return fc.stringMatching(pattern);
  return fc.string({
    unit: 'grapheme',
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 40, 40),
    size: 'max',
  });
}
