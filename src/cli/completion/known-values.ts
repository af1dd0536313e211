import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { listRunIds } from '../../records/find-record.ts';
import { reporterNames } from '../../reporters/registry.ts';
import { loadSourceFile } from '../../source/yaml/load-source-file.ts';
import { findEntry, type Node } from '../../source/yaml/node.ts';
import { readYaml } from '../../source/yaml/read-yaml.ts';
import { PROJECT_FILE } from '../arguments/find-project.ts';
import { OUTPUT_DIR } from '../arguments/flags.ts';

/** What may stand at a place of the command line. */
export interface Candidate {
  readonly value: string;
  readonly description?: string | undefined;
}

/** What is known where somebody types. */
export interface TypedAt {
  readonly cwd: string;
  /** The words before, without flags. */
  readonly operands: readonly string[];
  /** What is typed of the word so far. */
  readonly prefix: string;
}

/** A file that is completed has to be read while somebody waits. */
const MOST_BYTES = 1024 * 1024;
const COMPANIONS = ['services', 'stubs', 'proxies'];

export type ValueKind = keyof typeof KINDS;

/** Where values of a kind come from. */
const KINDS = {
  flows: (at: TypedAt) => listFiles(at, /\.ya?ml$/),
  files: (at: TypedAt) => listFiles(at, /./),
  folders: (at: TypedAt) => listFiles(at, /^\b$/),
  environments: ({ cwd }: TypedAt) => listProjectNames(cwd, ['environments']),
  companions: ({ cwd }: TypedAt) => listProjectNames(cwd, COMPANIONS),
  steps: listStepIds,
  reporters: () => reporterNames.map(toCandidate),
  runs: ({ cwd }: TypedAt) => ['last', ...listRunIds(resolve(cwd, OUTPUT_DIR))].map(toCandidate),
  topics: listTopics,
} as const;

/** What the flags take whose choices are not fixed, by their names. */
export const FLAG_VALUES: Readonly<Record<string, ValueKind>> = {
  env: 'environments',
  reporter: 'reporters',
  replay: 'runs',
  ...toKinds('steps', ['only', 'from', 'to', 'skip', 'break']),
  ...toKinds('files', ['env-file', 'var-file', 'json', 'durations', 'record']),
  ...toKinds('folders', ['output-dir', 'history-dir']),
};

/** What commands take behind their names. */
export const OPERAND_VALUES: Readonly<Record<string, ValueKind>> = {
  ...toKinds('flows', ['run', 'validate', 'list', 'load', 'fmt', 'mock', 'verify', 'doctor']),
  ...{ report: 'runs', 'merge-reports': 'files', up: 'companions', explain: 'topics' },
};

/** The values of a kind that there are here. */
export async function listValues(kind: ValueKind, at: TypedAt): Promise<readonly Candidate[]> {
  return KINDS[kind](at);
}

function toKinds(kind: ValueKind, words: readonly string[]): Readonly<Record<string, ValueKind>> {
  return Object.fromEntries(words.map((word) => [word, kind]));
}

function toCandidate(value: string): Candidate {
  return { value };
}

/** Files and folders that go on from what is typed. */
function listFiles({ cwd, prefix }: TypedAt, pattern: RegExp): readonly Candidate[] {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const isHiddenWanted = prefix.slice(folder.length).startsWith('.');
  try {
    return readdirSync(resolve(cwd, folder || '.'), { withFileTypes: true })
      .filter(({ name }) => isHiddenWanted || !(name.startsWith('.') || name === 'node_modules'))
      .flatMap((entry): Candidate[] => {
        if (isFolder(entry, resolve(cwd, folder))) return [{ value: `${folder}${entry.name}/` }];
        return pattern.test(entry.name) ? [{ value: `${folder}${entry.name}` }] : [];
      });
  } catch {
    return [];
  }
}

function isFolder(
  entry: { readonly name: string; isDirectory(): boolean; isSymbolicLink(): boolean },
  folder: string,
): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function listProjectNames(cwd: string, keys: readonly string[]): readonly Candidate[] {
  const path = findUpwards(cwd, PROJECT_FILE);
  const [root] = path === undefined ? [] : readDocuments(path, cwd);
  if (!root) return [];
  return keys.flatMap((key) => {
    const named = findEntry(root, key)?.value;
    return named?.kind === 'map' ? named.entries.map(({ key: name }) => ({ value: name.text.text })) : [];
  });
}

function findUpwards(from: string, name: string): string | undefined {
  if (existsSync(join(from, name))) return join(from, name);
  return dirname(from) === from ? undefined : findUpwards(dirname(from), name);
}

/** The ids of the steps of the flows that are named before. */
function listStepIds({ cwd, operands }: TypedAt): readonly Candidate[] {
  const paths = operands.filter((word) => /\.ya?ml$/.test(word));
  const found = new Map<string, Candidate>();
  const visit = (node: Node): void => {
    const [id, action] = ['id', 'action'].map((key) => findEntry(node, key)?.value);
    if (id?.kind === 'scalar' && action?.kind === 'scalar')
      found.set(id.text.text, { value: id.text.text, description: action.text.text });
    if (node.kind === 'map') for (const { value } of node.entries) visit(value);
    if (node.kind === 'seq') for (const item of node.items) visit(item);
  };
  for (const path of paths) for (const document of readDocuments(path, cwd)) visit(document);
  return [...found.values()];
}

function readDocuments(path: string, cwd: string): readonly Node[] {
  if ((statSync(resolve(cwd, path), { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY) > MOST_BYTES)
    return [];
  const loaded = loadSourceFile(path, cwd);
  return 'file' in loaded ? readYaml(loaded.file).documents : [];
}

/** What `explain` has. */
async function listTopics(): Promise<readonly Candidate[]> {
  const [{ listActionNames }, { keyNames }, { listFunctionNames }, { codeDocs }] = await Promise.all([
    import('../commands/explain-actions.ts'),
    import('../commands/explain-keys.ts'),
    import('../commands/explain-functions.ts'),
    import('../../plan/code-docs/all-codes.ts'),
  ]);
  const words = ['actions', 'functions', ...listActionNames(), ...keyNames, ...listFunctionNames()].map(toCandidate);
  return [...words, ...codeDocs.map(({ code, title }) => ({ value: code, description: title }))];
}
