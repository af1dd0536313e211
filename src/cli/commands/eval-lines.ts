import { StringDecoder } from 'node:string_decoder';
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

/** The answer to one line: `{"value": …}` or `{"error": {kind, message, offset}}`, kind `input` for what is no question. */
export function answerLine(line: string, options: EvalOptions): string {
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

function readQuestion(line: string): { expr: string; env: Env } {
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

/** The complete lines of each chunk; what follows the last line feed is a line too, unless it is empty. */
async function* readLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest: string[] = [];
  for await (const chunk of input) {
    const [first = '', ...others] = decoder.write(Buffer.from(chunk)).split('\n');
    rest.push(first);
    if (others.length === 0) continue;
    const last = others.pop() ?? '';
    yield [rest.join(''), ...others].map(withoutReturn);
    rest = [last];
  }
  const last = rest.join('') + decoder.end();
  if (last !== '') yield [withoutReturn(last)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
