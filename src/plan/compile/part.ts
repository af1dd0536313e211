import type { Template } from '../../expr/index.ts';
import type { Span, TextAt } from '../../model/source-file.ts';
import type { ScalarNode } from '../../source/yaml/node.ts';

export type Path = readonly (string | number)[];

/** What an authored value became: ready, to be rendered, or a collection of such. */
export type Part =
  | { readonly kind: 'ready'; readonly value: unknown; readonly span: Span }
  | { readonly kind: 'template'; readonly template: Template; readonly text: TextAt; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Part[]; readonly span: Span; readonly isStatic: boolean }
  | MapPart;

export interface MapPart {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Part>;
  readonly keys: ReadonlyMap<string, ScalarNode>;
  readonly span: Span;
  readonly isStatic: boolean;
}

/** Stands for a text whose own mistake was reported already, so that the schema reports no second one. */
export const BROKEN = Symbol('broken');

/** Whether nothing in it has to be rendered. */
export function isStaticPart(part: Part): boolean {
  return part.kind === 'ready' || (part.kind !== 'template' && part.isStatic);
}

/** The value as authored: placeholders as their text, expressions as ExpressionAt. */
export function toAuthored(part: Part): unknown {
  return convertPart(part, (template) => template.template.source);
}

/** The value with each text that holds placeholders converted. */
export function convertPart(part: Part, convert: (template: Part & { kind: 'template' }) => unknown): unknown {
  if (part.kind === 'ready') return part.value;
  if (part.kind === 'template') return convert(part);
  if (part.kind === 'list') return part.items.map((item) => convertPart(item, convert));
  const map: Record<string, unknown> = {};
  for (const [key, entry] of part.entries) {
    const value = convertPart(entry, convert);
    if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true });
    else map[key] = value;
  }
  return map;
}

/** The same map with only these of its keys. */
export function pickEntries(part: Part, keys: readonly string[]): Part {
  if (part.kind !== 'map') return part;
  const entries = new Map([...part.entries].filter(([key]) => keys.includes(key)));
  return { ...part, entries, isStatic: [...entries.values()].every(isStaticPart) };
}

/** The part at a path, or the nearest one above it, with the length of the path that led there. */
export function findPart(root: Part, path: Path): { part: Part; depth: number } {
  let part = root;
  for (const [depth, key] of path.entries()) {
    const next =
      part.kind === 'list' ? part.items[Number(key)] : part.kind === 'map' ? part.entries.get(String(key)) : undefined;
    if (!next) return { part, depth };
    part = next;
  }
  return { part, depth: path.length };
}

/** The place of the key that a path ends in; undefined when it ends in no key of a map. */
export function findKey(root: Part, path: Path): Span | undefined {
  const { part, depth } = findPart(root, path.slice(0, -1));
  return part.kind === 'map' && depth === path.length - 1 ? part.keys.get(String(path.at(-1)))?.span : undefined;
}
