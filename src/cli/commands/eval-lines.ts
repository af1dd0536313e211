import { isUtf8 } from 'node:buffer';
import type { Env, FunctionDef, Host, Value } from '../../expr/index.ts';
import { compile, ExprError, isMap, parseJson } from '../../expr/index.ts';
import type { Terminal } from '../process/terminal.ts';
import { UsageError } from '../process/usage-error.ts';
import { readNumbers, writeAnswer } from './eval-values.ts';

export interface EvalOptions {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly host: Host;
}

const LONGEST_LINE = 256 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** Answers lines of `{"expr": …, "env": …}` in order, a line each, as they come, while somebody reads; waits while the reader is slower. */
export async function answerLines(
  input: AsyncIterable<Uint8Array>,
  output: Pick<Terminal, 'write' | 'flush' | 'isClosed'>,
  options: EvalOptions,
): Promise<void> {
  for await (const lines of readLines(input)) {
    for (const line of lines) output.write(`${answerLine(line, options)}\n`);
    await output.flush();
    if (output.isClosed) return;
  }
}

/** The answer to one line, undefined for bytes that are no text: `{"value": …}` or `{"error": {kind, message, offset}}`, kind `input` for what is no question. */
export function answerLine(line: string | undefined, options: EvalOptions): string {
  try {
    const { expr, env } = readQuestion(line);
    return `{"value":${writeAnswer(evaluateOnce(expr, env, options))}}`;
  } catch (error) {
    if (error instanceof ExprError) {
      const { kind, message, offset, length, hint } = error;
      return JSON.stringify({ error: { kind, message, offset, length, ...(hint !== undefined && { hint }) } });
    }
    if (error instanceof UsageError)
      return JSON.stringify({ error: { kind: 'input', message: error.message, offset: 0 } });
    throw error;
  }
}

/** Compiles and evaluates an expression once; names that are not in the environment are found before. */
export function evaluateOnce(expr: string, env: Env, { functions, host }: EvalOptions): Value {
  return compile(expr, { functions, names: new Set(env.keys()) }).evaluate(env, host);
}

/** The names of a map as an environment. */
export function toEnv(names: Value): Env | undefined {
  return isMap(names) ? new Map(Object.entries(names)) : undefined;
}

function readQuestion(line: string | undefined): { expr: string; env: Env } {
  if (line === undefined) throw new UsageError('a line must be UTF-8 text');
  const question = readJson(line);
  if (!isMap(question)) throw new UsageError('a line must be a JSON object with `expr` and `env`');
  const { expr, env = {} } = question;
  if (typeof expr !== 'string') throw new UsageError('`expr` must be text');
  const names = toEnv(readNumbers(env));
  if (!names) throw new UsageError('`env` must be a JSON object: names and their values');
  return { expr, env: names };
}

function readJson(line: string): Value {
  if (line.length > LONGEST_LINE) throw new UsageError(`a line has more than ${LONGEST_LINE} characters`);
  try {
    return parseJson(line);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The complete lines of each chunk, undefined for one that is not UTF-8; what follows the last line feed is a line too, unless it is empty. */
async function* readLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<readonly (string | undefined)[]> {
  let rest: Uint8Array[] = [];
  for await (const chunk of input) {
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end !== -1) yield splitLines(Buffer.concat([...rest, chunk.subarray(0, end)]));
    if (end === -1) rest.push(chunk);
    else rest = [chunk.subarray(end + 1)];
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield splitLines(last);
}

/** One bad line leaves the others as they are. */
function splitLines(bytes: Buffer): readonly (string | undefined)[] {
  if (isUtf8(bytes)) return bytes.toString().split('\n').map(withoutReturn);
  const lines: (string | undefined)[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const line = bytes.subarray(start, feed === -1 ? bytes.length : feed);
    lines.push(isUtf8(line) ? withoutReturn(line.toString()) : undefined);
    start += line.length + 1;
  }
  return lines;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
