import { vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { Terminal } from '../../../src/cli/process/terminal.ts';

/** The command `mock` while it runs in this process. */
export interface RunningMock {
  /** Printed so far, both streams. */
  readonly shown: string;
  readonly url: string;
  readonly admin: string;
  /** Waits until this has been printed. */
  sees(text: string): Promise<void>;
  /** Sends the signal; gives the exit code. */
  end(signal?: NodeJS.Signals): Promise<number>;
}

/** Starts the command in a folder, and waits until it listens or has ended. */
export async function startMock(words: readonly string[], cwd: string): Promise<RunningMock> {
  let shown = '';
  const write = (text: string): void => {
    shown += text;
  };
  const terminal: Terminal = {
    ...{ cwd, env: {}, isTty: false, columns: 100 },
    ...{ write, writeError: write, flush: async () => {} },
  };
  let code: number | undefined;
  const ended = main(['mock', ...words], { terminal, version: '0.0.0' }).then((exitCode) => {
    code = exitCode;
    return exitCode;
  });
  const find = (pattern: RegExp): string => pattern.exec(shown)?.[1] ?? '';
  await vi.waitUntil(() => code !== undefined || / on http/.test(shown), { timeout: 10_000 });
  return {
    get shown() {
      return shown;
    },
    url: find(/ on (https?:[^\s,]+)/),
    admin: find(/requests on (\S+)\/requests/),
    sees: async (text) => {
      await vi.waitUntil(() => shown.includes(text), { timeout: 10_000 });
    },
    end(signal = 'SIGINT') {
      if (code === undefined) process.emit(signal, signal);
      return ended;
    },
  };
}
