import { describeFileTrouble } from '../../util/file-trouble.ts';
import { EXIT, UsageError } from './usage-error.ts';

/** Errors that say that the reader went away (`| head`): nothing is lost that anybody waits for. */
const GONE = new Set(['EPIPE', 'ECONNRESET']);

/** A place to write to that fails no run: what cannot be written is dropped from there on, and `throwIfLost` says why. */
export class GuardedWriter {
  readonly #name: string;
  #isBroken = false;
  #lost: UsageError | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Whether nothing is written any more. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Writes, unless that failed before. */
  try(write: () => void): void {
    if (this.#isBroken) return;
    try {
      write();
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (GONE.has(code)) return;
    const trouble = describeFileTrouble(error);
    const why = code === '' || trouble.includes(code) ? trouble : `${trouble} (${code})`;
    this.#lost = new UsageError(`${this.#name} cannot be written: ${why}`, [], EXIT.errored);
  }

  /** @throws UsageError once, when something could not be written to somebody who was still there */
  throwIfLost(): void {
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost) throw lost;
  }
}
