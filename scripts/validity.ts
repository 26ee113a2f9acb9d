/**
 * Prints how well the shipped heuristics agree with human labels: `npx tsx scripts/validity.ts --data <folder> [--json]`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatValidity } from '../core/validity/format-validity.ts';
import { validityTable } from '../core/validity/validity-table.ts';
import { heuristicsModelSchema } from '../schemas/heuristics-model.ts';
import { rubricSchema } from '../schemas/rubric.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: 'config/heuristics/heuristics-1.0.json' },
    rubric: { type: 'string', default: 'config/rubrics/rubric-1.1.json' },
  },
});
if (values.data === undefined)
  throw new Error('validity: --data <folder of labelled .jsonl files> is missing');
const folder = values.data;
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .sort()
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const table = validityTable(
  files,
  heuristicsModelSchema.parse(JSON.parse(readFileSync(values.model, 'utf8'))),
  rubricSchema.parse(JSON.parse(readFileSync(values.rubric, 'utf8'))),
);
console.log(values.json ? JSON.stringify(table) : formatValidity(table));
