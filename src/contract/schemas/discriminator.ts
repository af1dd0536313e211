import { setKey, type Value } from '../../expr/index.ts';
import type { Node } from '../../source/yaml/node.ts';
import { childOf, childrenOf, type Documents, type Part, textOf } from '../document/documents.ts';
import type { SchemaContext } from './schema-context.ts';

/** A field whose value says which schema is meant. */
export interface Discriminator {
  readonly field: string;
  readonly choices: readonly Choice[];
}

/** A schema that may be meant, with the values that mean it. */
export interface Choice {
  readonly part: Part;
  readonly values: readonly string[];
}

/** The choice that a schema of OpenAPI 3.0 leaves to the value of a field: among those of `oneOf` or `anyOf`, else among the schemas that are built on it. */
export function readDiscriminator(part: Part, context: SchemaContext): Discriminator | undefined {
  const discriminator = childOf(part, 'discriminator');
  const field = discriminator && textOf(discriminator, 'propertyName');
  if (!discriminator || field === undefined) return undefined;
  const { documents } = context;
  const list = childOf(part, 'oneOf') ?? childOf(part, 'anyOf');
  const branches = list ? childrenOf(list).map(([, child]) => child) : undefined;
  // Schemas that have no name cannot be meant: then all are tried.
  if (branches?.some((branch) => documents.step(branch) === undefined)) return undefined;
  const targets = branches ? branches.map((branch) => documents.follow(branch)) : listBuiltOn(part, context);
  const mapping = readMapping(discriminator, part, context);
  const choices = targets.map((target): Choice => {
    const mapped = mapping.filter(([, other]) => other.node === target.node).map(([value]) => value);
    const name = target.path.at(-1);
    return { part: target, values: [...new Set([...mapped, ...(name === undefined ? [] : [name])])] };
  });
  return { field, choices };
}

/** `{if: the field has one of the values, then: …}`. */
export function chooseBy(field: string, values: readonly string[], schema: Value): Value {
  // biome-ignore lint/suspicious/noThenProperty: the word of a schema, which holds no function
  return { if: { ...requireValue(field, values), required: [field] }, then: schema };
}

/** `{properties: {field: {enum: values}}}`. */
export function requireValue(field: string, values: readonly string[]): { readonly properties: Value } {
  const properties: { [key: string]: Value } = {};
  setKey(properties, field, { enum: [...values] });
  return { properties };
}

function readMapping(discriminator: Part, part: Part, { documents, named }: SchemaContext): readonly [string, Part][] {
  const mapping = childOf(discriminator, 'mapping');
  const pairs: [string, Part][] = [];
  for (const [value, { node }] of mapping ? childrenOf(mapping) : []) {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') continue;
    const byName = named && childOf(named, node.value);
    const target = byName ?? (/[#./]/.test(node.value) ? documents.resolve(node.value, part) : undefined);
    if (target) pairs.push([value, documents.follow(target)]);
  }
  return pairs;
}

const builtOn = new WeakMap<Node, ReadonlyMap<Node, readonly Part[]>>();

/** The named schemas whose `allOf` refers to a schema. */
function listBuiltOn(part: Part, { documents, named }: SchemaContext): readonly Part[] {
  if (!named) return [];
  const known = builtOn.get(named.node) ?? indexBases(named, documents);
  builtOn.set(named.node, known);
  return known.get(part.node) ?? [];
}

function indexBases(named: Part, documents: Documents): ReadonlyMap<Node, readonly Part[]> {
  const byBase = new Map<Node, Part[]>();
  for (const [, schema] of childrenOf(named)) {
    const list = childOf(schema, 'allOf');
    for (const [, base] of list ? childrenOf(list) : []) {
      const target = documents.step(base) && documents.follow(base);
      if (!target) continue;
      const others = byBase.get(target.node);
      if (others) others.push(schema);
      else byBase.set(target.node, [schema]);
    }
  }
  return byBase;
}
