import { fstatSync } from 'node:fs';
import type { Drawing } from '../../reporters/output/screen.ts';
import { writeWhole } from '../../util/write-whole.ts';
import { GuardedWriter } from './guarded-writer.ts';
import { UsageError } from './usage-error.ts';

/** What the commands see of the process; tests hand in their own. */
export interface Terminal extends TerminalOutput {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether it is that of a coding agent. */
  isOfAgent?(): Promise<boolean>;
  /** Standard input. */
  readonly input?: TerminalInput;
}

/** Where commands write. */
interface TerminalOutput {
  readonly isTty: boolean;
  readonly columns: number | undefined;
  readonly rows?: number | undefined;
  /** Whether standard output takes nothing any more: its reader went away, or its disk is full. */
  readonly isClosed?: boolean;
  /** Standard output: reports. */
  write(text: string): void;
  /** Standard error: findings and notes. */
  writeError(text: string): void;
  /** Whether standard error is in the middle of a line. */
  readonly hasOpenLine?: boolean;
  /** Has what is drawn below the lines of standard output taken away while standard error is written; undefined: nothing is. */
  guardDrawing?(drawing: Drawing | undefined): void;
  /** Resolves when everything written so far has left the process. @throws Error once, when standard output could not be written; a reader that went away is no such case */
  flush(): Promise<void>;
}

/** Standard input; of a terminal each key can be had as it is pressed. */
export interface TerminalInput extends AsyncIterable<Uint8Array> {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
}

/** What a command is called with; `onStart` hears when a run begins, behind which its reports are its own. */
export interface CommandAbout {
  readonly terminal: Terminal;
  readonly version: string;
  onStart?(): void;
}

/** The terminal of this process. Output that cannot be written stops, and ends no run. */
export function createProcessTerminal(): Terminal {
  const output = guardStream(process.stdout, 'standard output');
  const errors = guardStream(process.stderr, 'standard error');
  const gathered = process.stdout.isTTY ? undefined : gatherOutput(output.write);
  let drawing: Drawing | undefined;
  let hasOpenLine = false;
  return {
    get cwd() {
      return findWorkingDirectory();
    },
    // Each look at the process environment itself is a call into Node.
    env: { ...process.env },
    isTty: process.stdout.isTTY === true,
    isOfAgent: async () => (await import('std-env')).isAgent,
    get input() {
      return process.stdin;
    },
    get columns() {
      // A terminal that does not know its size says 0.
      return process.stdout.columns || undefined;
    },
    get rows() {
      return process.stdout.rows;
    },
    get isClosed() {
      return output.guard.isBroken;
    },
    write: gathered?.write ?? output.write,
    writeError(text) {
      const erased = drawing?.erase();
      if (erased) output.write(erased);
      errors.write(text);
      hasOpenLine = !text.endsWith('\n');
      if (drawing && !hasOpenLine) output.write(drawing.draw());
    },
    get hasOpenLine() {
      return hasOpenLine;
    },
    guardDrawing(given) {
      drawing = given;
    },
    flush: async () => {
      gathered?.flush();
      await errors.flush();
      await output.flush();
      output.guard.throwIfLost();
    },
  };
}

/** @throws UsageError where somebody removed it */
function findWorkingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    throw new UsageError('the working directory no longer exists', ['change to an existing folder with `cd`']);
  }
}

interface GuardedStream {
  readonly guard: GuardedWriter;
  readonly write: (text: string) => void;
  flush(): Promise<void>;
}

function guardStream(stream: NodeJS.WriteStream & { readonly fd: number }, name: string): GuardedStream {
  const guard = new GuardedWriter(name);
  stream.on('error', (error) => guard.fail(error));
  // Node's own stream takes a part of a text that the disk has room for as the whole.
  const isFile = !stream.isTTY && isFileOrDevice(stream.fd);
  return {
    guard,
    write: (text) => guard.try(() => void (isFile ? writeWhole(stream.fd, Buffer.from(text)) : stream.write(text))),
    async flush() {
      if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write('', () => resolve()));
    },
  };
}

function isFileOrDevice(fd: number): boolean {
  const facts = fstatSync(fd);
  return facts.isFile() || facts.isCharacterDevice();
}

/** How long text may wait for more when nobody watches it appear, ms. */
const GATHER_MS = 20;

/** Writes a file or pipe in pieces: a system call for each line would be a good part of what a step costs. */
function gatherOutput(writeOut: (text: string) => void): { write(text: string): void; flush(): void } {
  let waiting = '';
  let writtenAt = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    writtenAt = Date.now();
    writeOut(text);
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
