import type { BlobHead } from '../../model/blob-head.ts';
import type { LiveTerminal } from './screen.ts';

/** How much a reporter for people shows: `-q` -1, plain 0, `-v` 1, `-vv` 2. */
export type Verbosity = -1 | 0 | 1 | 2;

/** Where a reporter writes, and for whom. */
export interface ReporterOptions {
  write(text: string): void;
  /** Replaces what was written first with a text of the same length in bytes, where the target is a file. */
  rewriteStart?(text: string): void;
  /** Waits until everything is written. */
  finish?(): Promise<void>;
  /** The terminal that it writes to. */
  readonly live?: LiveTerminal | undefined;
  readonly isColored?: boolean;
  /** Width of the terminal; 120 when it is none. */
  readonly columns?: number | undefined;
  readonly verbosity?: Verbosity;
  readonly again?: Again;
  /** How many of the slowest flows are listed; none when absent. */
  readonly slowest?: number;
  readonly outside?: Outside;
}

/** What a report says or fills besides, that only the command knows. */
export interface Outside {
  /** The job summary of a CI server; `room`: how many bytes it still takes. */
  readonly summary?: (Pick<ReporterOptions, 'write' | 'finish'> & { readonly room: number }) | undefined;
  /** Where the working directory stands in the repository; empty: at its top. */
  readonly folder?: string;
  /** What a blob says of the run that it is a part of. */
  readonly blob?: BlobHead | undefined;
}

/** What a command says to run a flow again. */
export interface Again {
  /** What else than its file: words of a shell, without secrets. */
  readonly words: readonly string[];
  /** The steps of a file that have to run for some of them to; undefined when only all together do. */
  choose?(file: string, addresses: readonly string[]): readonly string[] | undefined;
}

/** Whether it shows of steps that passed what it shows of those that failed (`-v`). */
export function isVerbose({ verbosity = 0 }: ReporterOptions): boolean {
  return verbosity > 0;
}
