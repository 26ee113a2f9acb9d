import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { createFolderConfig } from '../../../adapters/local/folder-config.ts';
import { temporaryFolders } from '../../e2e/cli.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);

it('a config folder may be named with a slash at its end, two in the middle, or from here', async () => {
  const folder = folders.make('config');
  mkdirSync(join(folder, 'rubrics'));
  writeFileSync(join(folder, 'rubrics', 'r.json'), '{}');
  const names = [folder, `${folder}/`, folder.replace('/socratic-', '//socratic-'), relative('.', folder)];
  for (const name of names)
    expect(await createFolderConfig([name]).files()).toEqual([{ path: 'rubrics/r.json', text: '{}' }]);
});
