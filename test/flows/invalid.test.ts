import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { sample } from '../support/sample.ts';
import { COMMAND_LINES, NOTHING_MATCHED } from './command-lines.ts';

const CASES = fileURLToPath(new URL('invalid/', import.meta.url));
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** Files that a repository cannot hold well, made in the working directory. */
const MADE_FILES: Readonly<Record<string, () => void>> = {
  'made-binary': () => write('made-binary.yaml', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])),
  'made-utf-8': () => write('made-utf-8.yaml', Buffer.from('name: Users\nsteps: "caf\xe9"\n', 'latin1')),
  'made-utf-16': () => write('made-utf-16.yaml', Buffer.from('\ufeffname: Users\n', 'utf16le')),
  'made-large': () => write('made-large.yaml', Buffer.alloc(50 * 1024 * 1024, 'x')),
  'made-directory': () => mkdirSync(join(cwd, 'made-directory.yaml/empty'), { recursive: true }),
  'made-unreadable': () => {
    write('made-unreadable.yaml', 'name: Users\n');
    chmodSync(join(cwd, 'made-unreadable.yaml'), 0o000);
  },
  'made-unreadable-upload': () => {
    write('made-unreadable.png', '');
    chmodSync(join(cwd, 'made-unreadable.png'), 0o000);
    write('made-unreadable-upload.yaml', 'name: Pictures\nsteps:\n  - action: http_request\n    config: { method: POST, url: "http://localhost:5001/p", multipart: { p: { file: made-unreadable.png } } }\n    assert: [status == 201]\n');
  },
  'made-deep': () => write('made-deep.yaml', `name: Users\nsteps: ${'['.repeat(5000)}\n`),
  'made-long-line': () => write('made-long-line.yaml', `name: Users\nsteps: [{ action: log, config: { message: "${'x'.repeat(5000)}", levle: info } }]\n`),
};
const EXIT_CODES: Readonly<Record<string, number>> = { 'made-directory': 4 };

let cwd = '';
let contacts: string[] = [];
let isSomebodyElse = false;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-invalid-'));
  chmodSync(cwd, 0o755);
  cpSync(CASES, cwd, { recursive: true, filter: (path) => !path.endsWith('.err') });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

beforeEach(() => {
  contacts = [];
  isSomebodyElse = false;
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...to: unknown[]) {
    contacts.push(JSON.stringify(to));
    return this.destroy(new Error('no contact is wanted here'));
  });
});
afterEach(() => void vi.restoreAllMocks());

describe('a flow that is not valid', () => {
  const files = readdirSync(CASES).filter((name) => name.endsWith('.yaml'));
  it.each(sample('flows that are not valid', files, { count: 60, kindOf }))('%s', async (name) => {
    const head = readHead(readFileSync(join(CASES, name), 'utf8'));
    const output = await expectGolden(name.replace('.yaml', ''), head.args ?? `validate ${name}`, 2);
    expect(output.match(/^error\[/gm)?.length ?? 0).toBe(head.errors);
  });
});

describe('a command line that is wrong', () => {
  it.each(Object.entries(COMMAND_LINES))('%s', async (name, line) => {
    await expectGolden(name, line, NOTHING_MATCHED.has(name) ? 4 : 2);
  });
});

describe('a file that is not a flow at all', () => {
  it.each(Object.entries(MADE_FILES))('%s', async (name, make) => {
    make();
    isSomebodyElse = name.startsWith('made-unreadable');
    await expectGolden(name, `validate ${name}.yaml`, EXIT_CODES[name] ?? 2);
  });
});

describe('this family', () => {
  it('has a case for every golden text', () => {
    const names = readdirSync(CASES)
      .filter((name) => name.endsWith('.err'))
      .map((name) => name.replace('.err', ''));
    const orphans = names.filter(
      (name) => !existsSync(join(CASES, `${name}.yaml`)) && !(name in COMMAND_LINES) && !(name in MADE_FILES),
    );
    expect(orphans).toEqual([]);
    expect(names.length).toBeGreaterThan(200);
  });

  it('would notice a contact', async () => {
    write('contact.yaml', 'name: x\nsteps:\n  - { action: http_request, config: { url: "http://127.0.0.1:9/" }, assert: [status == 200] }\n');
    const { exitCode } = await call('run contact.yaml');
    expect(exitCode).toBe(3);
    expect(contacts).toHaveLength(1);
  });

  it('speaks of no library and no type of ours', () => {
    const words = /zod|Invalid input|received|\[object|undefined|NaN|ExpressionAt|Symbol\(|TypeError|\bENOENT|\bEISDIR| {4}at /;
    const texts = readdirSync(CASES).filter((name) => name.endsWith('.err'));
    const offenders = texts.filter((name) => words.test(withoutQuotations(readFileSync(join(CASES, name), 'utf8'))));
    expect(offenders).toEqual([]);
  });
});

/** The word with which the name of a case begins. */
function kindOf(name: string): string {
  return /^\w+/.exec(name)?.[0] ?? '';
}

/** Runs the command, compares all that it printed with the golden text, and gives that. */
async function expectGolden(name: string, line: string, exitCode: number): Promise<string> {
  const result = await call(line);
  const output = result.output.replaceAll(cwd, '/flows');
  const path = join(CASES, `${name}.err`);
  if (isUpdate) writeFileSync(path, output);
  expect(output).toBe(readFileSync(path, 'utf8'));
  expect(result.exitCode).toBe(exitCode);
  expect(contacts).toEqual([]);
  return output;
}

async function call(line: string): Promise<{ exitCode: number; output: string }> {
  let output = '';
  const add = (text: string) => {
    output += text;
  };
  const [, folder = '.', rest = line] = /^cd (\S+) (.*)$/.exec(line) ?? [];
  const terminal = { cwd: join(cwd, folder), env: {}, isTty: false, columns: 100, write: add, writeError: add, flush: async () => {} };
  const work = (words = rest) => main(splitWords(words), { terminal, version: '0.0.0' });
  const changes = isSomebodyElse && process.geteuid?.() === 0;
  // What is loaded as it is needed may stand where nobody else may read it.
  if (changes) for (const words of [rest, 'validate no-such-flow.yaml']) await work(words);
  output = '';
  const exitCode = await (changes ? asSomebodyElse(() => work()) : work());
  return { exitCode, output };
}

/** As a shell does. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Without excerpts and what stands in backticks: those are the author's words. */
function withoutQuotations(text: string): string {
  return text.replaceAll(/^ *\d* \|.*$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** `# args: …` and `# errors: n`, in the first lines. */
function readHead(text: string): { args: string | undefined; errors: number } {
  const errors = /^# errors: (\d+)$/m.exec(text)?.[1];
  return { args: /^# args: (.+)$/m.exec(text)?.[1], errors: errors === undefined ? 1 : Number(errors) };
}

/** The administrator may read everything, so what may not be read is read as somebody else. */
async function asSomebodyElse(work: () => Promise<number>): Promise<number> {
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

function write(name: string, content: string | Buffer): void {
  writeFileSync(join(cwd, name), content);
}
