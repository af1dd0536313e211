import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createGzip, type Gzip } from 'node:zlib';
import { refuseLostFile } from '../../util/file-state.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { type Metric, type OutputEnd, OutputMistake, type SampleBatch, type TagSet } from '../metrics/samples.ts';

/** What a disk that is slow has not taken yet: beyond it samples are lost, rather than memory. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/** A file that grows while the load runs; compressed when its name ends with `.gz`. */
export class FileSink {
  readonly #output: string;
  readonly #file: string;
  #stream: WriteStream | Gzip | undefined;
  #closed: Promise<void> | undefined;
  #waiting = 0;
  #written = 0;
  #lost = 0;
  #trouble: unknown;
  /** @throws Error where the file is not at its place any more */
  #look: (() => void) | undefined;

  constructor(output: string, file: string) {
    this.#output = output;
    this.#file = file;
  }

  /** Opens it anew, with its folder. @throws OutputMistake */
  async open(cwd: string): Promise<void> {
    const path = resolve(cwd, this.#file);
    try {
      makeFolder(dirname(path));
      const file = createWriteStream(path);
      const [fd] = await once(file, 'open');
      this.#follow(file);
      this.#look = () => refuseLostFile(Number(fd), path);
    } catch (error) {
      const why = describeFileTrouble(error);
      throw new OutputMistake(`--out ${this.#output}: \`${this.#file}\` cannot be written: ${why}`);
    }
  }

  /** Never waits. */
  write(text: string, points: number): void {
    const bytes = Buffer.from(text);
    if (!this.#stream || this.#trouble !== undefined || this.#waiting + bytes.length > MOST_WAITING_BYTES) {
      this.#lost += points;
      return;
    }
    this.#waiting += bytes.length;
    this.#stream.write(bytes, (error) => {
      this.#waiting -= bytes.length;
      if (error) this.#lost += points;
      else this.#written += points;
    });
  }

  /** Writes what `describe` makes of each sample. */
  writeBatch(batch: SampleBatch, describe: (metric: Metric, tags: TagSet, at: number) => string): void {
    let text = '';
    for (let at = 0; at < batch.length; at++) {
      const metric = batch.metrics[at];
      const tags = batch.tags[at];
      if (metric && tags) text += describe(metric, tags, at);
    }
    this.write(text, batch.length);
  }

  async close(): Promise<OutputEnd> {
    try {
      this.#look?.();
    } catch (error) {
      this.#trouble ??= error;
      // What was written is where nobody finds it.
      this.#lost += this.#written;
      this.#written = 0;
    }
    this.#stream?.end();
    await this.#closed;
    const isBroken = this.#trouble !== undefined;
    // Of what was compressed, nobody knows how much came through.
    const written = isBroken && this.#file.endsWith('.gz') ? 0 : this.#written;
    const lost = this.#lost + this.#written - written;
    if (lost === 0 && !isBroken) return { written, lost, notes: [] };
    const why = isBroken ? describeFileTrouble(this.#trouble) : 'the disk is too slow';
    return { written, lost, notes: [`\`${this.#file}\` is not complete: ${why}`] };
  }

  #follow(file: WriteStream): void {
    const note = (error: unknown): void => {
      this.#trouble ??= error;
    };
    const gzip = this.#file.endsWith('.gz') ? createGzip({ level: 1 }) : undefined;
    // A file that is ended is closed, for which `close` waits.
    gzip?.on('error', note).on('error', () => file.destroy());
    gzip?.pipe(file);
    this.#closed = new Promise((done) => {
      file.on('error', note).on('close', () => {
        // What waits in the compression has nowhere to go.
        gzip?.destroy();
        done();
      });
    });
    this.#stream = gzip ?? file;
  }
}
