import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { actions } from '../src/actions/registry.ts';
import { type ActionFields, FieldMistake, FLAGS, type Flags, readFields } from './create-action/fields.ts';
import { register } from './create-action/register.ts';
import { writeSource } from './create-action/write-source.ts';
import { writeFixture, writeTest } from './create-action/write-test.ts';

/**
 * Writes a new action, its test with a flow, and its line in the registry: `npm run create-action -- cache_get`. Its fields are
 * asked for on a terminal; elsewhere they are what the flags say, or a sample.
 */
const REGISTRY = 'src/actions/registry.ts';
const inProject = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

try {
  await create();
} catch (error) {
  if (!(error instanceof FieldMistake) && !isArgumentMistake(error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function create(): Promise<void> {
  const options = { ...FLAGS, 'dry-run': { type: 'boolean' } } as const;
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const [name = ''] = positionals;
  const { 'dry-run': isDry = false, ...flags } = values;
  const fields = await chooseFields(name, flags);
  const files = new Map([
    [`src/actions/${name}.ts`, writeSource(fields)],
    [`test/actions/${name}.test.ts`, writeTest(fields)],
    [`test/actions/fixtures/${name}.yaml`, writeFixture(fields)],
  ]);
  if (actions.has(name)) throw new FieldMistake(`there is already an action \`${name}\``);
  for (const path of files.keys())
    if (existsSync(inProject(path))) throw new FieldMistake(`there is already a ${path}`);
  if (isDry) {
    for (const [path, text] of files) console.log(`${path}\n\n${text}`);
    return;
  }
  for (const [path, text] of files) write(path, text);
  write(REGISTRY, register(readFileSync(inProject(REGISTRY), 'utf8'), name));
  format([...files.keys(), REGISTRY].filter((path) => path.endsWith('.ts')));
  console.log(`wrote ${[...files.keys()].join(', ')}, and a line in ${REGISTRY}`);
  console.log(`next: say in \`run\` what it does, then \`npm test\`, \`npm run docs\` and an example in examples/`);
}

/** The fields of an action: asked for on a terminal, unless flags say what is wanted. */
async function chooseFields(name: string, flags: Flags): Promise<ActionFields> {
  if (!process.stdin.isTTY || Object.keys(flags).length > 0)
    return readFields(name, flags, async (_question, fallback) => fallback);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Lines that come before their question are kept, as `question()` would not.
  const lines = terminal[Symbol.asyncIterator]();
  try {
    return await readFields(name, flags, async (question, fallback) => {
      process.stdout.write(`${question}${fallback === '' ? '' : ` [${fallback}]`} `);
      const { value: answer = '' } = await lines.next();
      return answer.trim() === '' ? fallback : answer;
    });
  } finally {
    terminal.close();
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(inProject(path)), { recursive: true });
  writeFileSync(inProject(path), text);
}

/** Leaves them as `npm run lint` wants them. */
function format(paths: readonly string[]): void {
  const { status, stderr } = spawnSync('npx', ['biome', 'check', '--write', ...paths], {
    cwd: inProject('.'),
    encoding: 'utf8',
  });
  if (status !== 0) console.error(stderr);
}

function isArgumentMistake(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
