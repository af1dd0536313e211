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
  const output = process.stdout.isTTY ? undefined : gatherOutput();
  return {
    cwd: process.cwd(),
    // Each look at the process environment itself is a call into Node.
    env: { ...process.env },
    isTty: process.stdout.isTTY === true,
    get input() {
      return process.stdin;
    },
    get columns() {
      return process.stdout.columns;
    },
    write: output ? output.write : (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    flush: async () => {
      output?.flush();
      for (const stream of [process.stdout, process.stderr]) {
        if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write('', () => resolve()));
      }
    },
  };
}

/** How long text may wait for more when nobody watches it appear, ms. */
const GATHER_MS = 20;

/** Writes a file or pipe in pieces: a system call for each line would be a good part of what a step costs. */
function gatherOutput(): { write(text: string): void; flush(): void } {
  let waiting = '';
  let writtenAt = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    writtenAt = Date.now();
    process.stdout.write(text);
  };
  process.on('exit', flush);
  return {
    write(text) {
      const isFirst = waiting === '';
      waiting += text;
      if (Date.now() - writtenAt >= GATHER_MS) flush();
      else if (isFirst) setTimeout(flush, GATHER_MS).unref();
    },
    flush,
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
