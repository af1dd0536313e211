/** What the commands see of the process; tests hand in their own. */
export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTty: boolean;
  readonly columns: number | undefined;
  /** Standard input. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Standard output: reports. */
  write(text: string): void;
  /** Standard error: findings and notes. */
  writeError(text: string): void;
  /** Resolves when everything written so far has left the process. */
  flush(): Promise<void>;
}

/** The terminal of this process. A reader that went away (`| head`) ends no run. */
export function createProcessTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    cwd: process.cwd(),
    env: process.env,
    isTty: process.stdout.isTTY === true,
    get input() {
      return process.stdin;
    },
    get columns() {
      return process.stdout.columns;
    },
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    flush: async () => {
      for (const stream of [process.stdout, process.stderr]) {
        if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write('', () => resolve()));
      }
    },
  };
}

/** Whether output has colours: `--color`, then NO_COLOR, FORCE_COLOR, CI, then whether it is a terminal. */
export function isColorWanted(choice: string, terminal: Terminal): boolean {
  if (choice === 'always') return true;
  if (choice === 'never') return false;
  const { NO_COLOR, FORCE_COLOR, CI, TERM } = terminal.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR && FORCE_COLOR !== '0') return true;
  return terminal.isTty && !CI && TERM !== 'dumb';
}
