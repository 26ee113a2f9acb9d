import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { buildConstructed } from '../core/golden/build-constructed.ts';
import { bankSceneSchema, sceneSchema, sharedRepliesSchema } from '../core/golden/scene.ts';
import { calibrationItemSchema } from '../schemas/calibration-item.ts';
import { phraseBankSchema } from '../schemas/phrase-bank.ts';
import { rubricSchema } from '../schemas/rubric.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = join(ROOT, 'scripts/golden');
export const GOLDEN_SET = join(ROOT, 'config/golden/golden_set_v1.jsonl');

/**
 * The published golden set from its hand-written sources in scripts/golden/: the same bytes every time. A released
 * version is never edited; changed sources make the next one.
 */
export function goldenSetText(): string {
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  const scenes = readdirSync(SOURCES)
    .filter((name) => name.startsWith('scenes-'))
    .sort()
    .flatMap((name) => z.array(sceneSchema).parse(read(join(SOURCES, name))));
  const items = buildConstructed(
    {
      scenes,
      replies: sharedRepliesSchema.parse(read(join(SOURCES, 'replies.json'))),
      bankScenes: z.array(bankSceneSchema).parse(read(join(SOURCES, 'bank-scenes.json'))),
      bank: phraseBankSchema.parse(read(join(ROOT, 'config/simulated/phrases-1.0.json'))),
    },
    rubricSchema.parse(read(join(ROOT, 'config/rubrics/rubric-1.1.json'))),
  );
  return items.map((item) => `${JSON.stringify(calibrationItemSchema.parse(item))}\n`).join('');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = goldenSetText();
  writeFileSync(GOLDEN_SET, text);
  process.stdout.write(`${GOLDEN_SET}: ${text.split('\n').length - 1} items\n`);
}
