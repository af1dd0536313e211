import { type $ZodIssue, type $ZodType, safeParse } from 'zod/v4/core';
import { listNames } from '../../util/suggest.ts';
import { isOfDoubles, suggestDoubleValue } from '../foreign/double-values.ts';
import {
  suggestAuth,
  suggestForRounds,
  suggestListOfMaps,
  suggestNamedMap,
  suggestNestedName,
  suggestOneValue,
  suggestRange,
} from '../foreign/shapes.ts';
import { defOf, listKeys, schemasAt } from './schema-keys.ts';

type Path = readonly (string | number)[];

/** A value that a schema refuses, where it stands. */
interface Misshapen {
  readonly raw: $ZodIssue;
  readonly path: Path;
  readonly value: unknown;
  readonly schema: $ZodType;
  /** Whose settings they are. */
  readonly what: string;
  /** Whether they are an action's, below `config`. */
  readonly isConfig: boolean;
}

/** Where one says who one is. */
export const AUTH: Path = ['auth'];

/** How a value is written that has the shape in which other tools take it. */
export function suggestShape(about: Misshapen): string | undefined {
  const { raw, path, value, schema, what, isConfig } = about;
  if (path.length === 0 && isConfig) return suggestConfig(schema, value);
  const setting = String(path.findLast((key) => typeof key === 'string') ?? what);
  const ofRounds = path.length === 1 ? suggestForRounds(setting, listKeys(schema, [])) : undefined;
  if (ofRounds !== undefined) return ofRounds;
  const isAuth = path[0] === AUTH[0];
  if (isAuth && path.length === 1) return suggestAuth(value);
  if (isAuth && path[1] === 'bearer' && typeof value === 'object') return 'write `auth: {bearer: "{{TOKEN}}"}`';
  const keys = listKeys(schema, path);
  if (raw.code === 'invalid_type' && raw.expected === 'array') {
    const list = suggestListOfMaps(setting, value, listKeys(schema, [...path, 0]));
    if (list !== undefined) return list;
  }
  const names = takesNames(schema, path) && path.length > 0 ? suggestNamedMap(setting, value) : undefined;
  const nested = takesNames(schema, path.slice(0, -1))
    ? suggestNestedName(path.slice(-2).map(String), value)
    : undefined;
  const ownForm = names ?? nested ?? suggestRange(setting, value, keys) ?? suggestKeyed(about, setting);
  if (ownForm !== undefined) return ownForm;
  const ofDouble = isOfDoubles(listKeys(schema, [])) ? suggestDoubleValue(setting, value, keys) : undefined;
  return ofDouble ?? suggestFlag(about, setting) ?? suggestOneValue(setting, value, keys);
}

/** A setting that is a map and was written as the one of its keys that the value can be for: `slice: 10`. */
function suggestKeyed({ raw, path, value, schema }: Misshapen, setting: string): string | undefined {
  if (raw.code !== 'invalid_type' || raw.expected !== 'object' || typeof value === 'object') return undefined;
  const shape = schemasAt(schema, path).flatMap((one) => Object.entries(defOf(one).shape ?? {}));
  const fitting = shape.filter(([, one]) => safeParse(one, value).success);
  const needed = fitting.filter(([, one]) => !safeParse(one, undefined).success);
  const [only, ...more] = needed.length > 0 ? needed : fitting;
  if (!only || more.length > 0 || !isShort(value)) return undefined;
  const written = `{${only[0]}: ${value}}`;
  return `write \`${typeof path.at(-1) === 'number' ? '' : `${setting}: `}${written}\``;
}

/** What is there or is not, and never `false`. */
function suggestFlag({ raw, value }: Misshapen, setting: string): string | undefined {
  if (raw.code !== 'invalid_value' || raw.values.length !== 1 || raw.values[0] !== true) return undefined;
  return value === false ? `leave \`${setting}\` out` : `write \`${setting}: true\``;
}

function isShort(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^[\w./-]{1,40}$/.test(value));
}

function takesNames(schema: $ZodType, path: Path): boolean {
  return schemasAt(schema, path).some((one) => defOf(one).type === 'record');
}

const REQUEST = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+\S+$/;

/** The settings of an action that were written as the one that matters: `config: 5s`. */
function suggestConfig(schema: $ZodType, value: unknown): string | undefined {
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  const shape = Object.entries(defOf(schema).shape ?? {});
  if (shape.length === 0) return suggestNamedMap('config', value);
  const [, method] = (typeof value === 'string' && REQUEST.exec(value)) || [];
  if (method !== undefined && shape.some(([key]) => key === 'method'))
    return `write \`config: {method: ${method}, url: …}\``;
  const own = Array.isArray(value) ? suggestWithoutDashes(value, shape) : undefined;
  if (own !== undefined) return own;
  const fitting = shape.filter(([, one]) => safeParse(one, value).success);
  const needed = fitting.find(([, one]) => !safeParse(one, undefined).success) ?? fitting[0];
  if (!needed) return undefined;
  const written = Array.isArray(value) ? '[…]' : isShort(value) ? String(value) : '…';
  return `write \`config: {${needed[0]}: ${written}}\`; it takes ${listNames(
    shape.map(([key]) => key),
    20,
  )}`;
}

/** Settings that were written as the items of a list. */
function suggestWithoutDashes(
  items: readonly unknown[],
  shape: readonly (readonly [string, unknown])[],
): string | undefined {
  const known = new Set(shape.map(([key]) => key));
  const isMap = (item: unknown): item is object => typeof item === 'object' && item !== null && !Array.isArray(item);
  const keys = items.flatMap((item) => (isMap(item) ? Object.keys(item) : ['']));
  if (keys.length === 0 || !keys.every((key) => known.has(key))) return undefined;
  return `write them without \`- \`: \`config: {${keys.map((key) => `${key}: …`).join(', ')}}\``;
}
