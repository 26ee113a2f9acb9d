import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
// @ts-expect-error the package ships no types
import aslValidator from 'asl-validator';
import { checkDefinition } from '../../engine/check/check-definition.ts';
import { SUBSTITUTIONS } from '../../workflow/bindings.ts';
import { root } from './python-tool.ts';
import { table, writeSection } from './report.ts';

/** CommonJS whose types name no default. */
const validate = aslValidator as (definition: object) => { isValid: boolean; errorsText: () => string };

/** The definition through asl-validator, as a second opinion beside the engine's own check. */
export async function validator(): Promise<number> {
  let text = readFileSync(join(root, 'workflow', 'weekly-benchmark.asl.json'), 'utf8');
  for (const token of SUBSTITUTIONS)
    text = text.replaceAll(`\${${token}}`, `arn:aws:lambda:us-east-1:1:function:${token}`);
  const definition = JSON.parse(text) as object;
  const { version } = createRequire(import.meta.url)('asl-validator/package.json') as { version: string };
  const { isValid, errorsText } = validate(definition);
  const own = checkDefinition(definition);
  const rows = [
    [`asl-validator ${version}`, isValid ? 'accepted' : 'refused', isValid ? '' : errorsText()],
    [
      "the engine's own check",
      own.length === 0 ? 'accepted' : 'refused',
      own.map((problem) => JSON.stringify(problem)).join('; '),
    ],
  ];
  const page = table(['what', 'result', 'detail'], rows);
  writeSection(
    'validator',
    `## The definition\n\n${page}\n\nasl-validator lets many broken definitions pass (unknown reader fields, bad JSONata, shadowed variables); the engine's own check refuses them and runs in \`npm test\`.`,
  );
  console.log(page);
  return isValid && own.length === 0 ? 0 : 1;
}
