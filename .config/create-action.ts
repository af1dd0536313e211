import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Writes a new action, its test, and its line in the registry: `npm run create-action -- cache_get`. */
const name = process.argv[2] ?? '';
const inProject = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))
  fail('give the action its YAML word: npm run create-action -- cache_get');
const constant = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const source = `src/actions/${name}.ts`;
const test = `test/actions/${name}.test.ts`;
const registry = 'src/actions/registry.ts';
for (const path of [source, test]) if (existsSync(inProject(path))) fail(`there is already a ${path}`);

writeFileSync(inProject(source), writeSource());
writeFileSync(inProject(test), writeTest());
writeFileSync(inProject(registry), register(readFileSync(inProject(registry), 'utf8')));
console.log(`wrote ${source} and ${test}, and a line in ${registry}`);
console.log('next: say what it takes and gives, then `npm test`, `npm run docs` and an example in examples/');

function writeSource(): string {
  return `import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action/definition.ts';

const settings = z.strictObject({ text: z.string() });

/** Says in one sentence what it does. */
export const ${constant}: ActionDefinition<z.output<typeof settings>> = {
  name: '${name}',
  summary: 'gives the length of a text',
  settings: { schema: settings },
  result: { keys: { length: 'number' }, example: 'length == 5' },
  judges: false,
  run(config) {
    const { length } = config.text;
    return Promise.resolve({ result: { length }, summary: \`\${length} characters\` });
  },
};
`;
}

function writeTest(): string {
  return `import { expect, it } from 'vitest';
import { ${constant} } from '../../src/actions/${name}.ts';
import { createFakeIo } from '../support/fake-io.ts';

it('gives the length of the text', async () => {
  const { io } = createFakeIo();
  const outcome = await ${constant}.run({ text: 'hello' }, io);
  expect(outcome.result).toEqual({ length: 5 });
});
`;
}

/** Adds the import in its place and the entry at the end of the list. */
function register(text: string): string {
  const line = `import { ${constant} } from './${name}.ts';`;
  const imports = [...text.matchAll(/^import \{ .* \} from '\.\/.*';$/gm)].map((match) => match[0]);
  const next = imports.find((existing) => pathOf(existing) > pathOf(line));
  const last = imports.at(-1) ?? '';
  const withImport = next ? text.replace(next, `${line}\n${next}`) : text.replace(last, `${last}\n${line}`);
  return withImport.replace(/\n\];/, `\n  ${constant},\n];`);
}

function pathOf(line: string): string {
  return /'(.*)'/.exec(line)?.[1] ?? '';
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
