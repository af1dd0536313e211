import { dirname, resolve } from 'node:path';
import type { SourceFile } from '../../model/source-file.ts';
import { loadSourceFile } from '../../source/yaml/load-source-file.ts';
import { findEntry, type MapNode, type Node } from '../../source/yaml/node.ts';
import { readYaml } from '../../source/yaml/read-yaml.ts';
import { DocumentError } from './document-error.ts';

/** A part of a document, with the way to it. */
export interface Part {
  readonly node: Node;
  readonly source: SourceFile;
  /** Keys and positions from the root of its file on. */
  readonly path: readonly string[];
}

/** What YAML does with texts of flows; what others write is taken as it is. */
const TRAPS = new Set(['TM011', 'TM012', 'TM014', 'TM017']);
const MOST_STEPS = 100;

/** The files of one description of a service, read when first referred to. */
export class Documents {
  readonly #directory: string;
  readonly #roots = new Map<string, Part>();
  readonly #resolved = new Map<string, Part>();
  /** Parts by the `$id` that they call themselves; made when something is looked for by it. */
  #ids: Map<string, Part> | undefined;

  /** Paths are relative to `directory`, and shown so. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The files that were read. */
  get files(): readonly string[] {
    return [...this.#roots.keys()];
  }

  /** The root of a file. @throws DocumentError when it cannot be read */
  open(path: string): Part {
    const absolutePath = resolve(this.#directory, path);
    const known = this.#roots.get(absolutePath);
    if (known) return known;
    const root = readRoot(absolutePath, this.#directory);
    this.#roots.set(absolutePath, root);
    this.#ids = undefined;
    return root;
  }

  /** Where a chain of `$ref` ends: the part itself when it has none. @throws DocumentError when it leads nowhere */
  follow(part: Part): Part {
    let current = part;
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const next = this.step(current);
      if (!next) return current;
      current = next;
    }
    throw new DocumentError('the `$ref` leads back to itself', { span: part.node.span });
  }

  /** The part that a `$ref` names; undefined for a part that has none. @throws DocumentError when it is not there */
  step(part: Part): Part | undefined {
    const value = findEntry(part.node, '$ref')?.value;
    if (value?.kind !== 'scalar' || typeof value.value !== 'string') return undefined;
    const key = `${part.source.absolutePath} ${value.value}`;
    const known = this.#resolved.get(key);
    if (known) return known;
    const found = this.resolve(value.value, part);
    if (!found) {
      const message = `\`$ref: ${value.value}\` names nothing that is there`;
      const help = ['references lead into the document itself or into files beside it; nothing is fetched'];
      throw new DocumentError(message, { span: value.span, help });
    }
    this.#resolved.set(key, found);
    return found;
  }

  /** What a reference from this part's file names; undefined when it is not there. @throws DocumentError when its file cannot be read */
  resolve(ref: string, { source }: Part): Part | undefined {
    const mark = ref.indexOf('#');
    const [file, fragment] = mark === -1 ? [ref, ''] : [ref.slice(0, mark), ref.slice(mark + 1)];
    const root =
      file === '' ? this.#roots.get(source.absolutePath) : (this.#findId(file) ?? this.#openBeside(file, source));
    if (!root || fragment === '') return root;
    return fragment.startsWith('/') ? walk(root, fragment) : findAnchor(root, decode(fragment));
  }

  #openBeside(file: string, source: SourceFile): Part | undefined {
    if (/^[a-z][a-z0-9+.-]+:/i.test(file)) return undefined;
    return this.open(resolve(dirname(source.absolutePath), decode(file)));
  }

  #findId(id: string): Part | undefined {
    this.#ids ??= collectIds([...this.#roots.values()]);
    return this.#ids.get(id);
  }
}

/** The part below a key, or at a position; undefined when there is none. */
export function childOf(part: Part, key: string): Part | undefined {
  const { node, source, path } = part;
  const child = node.kind === 'seq' ? node.items[Number(key)] : findEntry(node, key)?.value;
  return child && { node: child, source, path: [...path, key] };
}

/** The parts of a map with their keys, or of a list with their positions. */
export function childrenOf({ node, source, path }: Part): readonly (readonly [string, Part])[] {
  if (node.kind === 'scalar') return [];
  const children =
    node.kind === 'seq'
      ? node.items.map((item, at) => [String(at), item] as const)
      : node.entries.map(({ key, value }) => [key.text.text, value] as const);
  return children.map(([key, child]) => [key, { node: child, source, path: [...path, key] }]);
}

/** The text below a key; undefined when there is none. */
export function textOf(part: Part, key: string): string | undefined {
  const value = findEntry(part.node, key)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** Whether `true` stands below the key. */
export function isTrue(part: Part, key: string): boolean {
  const value = findEntry(part.node, key)?.value;
  return value?.kind === 'scalar' && value.value === true;
}

/** The same part, known to be a map. @throws DocumentError when it is none */
export function requireMap(part: Part, what: string): Part & { readonly node: MapNode } {
  const { node } = part;
  if (node.kind === 'map') return { ...part, node };
  throw new DocumentError(`${what} has to be a map`, { span: node.span });
}

/** `#/components/schemas/User`. */
export function pointerOf({ path }: Part): string {
  return `#${path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}

function readRoot(absolutePath: string, directory: string): Part {
  const loaded = loadSourceFile(absolutePath, directory);
  const { documents, diagnostics } = 'file' in loaded ? readYaml(loaded.file) : { documents: [], ...loaded };
  const wrong = diagnostics.find(({ severity, code }) => severity === 'error' && !TRAPS.has(code));
  if (wrong) throw new DocumentError(wrong.message, { span: wrong.span });
  const [node] = documents;
  if (!node || !('file' in loaded)) throw new DocumentError(`\`${absolutePath}\` holds nothing`);
  return { node, source: loaded.file, path: [] };
}

function walk(root: Part, pointer: string): Part | undefined {
  let part: Part | undefined = root;
  for (const step of decode(pointer).split('/').slice(1)) {
    part = part && childOf(part, step.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return part;
}

function findAnchor(root: Part, name: string): Part | undefined {
  return findPart(root, (part) => textOf(part, '$anchor') === name || textOf(part, '$dynamicAnchor') === name);
}

function findPart(part: Part, isMeant: (part: Part) => boolean, seen = new Set<Node>()): Part | undefined {
  if (isMeant(part)) return part;
  // Aliases share what they stand for, and nested ones would multiply.
  seen.add(part.node);
  for (const [, child] of childrenOf(part)) {
    const found = seen.has(child.node) ? undefined : findPart(child, isMeant, seen);
    if (found) return found;
  }
  return undefined;
}

function collectIds(roots: readonly Part[]): Map<string, Part> {
  const ids = new Map<string, Part>();
  for (const root of roots) {
    // Looking at every part takes long in a large document, and nearly none has an id.
    if (!/\$(?:id|self)\b/.test(root.source.text)) continue;
    findPart(root, (part) => {
      const id = textOf(part, '$id') ?? textOf(part, '$self');
      if (id !== undefined) ids.set(id.replace(/#$/, ''), part);
      return false;
    });
  }
  return ids;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
