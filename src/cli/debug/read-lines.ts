import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Terminal, TerminalInput } from '../process/terminal.ts';

/** Reads what somebody types: a line each time that it is asked for; undefined when nothing more comes. */
export interface LineReader {
  read(prompt: string, isOver: (end: () => void) => () => void): Promise<string | undefined>;
  /** What was typed, the newest first. */
  readonly history: readonly string[];
}

const MOST_KEPT = 500;

/** Reads lines of a terminal with their history and keys to edit them, else of what is piped in, which is shown as if it were typed. */
export function createLineReader(terminal: Terminal, historyFile: string, onInterrupt: () => void): LineReader {
  const { input } = terminal;
  const history = readHistory(historyFile);
  return input?.isTTY ? readTyped(input, terminal, { history, onInterrupt }) : readPiped(input, terminal, history);
}

function readTyped(
  input: TerminalInput,
  terminal: Terminal,
  { history, onInterrupt }: { history: string[]; onInterrupt: () => void },
): LineReader {
  const output = new Writable({
    write(chunk, _encoding, done) {
      terminal.writeError(String(chunk));
      done();
    },
  });
  return {
    history,
    read: (prompt, isOver) =>
      new Promise((resolve) => {
        // One for each line: between them Ctrl-C reaches the process as a signal.
        const lines = createInterface({
          input: input as unknown as NodeJS.ReadableStream,
          output: Object.assign(output, { columns: terminal.columns ?? 80 }),
          ...{ terminal: true, prompt, history: [...history], historySize: MOST_KEPT },
        });
        const forget = isOver(() => lines.close());
        let typed: string | undefined;
        lines.on('SIGINT', onInterrupt);
        lines.on('line', (line) => {
          typed = line;
          lines.close();
        });
        lines.on('close', () => {
          forget();
          remember(history, typed);
          resolve(typed);
        });
        lines.prompt();
      }),
  };
}

function readPiped(input: TerminalInput | undefined, { writeError }: Terminal, history: string[]): LineReader {
  const chunks = input?.[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let rest = '';
  let isAtEnd = chunks === undefined;
  const next = async (): Promise<string | undefined> => {
    while (!isAtEnd && !rest.includes('\n')) {
      const { value, done } = (await chunks?.next()) ?? { done: true, value: undefined };
      if (done) isAtEnd = true;
      else rest += decoder.decode(value, { stream: true });
    }
    if (isAtEnd && rest === '') return undefined;
    const [line = '', ...others] = rest.split('\n');
    rest = others.join('\n');
    return line.replace(/\r$/, '');
  };
  return {
    history,
    async read(prompt, isOver) {
      writeError(prompt);
      let forget = (): void => undefined;
      const over = new Promise<undefined>((resolve) => {
        forget = isOver(() => resolve(undefined));
      });
      const line = await Promise.race([next(), over]);
      forget();
      writeError(line === undefined ? '\n' : `${isSecretive(line) ? line.replace(/=.*/, '=…') : line}\n`);
      remember(history, line);
      return line;
    },
  };
}

/** What sets a variable may hold a secret, and is not kept. */
function remember(history: string[], line: string | undefined): void {
  if (line === undefined || line.trim() === '' || isSecretive(line)) return;
  if (history[0] !== line) history.unshift(line);
  history.splice(MOST_KEPT);
}

function isSecretive(line: string): boolean {
  return /^\s*s\s/.test(line);
}

function readHistory(file: string): string[] {
  try {
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  } catch {
    return [];
  }
}
