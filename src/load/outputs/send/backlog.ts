import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFileTrouble } from '../../../util/file-trouble.ts';
import { makeFolder } from '../../../util/make-folder.ts';

/** What is sent at once. */
export interface Parcel {
  readonly points: number;
  readonly bytes: Uint8Array;
}

export interface BacklogOptions {
  /** The most that memory holds, of what waits and of what is on its way. */
  readonly memoryBytes: number;
  /** The most that is written to disk; 0 for none. */
  readonly diskBytes: number;
  readonly temporaryFolder: string;
}

interface Entry {
  readonly points: number;
  readonly size: number;
  /** Gone once it is on disk. */
  bytes: Uint8Array | undefined;
  file: string | undefined;
  writing: Promise<void> | undefined;
}

/** What waits to be sent, first come, first served: in memory, and beyond that on disk, each parcel a file. */
export class Backlog {
  readonly #options: BacklogOptions;
  #entries: Entry[] = [];
  #folder: string | undefined;
  #inMemory = 0;
  #onDisk = 0;
  #files = 0;
  /** Why nothing more is written to disk. */
  trouble: string | undefined;
  /** What could not be read back from there. */
  lostPoints = 0;

  constructor(options: BacklogOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#entries.length;
  }

  get memoryBytes(): number {
    return this.#inMemory;
  }

  get diskBytes(): number {
    return this.#onDisk;
  }

  get points(): number {
    return this.#entries.reduce((sum, { points }) => sum + points, 0);
  }

  /** Takes a parcel, unless there is no room for it. */
  push({ points, bytes }: Parcel): boolean {
    const { memoryBytes, diskBytes } = this.#options;
    const size = bytes.length;
    const entry: Entry = { points, size, bytes, file: undefined, writing: undefined };
    const isFull = this.#inMemory + size > memoryBytes;
    const hasDisk = this.trouble === undefined && this.#onDisk + size <= diskBytes;
    if (isFull && !(hasDisk && this.#spillNow(entry, bytes))) return false;
    this.#entries.push(entry);
    if (isFull) return true;
    this.#inMemory += size;
    // Begun before memory is full, so that what is being written has room.
    if (hasDisk && this.#inMemory > memoryBytes / 2) entry.writing = this.#spill(entry, bytes);
    return true;
  }

  /** The next parcel; it still counts as held until `release`. */
  async take(): Promise<Parcel | undefined> {
    const entry = this.#entries.shift();
    if (!entry) return undefined;
    await entry.writing;
    const { points, file } = entry;
    if (entry.bytes || file === undefined) return { points, bytes: entry.bytes ?? new Uint8Array() };
    return this.#readBack(entry, file);
  }

  /** Puts a parcel back to the head. */
  putBack({ points, bytes }: Parcel): void {
    this.#entries.unshift({ points, size: bytes.length, bytes, file: undefined, writing: undefined });
  }

  /** A parcel is done with. */
  release({ bytes }: Parcel): void {
    this.#inMemory -= bytes.length;
  }

  /** Drops what waits. */
  async close(): Promise<void> {
    await Promise.all(this.#entries.map(({ writing }) => writing));
    this.#entries = [];
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  async #readBack({ points, size }: Entry, file: string): Promise<Parcel | undefined> {
    this.#onDisk -= size;
    try {
      const bytes = await readFile(file);
      await rm(file, { force: true });
      this.#inMemory += size;
      return { points, bytes };
    } catch (error) {
      this.lostPoints += points;
      this.trouble ??= `its backlog cannot be read back: ${describeFileTrouble(error)}`;
      return undefined;
    }
  }

  async #spill(entry: Entry, bytes: Uint8Array): Promise<void> {
    this.#onDisk += entry.size;
    try {
      const file = this.#nameFile();
      await writeFile(file, bytes, { mode: 0o600 });
      entry.file = file;
      entry.bytes = undefined;
      this.#inMemory -= entry.size;
    } catch (error) {
      this.#onDisk -= entry.size;
      this.#note(error);
    }
  }

  /** Where a process is too busy for what it writes to get done, a millisecond is better lost than what was measured. */
  #spillNow(entry: Entry, bytes: Uint8Array): boolean {
    try {
      const file = this.#nameFile();
      writeFileSync(file, bytes, { mode: 0o600 });
      entry.file = file;
      entry.bytes = undefined;
      this.#onDisk += entry.size;
      return true;
    } catch (error) {
      this.#note(error);
      return false;
    }
  }

  #nameFile(): string {
    const { temporaryFolder } = this.#options;
    if (this.#folder === undefined) {
      makeFolder(temporaryFolder);
      this.#folder = mkdtempSync(join(temporaryFolder, 'testmesh-backlog-'));
    }
    return join(this.#folder, String(this.#files++));
  }

  #note(error: unknown): void {
    const { temporaryFolder } = this.#options;
    this.trouble ??= `its backlog cannot be written to ${temporaryFolder}: ${describeFileTrouble(error)}`;
  }
}
