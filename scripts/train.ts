/**
 * Trains the stage-1 models on a folder of labelled data in the common form and writes config/heuristics.
 * `npx tsx scripts/train.ts --data <folder> [--out <file>]`. Deterministic: the same files give the same bytes.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sha256Hex } from '../core/identity/hash.ts';
import { labelledSets } from '../core/validity/labelled-turns.ts';
import { rubricSchema } from '../schemas/rubric.ts';
import { toExample } from './training/examples.ts';
import { printReport } from './training/report.ts';
import { trainModel } from './training/train-model.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: 'config/heuristics/heuristics-1.0.json' },
    rubric: { type: 'string', default: 'config/rubrics/rubric-1.1.json' },
  },
});
if (values.data === undefined) throw new Error('train: --data <folder of labelled .jsonl files> is missing');

const folder = values.data;
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const sets = labelledSets(files);
const rubric = rubricSchema.parse(JSON.parse(readFileSync(values.rubric, 'utf8')));
const version = /-(\d[\d.]*)\.json$/.exec(values.out)?.[1] ?? '1.0';

const { model, report } = trainModel({
  version,
  trained_on: sets.map(({ dataset, sha256, rows }) => ({ dataset, sha256, n_rows: rows.length })),
  examples: sets.flatMap(({ rows }) => rows.map(toExample)),
  rubric,
});
printReport(report);
const json = `${JSON.stringify(model)}\n`;
writeFileSync(values.out, json);
console.log(`\n${values.out}: ${(json.length / 1024).toFixed(0)} KiB, sha256 ${sha256Hex(json)}`);
