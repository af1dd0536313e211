import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { LoadedFile } from '../../source/yaml/load-source-file.ts';
import { findNearestFile } from '../../util/file-trouble.ts';
import { findNearest } from '../../util/suggest.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { PROJECT_FILE } from './find-project.ts';

const DEFAULT_PATTERN = 'flows/**/*.{yaml,yml}';
/** Files of others, and what says what there is beside flows. */
const NO_FLOWS = ['**/node_modules/**', `**/${PROJECT_FILE}`];
const IN_DIRECTORY = '**/*.{yaml,yml}';

/** Where flow files are looked for, and how they are read. */
export interface FileSearch {
  readonly cwd: string;
  /** `--secret`, for what of it may have become a path. */
  readonly secret: readonly string[];
  readonly load: (path: string) => LoadedFile;
  /** What testmesh.yaml says of a command that names no file. */
  readonly findNamed?: (() => Promise<NamedFiles | undefined>) | undefined;
  /** The command that asks, where it runs no flows. */
  readonly command?: string;
}

/** The globs under `flows` of testmesh.yaml, and its folder. */
export interface NamedFiles {
  readonly directory: string;
  readonly globs: readonly string[];
}

/** The flow files that paths, globs and directories name, in the order named, each once; absolute. */
export async function findFlowFiles(paths: readonly string[], search: FileSearch): Promise<string[]> {
  const { cwd, secret } = search;
  const found: string[] = [];
  const isSplit = secret.some((pair) => pair.endsWith('='));
  if (isSplit && paths.some((path) => !/[*?{[]/.test(path) && !statSync(resolve(cwd, path), { throwIfNoEntry: false })))
    throw new UsageError(
      '--secret: a value is empty, and what may be meant for it is read as a path that does not exist',
      ['write no blank behind `=`: --secret API_TOKEN="$API_TOKEN"'],
    );
  const named = paths.length > 0 ? undefined : await search.findNamed?.();
  if (named) return expandNamed(named, search);
  for (const path of paths.length > 0 ? paths : [DEFAULT_PATTERN]) found.push(...(await expandPath(path, search)));
  return [...new Set(found)];
}

/** A folder stands for all files in it; `!` before a glob leaves out. */
function expandNamed({ directory, globs }: NamedFiles, search: FileSearch): Promise<string[]> {
  const isFolder = (path: string) => statSync(resolve(directory, path), { throwIfNoEntry: false })?.isDirectory();
  const all = globs.map((glob) => (isFolder(glob) ? `${glob.replace(/\/$/, '')}/${IN_DIRECTORY}` : glob));
  const message = `\`flows\` of ${PROJECT_FILE} matches no file: ${globs.join(', ')}`;
  return expandGlob(all, { ...search, cwd: directory }, message);
}

async function expandPath(path: string, search: FileSearch): Promise<string[]> {
  const { cwd } = search;
  const absolute = resolve(cwd, path);
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (stat?.isDirectory())
    return expandGlob(IN_DIRECTORY, { ...search, cwd: absolute }, `the directory \`${path}\` holds no flow file`);
  if (stat) return [absolute];
  // Loaded for globs and directories alone.
  const { isDynamicPattern } = await import('tinyglobby');
  if (isDynamicPattern(path)) {
    const message =
      path === DEFAULT_PATTERN ? `there is no flow file at ${DEFAULT_PATTERN}` : `\`${path}\` matches no file`;
    return expandGlob(path, search, message);
  }
  const [, name] = /^([A-Za-z_]\w*):?=/.exec(path) ?? [];
  if (name !== undefined) {
    throw new UsageError(`\`${name}=…\` is not a file: values are given with a flag`, [
      `write \`--var ${name}=…\`, or \`--secret ${name}=…\` for one that nobody should see`,
    ]);
  }
  throw new UsageError(`there is no file or directory \`${path}\``, [
    suggestFile(path, cwd) ?? `it is looked for at ${absolute}`,
  ]);
}

/** What a path that leads nowhere was meant to be. */
function suggestFile(path: string, cwd: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(path)) return 'a flow is a file: fetch it first';
  const [, file = '', line] = /^(.*?\.ya?ml):(\d+)$/i.exec(path) ?? [];
  if (line !== undefined && existsSync(resolve(cwd, file)))
    return `write \`${file}\`; a step is chosen with \`--only STEP_ID\``;
  const absolute = resolve(cwd, path);
  const nearest = findNearestFile(absolute, FLOW_FILE) ?? findNearest(basename(path), listFolders(dirname(absolute)));
  const meant = nearest === undefined ? suggestInOtherFolder(path, cwd) : join(dirname(path), nearest);
  return meant && `did you mean \`${meant}\`?`;
}

/** The same in the folder that was meant by the one that is not there. */
function suggestInOtherFolder(path: string, cwd: string): string | undefined {
  const folder = dirname(path);
  if (existsSync(resolve(cwd, folder))) return undefined;
  const nearest = findNearest(basename(folder), listFolders(dirname(resolve(cwd, folder))));
  const meant = nearest === undefined ? undefined : join(dirname(folder), nearest, basename(path));
  return meant !== undefined && existsSync(resolve(cwd, meant)) ? meant : undefined;
}

/** The ending of flow files; testmesh.yaml is none. */
const FLOW_FILE = /^(?!testmesh\.ya?ml$).*\.ya?ml$/i;

function listFolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));
  } catch {
    return [];
  }
}

async function expandGlob(
  pattern: string | readonly string[],
  { cwd, load, command = 'run' }: FileSearch,
  message: string,
): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const all = await glob([pattern].flat(), { cwd, absolute: true, expandDirectories: false, ignore: NO_FLOWS });
  // Their services are known there alone.
  const projectOf = createProjectFinder(cwd);
  const own = all.filter((file) => projectOf(dirname(file)) === undefined);
  const files = own.filter((file) => !isDescription(load(file)));
  const [first] = own.length === 0 ? all.flatMap((file) => projectOf(dirname(file)) ?? []) : [];
  if (first !== undefined)
    throw new UsageError(
      `what is found is of projects with a testmesh.yaml of their own`,
      [`run it there: cd ${relative(cwd, first)}`],
      EXIT.nothingMatched,
    );
  if (files.length === 0)
    throw new UsageError(message, [`name a file: testmesh ${command} flow.yaml`], EXIT.nothingMatched);
  return files.sort();
}

/** Makes what gives the nearest folder with a testmesh.yaml of its own that holds a folder, below the one where all begins. */
function createProjectFinder(cwd: string): (folder: string) => string | undefined {
  const inside = cwd.endsWith(sep) ? cwd : cwd + sep;
  const known = new Map<string, string | undefined>();
  const find = (folder: string): string | undefined => {
    if (!folder.startsWith(inside)) return undefined;
    if (!known.has(folder)) known.set(folder, existsSync(join(folder, PROJECT_FILE)) ? folder : find(dirname(folder)));
    return known.get(folder);
  };
  return find;
}

/** Whether a file describes a service, as an API document and the file of a stub do, and holds no steps. */
function isDescription(loaded: LoadedFile): boolean {
  // Why a file cannot be read is said where it is planned.
  if (!('file' in loaded)) return false;
  const { text } = loaded.file;
  return (
    !/^["']?(?:flow|steps|setup)["']?:/m.test(text) &&
    /^["']?(?:openapi|swagger|asyncapi|routes|from)["']?:/m.test(text)
  );
}
