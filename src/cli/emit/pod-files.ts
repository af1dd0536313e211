import { isUtf8 } from 'node:buffer';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { formatDataSize } from '../../util/data-size.ts';
import { readBytes } from '../../util/read-text.ts';
import { isSecretName } from '../../util/secret-name.ts';
import { UsageError } from '../process/usage-error.ts';

/** What a ConfigMap takes in all. */
const MOST_BYTES = 1024 * 1024;
const MOST_TOLD = 3;
/** Where its pods find them. */
const MOUNT = '/flows';

const PRIVATE_KEY = /^-----BEGIN [A-Z ]*PRIVATE KEY-----/m;
/** Of a dotenv file. */
const VARIABLE = /^(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm;
const HAS_PASSWORD = /:\/\/[^/\s]*:[^/\s]*@/;

/** The files of a run as a ConfigMap brings them into its pods. */
export interface PodFiles {
  readonly mount: string;
  /** Where the command runs, and finds the files that it is given. */
  readonly workingDir: string;
  readonly files: readonly PodFile[];
  /** The flow files, as the command is given them. */
  readonly paths: readonly string[];
}

export interface PodFile {
  /** In the ConfigMap, whose keys know no folders. */
  readonly key: string;
  /** Below the mount. */
  readonly path: string;
  readonly text?: string | undefined;
  /** Of one that is no text. */
  readonly base64?: string | undefined;
  /** Where it is now: of one that holds a secret, and comes from the Secret that the user makes. */
  readonly from?: string | undefined;
}

export interface FilesAbout {
  readonly cwd: string;
  /** That of testmesh.yaml. */
  readonly project: string | undefined;
  /** Absolute, in the order of the command. */
  readonly flowFiles: readonly string[];
  /** All that was read, flow files too. */
  readonly read: Iterable<string>;
}

/** Gathers what pods need, below the one folder that holds all of it. @throws UsageError when a ConfigMap cannot take it */
export function gatherFiles({ cwd, project, flowFiles, read }: FilesAbout): PodFiles {
  const all = [...new Set([...flowFiles, ...read])].sort();
  const root = all.map((path) => dirname(path)).reduce(joinFolders);
  // A folder is there where a file stands in it.
  const home = [cwd, project ?? root, root].find((folder) => all.some((path) => isBelow(path, folder))) ?? root;
  const top = joinFolders(root, home);
  const taken = new Set<string>();
  const files = all.map((path) => describeFile(path, { top, home, taken }));
  refuseLarge(files);
  return {
    mount: MOUNT,
    workingDir: [MOUNT, toPosix(relative(top, home))].filter((part) => part !== '').join('/'),
    files,
    paths: flowFiles.map((path) => toPosix(relative(home, path))),
  };
}

function describeFile(path: string, about: { top: string; home: string; taken: Set<string> }): PodFile {
  const inside = toPosix(relative(about.top, path));
  const file = { key: nameKey(inside, about.taken), path: inside };
  const bytes = readBytes(path);
  if (!isUtf8(bytes) || bytes.includes(0)) return { ...file, base64: bytes.toString('base64') };
  const text = bytes.toString('utf8');
  return holdsSecret(text) ? { ...file, from: toPosix(relative(about.home, path)) } : { ...file, text };
}

/** Whether a file is a key, or one of variables of which one is a secret. */
function holdsSecret(text: string): boolean {
  if (PRIVATE_KEY.test(text)) return true;
  return [...text.matchAll(VARIABLE)].some(
    ([, name = '', value = '']) => value !== '' && (isSecretName(name) || HAS_PASSWORD.test(value)),
  );
}

/** A key of a ConfigMap: letters, digits, `-`, `_` and `.`. */
function nameKey(path: string, taken: Set<string>): string {
  const plain = path
    .replaceAll(/[^\w.-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(-200);
  let key = plain;
  for (let number = 2; taken.has(key); number++) key = `${number}_${plain}`;
  taken.add(key);
  return key;
}

function refuseLarge(files: readonly PodFile[]): void {
  const sizes = files.map(({ path, text = '', base64 = '' }) => ({ path, size: Buffer.byteLength(text + base64) }));
  const sum = sizes.reduce((all, { size }) => all + size, 0);
  if (sum <= MOST_BYTES) return;
  const largest = [...sizes].sort((a, b) => b.size - a.size).slice(0, MOST_TOLD);
  throw new UsageError(
    `--emit kubernetes: a ConfigMap takes ${formatDataSize(MOST_BYTES)}, and the files have ${formatDataSize(sum)}`,
    [`the largest: ${largest.map(({ path, size }) => `${path} (${formatDataSize(size)})`).join(', ')}`],
  );
}

/** The nearest folder that holds both. */
function joinFolders(a: string, b: string): string {
  let folder = a;
  while (!isBelow(b, folder)) folder = dirname(folder);
  return folder;
}

/** Whether a path is a folder or stands in it. */
function isBelow(path: string, folder: string): boolean {
  const from = relative(folder, path);
  return from !== '..' && !from.startsWith(join('..', sep)) && !isAbsolute(from);
}

function toPosix(path: string): string {
  return path.split(sep).join('/');
}
