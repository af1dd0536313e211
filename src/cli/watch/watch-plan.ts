import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FlowPlan } from '../../model/plan.ts';
import { PROJECT_FILE } from '../arguments/find-project.ts';
import type { RunFlags } from '../arguments/flags.ts';
import type { PlannedRun } from '../commands/plan-run.ts';
import { listSharedFiles } from '../suites/choose-asked.ts';
import { listOwnFiles } from '../suites/choose-changed.ts';
import { ReadFiles, resolveLinks } from '../suites/read-files.ts';

/** Folders below those of flows in which nobody keeps flows: where libraries are, and hidden ones. */
const NO_FOLDER = /^(?:node_modules$|\.)/;
/** Where flows are when nobody names any. */
const FLOWS = 'flows';
const MOST_FOLDERS = 5000;

/** Which files each flow of a plan reads, and where new ones may come. */
export class WatchPlan {
  /** Flow files, absolute; of one that is broken no flow is known. */
  readonly #flowFiles: readonly string[];
  readonly #callsOf = new Map<string, Set<string>>();
  readonly #shared: readonly string[];
  readonly #read: ReadonlySet<string>;
  readonly #folders: readonly string[];

  constructor({ flows, sources, project }: PlannedRun, flags: RunFlags, { cwd, paths }: WatchedPlace) {
    this.#flowFiles = sources.flowFiles;
    for (const flow of flows) {
      const known = this.#callsOf.get(flow.file.absolutePath) ?? new Set();
      for (const file of listOwnFiles(flow)) known.add(file);
      this.#callsOf.set(flow.file.absolutePath, known);
    }
    this.#shared = listSharedFiles(flags, { cwd, project });
    this.#read = sources.read;
    const globs = project?.runSettings?.flows?.filter((glob) => !glob.startsWith('!'));
    const from = paths.length === 0 && globs ? (project?.directory ?? cwd) : cwd;
    const named = paths.length > 0 ? paths : (globs ?? [FLOWS]);
    this.#folders = named.flatMap((path) => listFolders(resolve(from, findFolder(path))));
  }

  /** How many flow files there are. */
  get flowFileCount(): number {
    return this.#flowFiles.length;
  }

  /** All files to be followed, links resolved. */
  listFiles(): ReadonlySet<string> {
    const files = new ReadFiles(new Set());
    const starts = [...this.#flowFiles, ...[...this.#callsOf.values()].flatMap((own) => [...own]), ...this.#shared];
    return new Set([...starts, ...this.#read].flatMap((file) => [...files.listReached(file)]));
  }

  /** The folders in which new flow files may come. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  /** The flow files that a change touches; all of them where it is of what all read. */
  listTouched(changed: ReadonlySet<string>): readonly string[] {
    const files = new ReadFiles(new Set([...changed].map(resolveLinks)));
    if (this.#shared.some((file) => files.isTouched(file))) return this.#flowFiles;
    return this.#flowFiles.filter((file) => this.#listOwn(file).some((own) => files.isTouched(own)));
  }

  /** Whether a change touches a flow, or one that it calls. */
  isTouched(flow: FlowPlan, changed: ReadonlySet<string>): boolean {
    const files = new ReadFiles(new Set([...changed].map(resolveLinks)));
    return listOwnFiles(flow).some((file) => files.isTouched(file));
  }

  /** Whether a change touches what is given from outside. */
  areInputsTouched(changed: ReadonlySet<string>): boolean {
    const files = new ReadFiles(new Set([...changed].map(resolveLinks)));
    return this.#shared.some((file) => files.isTouched(file)) || [...changed].some(isProjectFile);
  }

  /** The files that are not of this plan, of another one. */
  listNew(other: WatchPlan): readonly string[] {
    const known = new Set(this.#flowFiles);
    return other.#flowFiles.filter((file) => !known.has(file));
  }

  /** Whether a finding in a file says something of one of these flow files. */
  isOf(flowFiles: ReadonlySet<string>, file: string): boolean {
    return !this.#flowFiles.includes(file) || [...flowFiles].some((one) => this.#listOwn(one).includes(file));
  }

  #listOwn(file: string): readonly string[] {
    return [file, ...(this.#callsOf.get(file) ?? [])];
  }
}

interface WatchedPlace {
  readonly cwd: string;
  /** As the command names flows. */
  readonly paths: readonly string[];
}

function isProjectFile(path: string): boolean {
  return path.endsWith(`/${PROJECT_FILE}`);
}

/** The folder that a path names, or in which its pattern begins. */
function findFolder(path: string): string {
  const [plain = ''] = path.split(/[*?{[]/);
  return plain === path ? path : dirname(`${plain}_`);
}

/** A folder and those below it; nothing where it is none. */
function listFolders(top: string): readonly string[] {
  const found = [top];
  for (const folder of found) {
    if (found.length > MOST_FOLDERS) break;
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isDirectory() && !NO_FOLDER.test(entry.name)) found.push(join(folder, entry.name));
    } catch {
      // It is a file, or not there yet.
      if (folder === top) return [];
    }
  }
  return found;
}
