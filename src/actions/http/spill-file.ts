import { closeSync, createReadStream, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Spill } from '../../drivers/http/http-handler.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { writeWhole } from '../../util/write-whole.ts';

const OWNER_ONLY = 0o600;
let count = 0;

/** A temporary file for an answer that is to be saved and is larger than what is held in memory. */
export class SpillFile implements Spill {
  readonly from: number;
  /** Its first bytes. */
  head: Buffer = Buffer.alloc(0);
  readonly #path: string;
  #fd: number | undefined;

  constructor(from: number, name: string) {
    this.from = from;
    this.#path = join(tmpdir(), `testmesh-${name}-${++count}.part`);
  }

  /** @throws ActionError of kind `file` */
  write(chunk: Buffer): void {
    try {
      if (this.#fd === undefined) {
        this.#fd = openSync(this.#path, 'w', OWNER_ONLY);
        this.head = chunk;
      }
      writeWhole(this.#fd, chunk);
    } catch (error) {
      const message = `the answer cannot be written to \`${this.#path}\`: ${describeFileTrouble(error)}`;
      throw new ActionError({
        kind: 'file',
        message,
        hints: ['free some space there, or name another folder with TMPDIR'],
      });
    }
  }

  /** What was written so far belongs to an answer that is passed over. */
  reset(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  read(): Readable {
    return createReadStream(this.#path);
  }

  remove(): void {
    this.reset();
    rmSync(this.#path, { force: true });
  }
}
