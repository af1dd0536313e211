import type { $ZodType } from 'zod/v4/core';
import { defOf } from '../read/schema-keys.ts';
import { isStaticPart, type Part } from './part.ts';

type Holds = (value: unknown) => boolean;
type Settings = Readonly<Record<string, unknown>>;

/** By the keys of settings: undefined for what is always the same. */
type Checks = ReadonlyMap<string, Holds | undefined>;

/**
 * Settings of which some hold placeholders, each of a kind that is seen at a glance; what holds none gives the same each time. To check
 * all of them anew is more than the rest of rendering them.
 */
export class SteadySettings {
  readonly #part: Part;
  readonly #schema: $ZodType;
  #good: Settings | undefined;
  /** Found for settings that are rendered more than once. */
  #checks: Checks | 'none' | undefined;

  constructor(part: Part, schema: $ZodType) {
    this.#part = part;
    this.#schema = schema;
  }

  /** Takes what a full check gave. */
  learn(checked: unknown): void {
    this.#good ??= checked as Settings;
  }

  /** What a full check would give; undefined where that has to be made. */
  check(rendered: unknown): Settings | undefined {
    const good = this.#good;
    if (!good) return undefined;
    this.#checks ??= this.#findChecks(good);
    if (this.#checks === 'none') return undefined;
    const given = rendered as Settings;
    const checked: Record<string, unknown> = {};
    for (const [key, holds] of this.#checks) {
      if (holds && !holds(given[key])) return undefined;
      checked[key] = holds ? given[key] : good[key];
    }
    return checked;
  }

  #findChecks(good: Settings): Checks | 'none' {
    const checks = listChecks(this.#part, this.#schema, good);
    // What is another value each time is not kept.
    this.#good = Object.fromEntries(Object.entries(good).filter(([key]) => checks && !checks.get(key)));
    return checks ?? 'none';
  }
}

/** Undefined where only the schema itself can tell. */
function listChecks(part: Part, schema: $ZodType, good: Settings): Checks | undefined {
  const { type, shape = {}, checks } = defOf(schema);
  if (part.kind !== 'map' || type !== 'object' || checks) return undefined;
  const all = new Map<string, Holds | undefined>();
  for (const [key, entry] of part.entries) {
    const own = Object.hasOwn(shape, key) ? shape[key] : undefined;
    const holds = isStaticPart(entry) ? undefined : own && findCheck(own);
    if (!own || (!isStaticPart(entry) && !holds)) return undefined;
    all.set(key, holds);
  }
  // What nobody wrote is made by the schema.
  return Object.keys(good).every((key) => all.has(key)) ? all : undefined;
}

/** What a schema comes to that takes values as they are; undefined for any other. */
function findCheck(schema: $ZodType): Holds | undefined {
  const { type, format, checks, innerType, fn, shape, element, valueType, keyType } = defOf(schema);
  if (checks || format !== undefined) return undefined;
  switch (type) {
    case 'optional':
      return innerType && findCheck(innerType);
    case 'unknown':
      return () => true;
    case 'string':
    case 'boolean':
      return (value) => typeof value === type;
    case 'custom':
      return fn && ((value) => fn(value) === true);
    case 'record':
      return valueType && keyType && findCheck(keyType) ? checkItems(valueType, isPlainMap) : undefined;
    case 'array':
      return element && checkItems(element, Array.isArray);
    case 'object':
      return shape && checkKeys(shape);
    default:
      return undefined;
  }
}

function checkItems(schema: $ZodType, isKind: Holds): Holds | undefined {
  const holds = findCheck(schema);
  return holds && ((value) => isKind(value) && Object.values(value as Settings).every(holds));
}

function checkKeys(shape: Readonly<Record<string, $ZodType>>): Holds | undefined {
  const known = new Map<string, Holds>();
  const needed: string[] = [];
  for (const [key, schema] of Object.entries(shape)) {
    const holds = findCheck(schema);
    if (!holds) return undefined;
    known.set(key, holds);
    if (defOf(schema).type !== 'optional') needed.push(key);
  }
  return (value) =>
    isPlainMap(value) &&
    needed.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, item]) => known.get(key)?.(item) ?? false);
}

function isPlainMap(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
