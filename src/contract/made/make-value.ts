import { isMap, setKey, type Value } from '../../expr/index.ts';
import { type Node, toData } from '../../source/yaml/node.ts';
import { DocumentError } from '../document/document-error.ts';
import { childOf, childrenOf, type Part } from '../document/documents.ts';
import { isOneWay } from '../schemas/one-way-fields.ts';
import type { SchemaContext } from '../schemas/schema-context.ts';
import type { Draws } from './draws.ts';
import { makeNumber } from './make-number.ts';
import { makeText } from './make-text.ts';
import { type MergedSchema, mergeSchema } from './merged-schema.ts';

/** Where a value is made. */
interface Place {
  /** Of the field. */
  readonly name: string;
  readonly depth: number;
  /** The schemas that it stands in. */
  readonly around: readonly Node[];
  /** Which of several that shall differ it is. */
  readonly variant: number;
}

const ROOT: Place = { name: '', depth: 0, around: [], variant: 0 };
/** Below that, and from so many values on, only what is required is made. */
const DEEP = 5;
const MANY = 300;
const MOST = 5_000;
const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'];
const HINTS: readonly (readonly [string, string])[] = [
  ['properties', 'object'],
  ['required', 'object'],
  ['additionalProperties', 'object'],
  ['items', 'array'],
  ['prefixItems', 'array'],
  ['minItems', 'array'],
  ['pattern', 'string'],
  ['minLength', 'string'],
  ['maxLength', 'string'],
  ['format', 'string'],
  ['minimum', 'number'],
  ['maximum', 'number'],
  ['multipleOf', 'number'],
];

/** Makes values by schemas; what a document gives as an example goes before what is made. */
export class ValueMaker {
  readonly #context: SchemaContext;
  readonly #draws: Draws;
  readonly #isSparse: boolean;
  readonly #isGiven: boolean;
  #count = 0;

  /** Of a sparse value only what is required is made; of one that is given nothing that the document shows no example of. */
  constructor(context: SchemaContext, draws: Draws, { isSparse = false, isGiven = false } = {}) {
    this.#context = context;
    this.#draws = draws;
    this.#isSparse = isSparse;
    this.#isGiven = isGiven;
  }

  /** Makes a value; it may still not be what the schema wants. @throws DocumentError when none can be made */
  make(part: Part): Value {
    const value = this.find(part);
    if (value !== undefined) return value;
    throw new DocumentError('it needs itself', { span: part.node.span });
  }

  /** The same, and undefined when none can be made. */
  find(part: Part): Value | undefined {
    return this.#make(part, ROOT);
  }

  /** Undefined where it would have to stand in itself. */
  #make(part: Part, place: Place): Value | undefined {
    if (++this.#count > MOST) throw new DocumentError('it is too large to be made', { span: part.node.span });
    const merged = mergeSchema(part, this.#context, place.variant);
    if (merged.given !== undefined) return merged.given;
    if (merged.parts.some(({ node }) => place.around.includes(node))) return undefined;
    const inner = {
      ...place,
      depth: place.depth + 1,
      around: [...place.around, ...merged.parts.map(({ node }) => node)],
    };
    const type = typeOf(merged.parts);
    if (this.#isGiven && type !== 'object' && type !== 'array') return undefined;
    switch (type) {
      case 'object':
        return this.#makeMap(merged, inner);
      case 'array':
        return this.#makeList(merged.parts, inner);
      case 'string':
        return makeText(merged.parts, { name: place.name, draws: this.#draws });
      case 'integer':
        return makeNumber(merged.parts, { isWhole: true, draws: this.#draws, variant: place.variant });
      case 'number':
        return makeNumber(merged.parts, { isWhole: false, draws: this.#draws, variant: place.variant });
      case 'boolean':
        return place.variant % 2 === 0;
      default:
        return null;
    }
  }

  #makeMap({ parts, fixed }: MergedSchema, place: Place): Value | undefined {
    const map: { [key: string]: Value } = {};
    const required = new Set(parts.flatMap((part) => listTexts(part, 'required')));
    const fields = new Map<string, Part>();
    for (const part of parts) {
      const properties = childOf(part, 'properties');
      for (const [name, field] of properties ? childrenOf(properties) : [])
        if (!fields.has(name)) fields.set(name, field);
    }
    for (const name of [...required, ...fixed.keys()])
      if (!fields.has(name)) fields.set(name, findOther(parts) ?? EMPTY);
    const examples = parts.flatMap((part) => giveMap(part));
    const isRoomy = !this.#isSparse && place.depth <= DEEP;
    for (const [name, field] of fields) {
      const known = fixed.get(name) ?? examples.find((one) => Object.hasOwn(one, name))?.[name];
      const isNeeded = required.has(name);
      if (isOneWay(field, this.#context) || (known === undefined && !isNeeded && !(isRoomy && this.#count < MANY)))
        continue;
      const value = known ?? this.#make(field, { ...place, name });
      if (value !== undefined) setKey(map, name, value);
      else if (isNeeded) return undefined;
    }
    this.#fill(map, parts, place);
    return map;
  }

  /** As many fields as there have to be, of those that have no names. */
  #fill(map: { [key: string]: Value }, parts: readonly Part[], place: Place): void {
    const least = Math.max(0, ...parts.map((part) => countOf(part, 'minProperties') ?? 0));
    for (let at = 1; Object.keys(map).length < least && at <= MANY; at++) {
      const value = this.#make(findOther(parts) ?? EMPTY, { ...place, name: `field${at}`, variant: at });
      if (value !== undefined) setKey(map, `field${at}`, value);
    }
  }

  #makeList(parts: readonly Part[], place: Place): Value | undefined {
    const least = Math.max(0, ...parts.map((part) => countOf(part, 'minItems') ?? 0));
    const most = Math.min(...parts.map((part) => countOf(part, 'maxItems') ?? Number.POSITIVE_INFINITY));
    const first = parts.flatMap((part) => listItems(part, 'prefixItems'));
    const items = findFirst(parts, 'items') ?? findFirst(parts, 'contains') ?? EMPTY;
    const isRoomy = !this.#isSparse && place.depth <= DEEP && this.#count < MANY;
    const wanted = Math.min(most, Math.max(least, first.length, isRoomy && items !== EMPTY ? 1 : 0));
    const list: Value[] = [];
    for (let at = 0; at < wanted; at++) {
      // Another one each time, for they may have to differ.
      const item = this.#make(first[at] ?? items, { ...place, variant: at });
      if (item === undefined) return least === 0 ? [] : undefined;
      list.push(item);
    }
    return list;
  }
}

/** A schema that allows everything. */
const EMPTY: Part = createEmpty();

function createEmpty(): Part {
  const source = { path: '', absolutePath: '', text: '', lineStarts: [0] };
  return {
    node: { kind: 'map', entries: [], span: { file: source, start: 0, end: 0 }, isRaw: false },
    source,
    path: [],
  };
}

function typeOf(parts: readonly Part[]): string | undefined {
  let types = new Set(TYPES);
  let isSaid = false;
  for (const part of parts) {
    const type = childOf(part, 'type')?.node;
    if (!type) continue;
    isSaid = true;
    const named = new Set([toData(type)].flat().map(String));
    // A whole number is a number.
    if (named.has('number')) named.add('integer');
    types = new Set([...types].filter((one) => named.has(one)));
  }
  if (isSaid) {
    // Of `number` alone that is what it says, not its whole ones.
    const isWide = types.has('number');
    return [...types].find((one) => one !== 'integer' || !isWide);
  }
  return HINTS.find(([word]) => parts.some((part) => childOf(part, word)))?.[1];
}

function countOf(part: Part, key: string): number | undefined {
  const node = childOf(part, key)?.node;
  const value = node ? toData(node) : undefined;
  return typeof value === 'number' ? value : undefined;
}

function listTexts(part: Part, key: string): readonly string[] {
  return listItems(part, key).flatMap(({ node }) => (node.kind === 'scalar' ? [node.text.text] : []));
}

function listItems(part: Part, key: string): readonly Part[] {
  const list = childOf(part, key);
  return list?.node.kind === 'seq' ? childrenOf(list).map(([, item]) => item) : [];
}

/** The schema of fields that have no names. */
function findOther(parts: readonly Part[]): Part | undefined {
  return findFirst(parts, 'additionalProperties');
}

function findFirst(parts: readonly Part[], key: string): Part | undefined {
  return parts.map((part) => childOf(part, key)).find((child) => child?.node.kind === 'map');
}

/** The fields that an example of a part of the whole has. */
function giveMap(part: Part): readonly { readonly [key: string]: Value }[] {
  const node = childOf(part, 'example')?.node;
  const value = node ? toData(node) : null;
  return isMap(value) ? [value] : [];
}
