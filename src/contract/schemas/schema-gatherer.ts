import { setKey, type Value, type ValueMap } from '../../expr/index.ts';
import { NAMED_SCHEMA } from '../../schema/prepare.ts';
import { DocumentError } from '../document/document-error.ts';
import { childOf, childrenOf, type Part, pointerOf } from '../document/documents.ts';
import { type Choice, chooseBy, readDiscriminator, requireValue } from './discriminator.ts';
import { listOneWayFields, ONE_WAY, wordOf } from './one-way-fields.ts';
import { OUTERMOST, type SchemaContext, type SchemaPlace } from './schema-context.ts';
import { finishWords, readWord } from './schema-words.ts';

type MutableMap = { [key: string]: Value };

/** A schema of the document that others refer to. */
interface Named {
  readonly part: Part;
  readonly place: SchemaPlace;
}

const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
/** Those whose schemas judge the same value as the one that they stand in. */
const SAME_VALUE = new Set(['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'not', 'dependentSchemas']);
/** Those of them that have to hold for it. */
const BINDING = new Set(['allOf', 'anyOf', 'oneOf', 'then', 'else']);
const MAPS = new Set(['patternProperties', 'dependentSchemas', '$defs', 'definitions']);
const SINGLES = new Set([
  ...['additionalItems', 'additionalProperties', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then'],
  ...['unevaluatedItems', 'unevaluatedProperties'],
]);
const MOST_PARTS = 200_000;

/**
 * Makes JSON Schemas (2020-12) of the schemas of a document, each with what it refers to for the same value. What judges a value of
 * its own, such as a field, is named: it is made when a value first has that field.
 */
export class SchemaGatherer {
  readonly #context: SchemaContext;
  readonly #parts = new WeakMap<ValueMap, Part>();
  readonly #names = new Map<string, string>();
  readonly #named = new Map<string, Named>();
  /** Of the schema that is being made: what it refers to. */
  #definitions: MutableMap = {};
  #waiting: string[] = [];
  #count = 0;
  #made = 0;

  constructor(context: SchemaContext) {
    this.#context = context;
  }

  /** The name of a part's schema. */
  nameOf(part: Part, place: SchemaPlace = OUTERMOST): string {
    const more = [...place.hidden].filter((name) => !listOneWayFields(part, this.#context).has(name)).sort();
    const key = JSON.stringify([part.source.absolutePath, part.path, place.isBase, more]);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `d${this.#names.size}`;
    this.#names.set(key, name);
    this.#named.set(name, { part, place: { ...place, hidden: new Set(more) } });
    return name;
  }

  /** Makes the schema with a name. @throws DocumentError when a reference leads nowhere */
  make(name: string): Value {
    this.#count = 0;
    this.#made++;
    this.#definitions = {};
    const root = this.#refer(name);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      this.#definitions[next] = this.#define(next);
    }
    return { ...root, $defs: this.#definitions };
  }

  /** The part of the document that a map of a schema was made of. */
  partOf(schema: ValueMap): Part | undefined {
    return this.#parts.get(schema);
  }

  #refer(name: string): ValueMap {
    if (this.#definitions[name] === undefined) {
      this.#definitions[name] = true;
      this.#waiting.push(name);
    }
    return { $ref: this.#context.isDynamic ? this.#idOf(name) : `#/$defs/${name}` };
  }

  /** Anchors that are chosen at run time belong to one definition. */
  #define(name: string): Value {
    const named = this.#named.get(name);
    const schema = named ? this.#convert(named.part, named.place) : true;
    if (!this.#context.isDynamic || typeof schema === 'boolean') return schema;
    const definition: ValueMap = { $id: this.#idOf(name), ...(schema as ValueMap) };
    if (named) this.#parts.set(definition, named.part);
    return definition;
  }

  #idOf(name: string): string {
    return `d:/${this.#made}/${name}`;
  }

  #convert(part: Part, place: SchemaPlace): Value {
    const { node } = part;
    if (++this.#count > MOST_PARTS) throw new DocumentError('the schema is too large', { span: node.span });
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    if (node.kind !== 'map')
      throw new DocumentError(`a schema has to be a map, at ${pointerOf(part)}`, { span: node.span });
    const { documents, is30 } = this.#context;
    const target = documents.step(part);
    // In OpenAPI 3.0 a reference stands alone.
    if (target && is30) return this.#referTo(target, part, place);
    const hidden = new Set([...place.hidden, ...listOneWayFields(part, this.#context)]);
    const schema = this.#convertWords(part, { ...place, hidden, isOwnValue: false });
    if (target && Object.keys(schema).length === 0) return this.#referTo(target, part, place);
    if (target) Object.assign(schema, this.#refer(this.nameOf(target, place)));
    this.#parts.set(schema, part);
    const chosen = is30 ? this.#addChoice(schema, part, place) : schema;
    return finishWords(chosen, part, this.#context, this.#parts);
  }

  #referTo(target: Part, part: Part, place: SchemaPlace): Value {
    const name = this.nameOf(target, place);
    const isNamed = place.isOwnValue && !this.#context.isDynamic;
    const reference = isNamed ? { [NAMED_SCHEMA]: name } : this.#refer(name);
    this.#parts.set(reference, part);
    return reference;
  }

  #convertWords(part: Part, place: SchemaPlace): MutableMap {
    const schema: MutableMap = {};
    for (const [key, child] of childrenOf(part)) {
      const inner = this.#placeBelow(key, place);
      if (LISTS.has(key) || (key === 'items' && child.node.kind === 'seq')) {
        schema[key] = childrenOf(child).map(([, item]) => this.#convert(item, inner));
      } else if (key === 'properties') schema[key] = this.#convertFields(child, place);
      else if (MAPS.has(key)) this.#convertMap(schema, key, child, inner);
      else if (SINGLES.has(key)) schema[key] = this.#convert(child, inner);
      else if (key === 'required') schema[key] = readRequired(child, place);
      else readWord(schema, key, child, this.#context);
    }
    return schema;
  }

  #placeBelow(key: string, place: SchemaPlace): SchemaPlace {
    if (!SAME_VALUE.has(key)) return OUTERMOST;
    const hidden = BINDING.has(key) ? place.hidden : OUTERMOST.hidden;
    return { hidden, isBase: key === 'allOf', isOwnValue: false };
  }

  #convertFields(fields: Part, { hidden }: SchemaPlace): Value {
    const converted: MutableMap = {};
    const word = wordOf(this.#context);
    for (const [name, field] of childrenOf(fields)) {
      const isHidden = hidden.has(name);
      const schema = isHidden ? { not: {}, [ONE_WAY]: word } : this.#convert(field, OUTERMOST);
      if (isHidden) this.#parts.set(schema as ValueMap, field);
      setKey(converted, name, schema);
    }
    return converted;
  }

  #convertMap(schema: MutableMap, key: string, map: Part, inner: SchemaPlace): void {
    const isDefinitions = key === '$defs' || key === 'definitions';
    const converted: MutableMap = {};
    for (const [name, child] of childrenOf(map)) {
      if (key === 'patternProperties' && !this.#context.patterns.isChecked(name)) continue;
      // What is referred to is made by itself; anchors that are chosen at run time have to stay where they are.
      if (isDefinitions && !childOf(child, '$dynamicAnchor')) continue;
      setKey(converted, name, this.#convert(child, inner));
    }
    if (!isDefinitions || Object.keys(converted).length > 0) schema[key] = converted;
  }

  /** Which schema is meant by the value of a field. */
  #addChoice(schema: MutableMap, part: Part, { isBase }: SchemaPlace): MutableMap {
    const hasBranches = schema['oneOf'] !== undefined || schema['anyOf'] !== undefined;
    if (isBase && !hasBranches) return schema;
    const found = readDiscriminator(part, this.#context);
    if (!found) return schema;
    const { field, choices } = found;
    const { oneOf: _one, anyOf: _any, ...rest } = schema;
    const own = listOf(rest['allOf']);
    const refer = (choice: Choice): Value => this.#referTo(choice.part, part, OUTERMOST);
    const rules = choices.map((choice) => chooseBy(field, choice.values, refer(choice)));
    const values = choices.flatMap((choice) => choice.values);
    const known = { ...requireValue(field, values), required: [field] };
    this.#parts.set(known, part);
    const chosen: MutableMap = { ...rest, allOf: [...own, ...(hasBranches ? [known] : []), ...rules] };
    this.#parts.set(chosen, part);
    return chosen;
  }
}

function readRequired({ node }: Part, { hidden }: SchemaPlace): Value {
  // What is no list stays what it is, so that the validator says so.
  if (node.kind !== 'seq') return node.kind === 'scalar' ? node.value : {};
  return node.items
    .map((item) => (item.kind === 'scalar' ? item.value : null))
    .filter((name) => typeof name !== 'string' || !hidden.has(name));
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : [];
}
