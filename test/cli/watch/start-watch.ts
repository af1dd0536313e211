import { vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { Terminal } from '../../../src/cli/process/terminal.ts';

/** `run --watch` while it runs in this process. */
export interface RunningWatch {
  /** Printed so far, both streams. */
  readonly shown: string;
  /** Gives what is printed from now on until it waits again. */
  next(act: () => void): Promise<string>;
  /** Types a line. */
  press(line: string): void;
  /** Waits until this has been printed. */
  sees(text: string): Promise<void>;
  /** Waits until it has ended; gives the exit code. */
  readonly ended: Promise<number>;
}

const WAITS = ' watching ';

/** Starts the command in a folder; it has run once when the promise is fulfilled, or has ended. */
export async function startWatch(words: readonly string[], cwd: string): Promise<RunningWatch> {
  let shown = '';
  let code: number | undefined;
  const lines: string[] = [];
  let wake = (): void => undefined;
  async function* type(): AsyncGenerator<Uint8Array> {
    for (;;) {
      while (lines.length > 0) yield Buffer.from(`${lines.shift()}\n`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const write = (text: string): void => {
    shown += text;
  };
  const terminal: Terminal = {
    ...{ cwd, env: {}, isTty: false, columns: 100, input: type() },
    ...{ write, writeError: write, flush: async () => {} },
  };
  const ended = main(['run', '--watch', ...words], { terminal, version: '0.0.0' }).then((exitCode) => {
    code = exitCode;
    return exitCode;
  });
  const waitFrom = async (from: number): Promise<string> => {
    await vi.waitUntil(() => code !== undefined || shown.includes(WAITS, from), { timeout: 10_000 });
    return shown.slice(from);
  };
  await waitFrom(0);
  return {
    get shown() {
      return shown;
    },
    ended,
    next(act) {
      const from = shown.length;
      act();
      return waitFrom(from);
    },
    press(line) {
      lines.push(line);
      wake();
    },
    sees: async (text) => {
      await vi.waitUntil(() => shown.includes(text), { timeout: 10_000 });
    },
  };
}

/** The names of the flows that ran, in order; a row is named with its number. */
export function listRan(shown: string): readonly string[] {
  const heads = shown.matchAll(/^ (\w+)(?: \[row (\d+): .*?\])? {3}\S+\.yaml {3}/gm);
  return [...heads].map(([, name = '', row]) => (row === undefined ? name : `${name}#${row}`));
}
