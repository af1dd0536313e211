import { main } from '../../src/cli/main.ts';
import type { Terminal } from '../../src/cli/process/terminal.ts';

export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs the command with words, in a folder, and gives what it printed. */
export async function callCommand(
  words: readonly string[],
  options: {
    cwd?: string;
    env?: Record<string, string>;
    input?: AsyncIterable<Uint8Array>;
    /** What standard output does with a text besides. */
    write?: (text: string) => void;
    /** What standard error does with a text besides. */
    writeError?: (text: string) => void;
    /** Whether a coding agent started it. */
    isOfAgent?: boolean;
  } = {},
): Promise<CommandResult> {
  const { cwd = process.cwd(), env = {}, input, write, writeError, isOfAgent } = options;
  let output = '';
  let errors = '';
  const terminal: Terminal = {
    cwd,
    env,
    isTty: false,
    columns: 100,
    ...(input && { input }),
    ...(isOfAgent !== undefined && { isOfAgent: async () => isOfAgent }),
    write: (text) => {
      write?.(text);
      output += text;
    },
    writeError: (text) => {
      writeError?.(text);
      errors += text;
    },
    flush: async () => {},
  };
  const exitCode = await main(words, { terminal, version: '0.0.0' });
  return { exitCode, output, errors };
}

/** Standard input that brings these texts, a chunk each. */
export async function* feed(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
