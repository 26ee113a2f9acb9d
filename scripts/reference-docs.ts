/**
 * `npx tsx scripts/reference-docs.ts [--lake demo-lake]`: writes docs/data-dictionary.md from schemas/ and, with a lake
 * (`npm run demo` makes it), docs/queries.md from glue/queries/ and what they answer there.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { packageRoot } from '../cli/host/package-root.ts';
import { dataDictionaryPage } from './docs/data-dictionary.ts';
import { queriesPage } from './docs/queries.ts';

const { values } = parseArgs({ options: { lake: { type: 'string' } } });
await write('docs/data-dictionary.md', dataDictionaryPage());
if (values.lake !== undefined) await write('docs/queries.md', await queriesPage(values.lake));

async function write(page: string, text: string): Promise<void> {
  const file = join(packageRoot(), page);
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  console.error(page);
}
