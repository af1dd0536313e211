import { createClock } from '../../engine/lifetimes/clock.ts';
import { createRandom } from '../../engine/names/random.ts';
import type { Env, Host, Value } from '../../expr/index.ts';
import { ExprError, parseJson } from '../../expr/index.ts';
import { createFunctions } from '../../functions/registry.ts';
import { createSourceFile } from '../../model/source-file.ts';
import { CODES, helpOf } from '../../plan/read/findings.ts';
import { renderDiagnostic } from '../../source/render/render-diagnostic.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { decodeText, MAX_BYTES, readTextBeside, TOO_LONG } from '../../util/read-text.ts';
import { readGivenFile } from '../arguments/given-inputs.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { answerLines, evaluateOnce, toEnv } from './eval-lines.ts';
import { readNumbers, writeReadable } from './eval-values.ts';

export interface EvalFlags {
  readonly json?: string | undefined;
  readonly jsonl: boolean;
  readonly seed?: number | undefined;
  readonly color: 'auto' | 'always' | 'never';
}

const EXAMPLE = ["for example: testmesh eval 'sum(items, .price) > 10' --json data.json"];

/** Evaluates an expression over the names of a JSON file, or lines from standard input; gives the exit code. */
export async function evaluateCommand(
  source: string | undefined,
  flags: EvalFlags,
  terminal: Terminal,
): Promise<number> {
  const functions = createFunctions();
  const host = createHost(flags, terminal);
  if (flags.jsonl) {
    if (source !== undefined || flags.json !== undefined)
      throw new UsageError('--jsonl takes expressions and names from standard input', [
        'leave out the expression and --json',
      ]);
    await answerLines(takeInput(terminal), terminal, { functions, host });
    return EXIT.passed;
  }
  if (source === undefined) throw new UsageError('the expression is missing', EXAMPLE);
  const env = flags.json === undefined ? new Map<string, Value>() : await readNames(flags.json, terminal);
  try {
    terminal.write(`${writeReadable(evaluateOnce(source, env, { functions, host }))}\n`);
    return EXIT.passed;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    terminal.writeError(drawError(source, error, isColorWanted(flags.color, terminal)));
    return error.kind === 'run' || error.kind === 'budget' ? EXIT.failed : EXIT.usage;
  }
}

function createHost(flags: EvalFlags, terminal: Terminal): Host {
  const clock = createClock();
  const random = createRandom(flags.seed ?? `${clock.now()} ${Math.random()}`);
  return {
    now: () => clock.now(),
    cpuMs: () => clock.cpuMs(),
    random: () => random.random(),
    uuid: () => random.uuid(),
    readEnv: (name: string) => terminal.env[name],
    readFile: (path: string) => readTextBeside(terminal.cwd, path),
  };
}

async function readNames(path: string, terminal: Terminal): Promise<Env> {
  const text = path === '-' ? await readAll(takeInput(terminal)) : readGivenFile(path, '--json', terminal.cwd);
  const env = toEnv(readJson(text, path));
  if (env) return env;
  throw new UsageError(`--json ${path}: expected an object: names and their values`, EXAMPLE);
}

function readJson(text: string, path: string): Value {
  try {
    return readNumbers(parseJson(text));
  } catch (error) {
    throw new UsageError(`--json ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readAll(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) throw new UsageError(`--json -: ${TOO_LONG}`);
  }
  try {
    return decodeText(Buffer.concat(chunks));
  } catch (error) {
    throw new UsageError(`--json -: ${describeFileTrouble(error)}`);
  }
}

function takeInput(terminal: Terminal): AsyncIterable<Uint8Array> {
  if (terminal.input) return terminal.input;
  throw new UsageError('there is no standard input to read from');
}

function drawError(source: string, error: ExprError, color: boolean): string {
  const file = createSourceFile('expression', 'expression', source);
  const start = Math.min(error.offset, source.length);
  const span = { file, start, end: Math.min(source.length, start + error.length) };
  const { message } = error;
  return renderDiagnostic({ severity: 'error', code: CODES.expression, message, span, help: helpOf(error) }, { color });
}
