import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Value } from '../../expr/index.ts';
import { createSourceFile } from '../../model/source-file.ts';
import { formatYaml } from '../../source/format/format-yaml.ts';
import { writeYaml } from '../../source/yaml/write-yaml.ts';
import { countOf } from '../../util/count.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { CommandAbout, Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import type { NewFlags } from '../program/authoring-flags.ts';
import { type Expectations, expectAnswers } from './answer-assertions.ts';
import { confirm } from './ask.ts';
import { type CurlRequest, readCurl } from './curl-words.ts';
import { writeEditorLine } from './editor-line.ts';
import { namePath, type WrittenRequest, writeRequest } from './request-settings.ts';
import { sendOnce } from './send-once.ts';

/** Methods that may be sent twice: what differs then is no steady value. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Sends what a curl command would, and writes a flow that asks the same and expects what was answered. */
export async function newFlow(words: readonly string[], flags: NewFlags, about: CommandAbout): Promise<number> {
  const { terminal, version } = about;
  const request = readCurlFiles(readCurl(words), terminal.cwd);
  const place = namePath(request.url, terminal.env);
  const id = nameStep(request.method, place);
  const title = `${request.method} ${place}`;
  const path = resolve(terminal.cwd, flags.output ?? join('flows', `${id.replaceAll('_', '-')}.yaml`));
  const shown = relative(terminal.cwd, path) || path;
  await refuseOverwriting(path, shown, { flags, terminal });
  const written = writeRequest(request, terminal.env);
  const sending = { path, secrets: written.secrets, terminal, version };
  const draft = writeFlow(written, { id, title, expected: { assert: [], output: {} } });
  const answers = [await sendOnce(draft, sending)];
  if (SAFE.has(request.method.toUpperCase())) answers.push(await sendOnce(draft, sending));
  const expected = expectAnswers(answers);
  const text = writeFlow(isRedirect(answers) ? written : withoutRedirects(written), { id, title, expected });
  save(path, { shown, text, cwd: terminal.cwd });
  tell({ shown, written, request, expected, status: answers[0]?.['status'] }, terminal);
  return EXIT.passed;
}

function isRedirect([answer]: readonly Readonly<Record<string, Value>>[]): boolean {
  return /^3/.test(String(answer?.['status']));
}

/** Where none came nothing needs to be said of them. */
function withoutRedirects({ config, ...written }: WrittenRequest): WrittenRequest {
  const { follow_redirects: _, ...rest } = config;
  return { ...written, config: rest };
}

async function refuseOverwriting(
  path: string,
  shown: string,
  { flags, terminal }: { flags: NewFlags; terminal: Terminal },
): Promise<void> {
  if (flags.force || !existsSync(path) || (await confirm(`\`${shown}\` is there already: overwrite it?`, terminal)))
    return;
  throw new UsageError(`\`${shown}\` is there already, and stays as it is`, [
    'write `--force`, or another file with `--output`',
  ]);
}

/** `-d @file`: what the file holds. */
function readCurlFiles(request: CurlRequest, cwd: string): CurlRequest {
  const [, name] = /^@(.+)$/.exec(request.body ?? '') ?? [];
  if (name === undefined) return request;
  if (name === '-') throw new UsageError('what curl is to send is not read from standard input', ['write `-d @file`']);
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolve(cwd, name));
  } catch (error) {
    throw new UsageError(`\`${name}\`, which curl is to send, cannot be read: ${describeFileTrouble(error)}`);
  }
  if (isUtf8(bytes)) return { ...request, body: bytes.toString() };
  throw new UsageError(`\`${name}\`, which curl is to send, is no text in UTF-8: a flow cannot hold it as a body`, [
    'send it as a part of a form: -F file=@name',
  ]);
}

/** `get_users_id` of `GET /users/7`. */
function nameStep(method: string, place: string): string {
  const words = place
    .split('/')
    .map((word) => (/^\d+$|^[0-9a-f-]{20,}$/i.test(word) ? 'id' : word.replaceAll(/\W+/g, '_')));
  return [method.toLowerCase(), ...words.filter((word) => word !== '')].join('_').slice(0, 60).replace(/_+$/, '');
}

function writeFlow(
  { config, variables, secrets }: WrittenRequest,
  { id, title, expected }: { id: string; title: string; expected: Expectations },
): string {
  const outside = [...secrets.keys()].map((name) => [name, `{{${name}}}`] as const);
  const captured = Object.keys(expected.output);
  const flow: Record<string, Value> = {
    name: title,
    env: Object.fromEntries([...variables, ...outside]),
    ...(secrets.size > 0 && { secrets: [...secrets.keys()] }),
    steps: [
      {
        id,
        action: 'http_request',
        config,
        ...(expected.assert.length > 0 && { assert: expected.assert }),
        ...(captured.length > 0 && { output: expected.output }),
      },
    ],
    // For a flow that calls this one; without a use they would be warned of.
    ...(captured.length > 0 && { output: Object.fromEntries(captured.map((name) => [name, name])) }),
  };
  const text = writeYaml([flow]).replaceAll(/^(?=(?:env|secrets|steps|output):)/gm, '\n');
  return formatYaml(createSourceFile('flow.yaml', '/flow.yaml', text)) ?? text;
}

function save(path: string, { shown, text, cwd }: { shown: string; text: string; cwd: string }): void {
  try {
    makeFolder(dirname(path));
    writeFileSync(path, `${writeEditorLine(path, cwd)}\n${text}`);
  } catch (error) {
    throw new UsageError(`\`${shown}\` cannot be written: ${describeFileTrouble(error)}`, [], EXIT.errored);
  }
}

interface Told {
  readonly shown: string;
  readonly written: WrittenRequest;
  readonly request: CurlRequest;
  readonly expected: Expectations;
  readonly status: Value | undefined;
}

function tell({ shown, written, request, expected, status }: Told, terminal: Terminal): void {
  const names = [...written.secrets].filter(([name, value]) => terminal.env[name] !== value).map(([name]) => name);
  const run = ['testmesh run', quoteShell(shown), ...names.map((name) => `--secret "${name}=$${name}"`)].join(' ');
  terminal.write(`✓ ${shown}: ${status} was answered, ${countOf(expected.assert.length, 'assertion')}\n`);
  if (names.length > 0)
    terminal.write(
      `  secrets are not in it: set ${names.join(', ')} in the environment, or give ${names.length === 1 ? 'it' : 'them'} with --secret\n`,
    );
  if (!SAFE.has(request.method.toUpperCase()))
    terminal.write(
      `  ${request.method} was sent once: what the service takes only once needs a value of its own, such as {{UUID}}\n`,
    );
  terminal.write(`  next: ${run}\n`);
}
