import { vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { Terminal } from '../../../src/cli/process/terminal.ts';

/** The command `up` while it runs in this process. */
export interface TestUp {
  /** Printed so far, both streams. */
  readonly shown: string;
  /** Of a name: `services.orders.url`. */
  address(name: string): string;
  /** Waits until this has been printed. */
  sees(text: string): Promise<void>;
  /** Sends the signal; gives the exit code. */
  end(signal?: NodeJS.Signals): Promise<number>;
}

/** Starts the command in a folder, and waits until all is there or it has ended. */
export async function startUp(
  cwd: string,
  {
    words = [],
    env = {},
    version = '0.0.0',
  }: { words?: readonly string[]; env?: Record<string, string>; version?: string } = {},
): Promise<TestUp> {
  let shown = '';
  const write = (text: string): void => {
    shown += text;
  };
  const terminal: Terminal = {
    ...{ cwd, env: { PATH: process.env['PATH'] ?? '', ...env }, isTty: false, columns: 100 },
    ...{ write, writeError: write, flush: async () => {} },
  };
  let code: number | undefined;
  const ended = main(['up', ...words], { terminal, version }).then((exitCode) => {
    code = exitCode;
    return exitCode;
  });
  await vi.waitUntil(() => code !== undefined || shown.includes('running until Ctrl-C:'), { timeout: 20_000 });
  return {
    get shown() {
      return shown;
    },
    address: (name) => new RegExp(`^ ${name.replaceAll('.', '\\.')} +(\\S+)$`, 'm').exec(shown)?.[1] ?? '',
    sees: async (text) => {
      await vi.waitUntil(() => shown.includes(text), { timeout: 20_000 });
    },
    end(signal = 'SIGINT') {
      if (code === undefined) process.emit(signal, signal);
      return ended;
    },
  };
}
