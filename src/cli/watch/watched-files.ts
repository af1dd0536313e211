import { type FSWatcher, readdirSync, statfsSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../../model/action/resources.ts';
import { identifyFile } from '../../util/file-state.ts';

/** How long nothing has to change before what changed is told, ms. */
const QUIET_MS = 100;
/** How often folders are looked at where the system reports nothing, ms. */
const POLL_MS = 500;
/** File systems of which other machines change files without a word: NFS, SMB (two), 9p, FUSE, VirtualBox. */
const SILENT = new Set([0x6969, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x786f4256]);

export interface WatchedFilesOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Whether a path may be of interest though nothing is known of it yet; of others the change is not told. */
  readonly mayMatter: (path: string) => boolean;
  /** Says what the reader should know, in a sentence. */
  readonly note: (text: string) => void;
  /** Hears which files are others than they were, or are gone, absolute. */
  readonly onChange: (paths: readonly string[]) => void;
}

/**
 * Tells which files change, by their folders: editors put another file in the place of the one that they save. What the system reports
 * only says where to look; a file has changed when it is another than it was.
 */
export class WatchedFiles {
  readonly #options: WatchedFilesOptions;
  #files: ReadonlySet<string> = new Set();
  readonly #known = new Map<string, string>();
  readonly #judged = new Map<string, boolean>();
  readonly #watchers = new Map<string, FSWatcher | undefined>();
  readonly #polled = new Set<string>();
  /** Those of them that were removed. */
  readonly #lost = new Set<string>();
  readonly #suspects = new Set<string>();
  #cancelQuiet: (() => void) | undefined;
  #cancelPoll: (() => void) | undefined;

  constructor(options: WatchedFilesOptions) {
    this.#options = options;
  }

  /** How many files are followed. */
  get count(): number {
    return this.#files.size;
  }

  isFollowed(file: string): boolean {
    return this.#files.has(file);
  }

  /** Follows these files, and what comes into their folders and these; one that is newer than `since`, ms since 1970, has changed already. */
  follow(files: Iterable<string>, folders: Iterable<string>, since: number): void {
    const wanted = new Set(folders);
    this.#files = new Set(files);
    this.#judged.clear();
    for (const file of this.#files) {
      wanted.add(dirname(file));
      if (!this.#known.has(file)) this.#known.set(file, identifyFile(file));
    }
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#leave(folder);
    for (const folder of wanted) {
      if (this.#watchers.has(folder)) continue;
      this.#watch(folder);
      for (const file of listNames(folder).map((name) => join(folder, name)))
        if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > since) this.#suspect(file, true);
    }
  }

  close(): void {
    this.#cancelQuiet?.();
    this.#cancelPoll?.();
    for (const watcher of this.#watchers.values()) watcher?.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (isSilent(folder)) {
      this.#poll(folder, 'its file system does not say what changes');
      return;
    }
    try {
      const place = findPlace(folder);
      const watcher = watch(folder, (_, name) => {
        const now = findPlace(folder);
        if (now === undefined) this.#poll(folder);
        else if (now !== place) this.#watchAgain(folder);
        this.#look(folder, name === null || now !== place ? undefined : [name]);
      });
      watcher.on('error', (error) => this.#poll(folder, error.message));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      this.#poll(folder, error instanceof Error ? error.message : String(error));
    }
  }

  /** Another folder is in its place. */
  #watchAgain(folder: string): void {
    this.#leave(folder);
    this.#watch(folder);
  }

  #leave(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    this.#polled.delete(folder);
    this.#lost.delete(folder);
  }

  /** Looks again and again where nothing is reported; without a reason, until the folder is there again. */
  #poll(folder: string, why?: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.set(folder, undefined);
    if (why === undefined) this.#lost.add(folder);
    else if (this.#polled.size === 0)
      this.#options.note(`\`${folder}\` is looked at every ${POLL_MS} ms, for it cannot be watched: ${why}`);
    this.#polled.add(folder);
    for (const name of listNames(folder)) this.#known.set(join(folder, name), identifyFile(join(folder, name)));
    this.#cancelPoll ??= this.#options.clock.after(POLL_MS, () => this.#pollAll());
  }

  #pollAll(): void {
    for (const folder of this.#polled) this.#look(folder, undefined);
    for (const folder of this.#lost) if (findPlace(folder) !== undefined) this.#watchAgain(folder);
    this.#cancelPoll = this.#options.clock.after(POLL_MS, () => this.#pollAll());
  }

  /** Looks at files of a folder; at all where it is not known which changed. */
  #look(folder: string, names: readonly string[] | undefined): void {
    const known = names ? [] : [...this.#known.keys()].filter((file) => dirname(file) === folder);
    const listed = (names ?? listNames(folder)).map((name) => join(folder, name));
    for (const file of new Set([...listed, ...known])) this.#suspect(file, false);
  }

  #suspect(file: string, isOther: boolean): void {
    if (!this.#files.has(file) && !this.#mayMatter(file)) return;
    if (!isOther && this.#known.get(file) === identifyFile(file)) return;
    this.#suspects.add(file);
    this.#cancelQuiet?.();
    this.#cancelQuiet = this.#options.clock.after(QUIET_MS, () => this.#tell());
  }

  /** Something may write a log beside the flows all the time. */
  #mayMatter(file: string): boolean {
    const known = this.#judged.get(file) ?? this.#options.mayMatter(file);
    this.#judged.set(file, known);
    return known;
  }

  /** A file that is missing when all is quiet is gone; in between an editor may have put another in its place. */
  #tell(): void {
    const changed = [...this.#suspects];
    this.#suspects.clear();
    for (const file of changed) this.#known.set(file, identifyFile(file));
    this.#options.onChange(changed);
  }
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What tells a folder from another of its name; undefined where there is none. */
function findPlace(folder: string): number | undefined {
  return statSync(folder, { throwIfNoEntry: false })?.ino;
}

function isSilent(folder: string): boolean {
  try {
    return SILENT.has(statfsSync(folder).type);
  } catch {
    return false;
  }
}
