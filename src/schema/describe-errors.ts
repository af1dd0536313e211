import type { ErrorObject } from 'ajv';
import type { Value, ValueMap } from '../expr/index.ts';
import { describeType, formatValue, isList, isNumber } from '../expr/index.ts';
import { hideByName } from '../util/hidden-fields.ts';
import { takeShown } from '../util/take-shown.ts';
import { readPointer } from './keywords.ts';
import { NUMBER_FORMAT_KEYWORD } from './prepare.ts';

const MOST_SHOWN = 6;
const WIDTH = 60;
/** Said of a whole whose parts have said what is wrong. */
const ECHOES = new Set(['if', 'propertyNames', 'anyOf', 'oneOf']);

/** One thing that is wrong with a value, as the validator says it. */
export interface SchemaError {
  readonly error: ErrorObject;
  /** The map of the schema, as it was given, that says so; undefined where it is none, or not known. */
  readonly origin: ValueMap | undefined;
}

/** The same for people. */
export interface DescribedError extends SchemaError {
  /** The place, what the schema wants, and what is there. */
  readonly line: string;
}

/** Says what is wrong with a value, a line each; of many things the first. */
export function describeErrors(errors: readonly SchemaError[], root: Value): readonly string[] {
  const { shown, hidden } = takeShown(explainErrors(errors, root), MOST_SHOWN);
  const lines = shown.map(({ line }) => line);
  return hidden > 0 ? [...lines, `and ${hidden} more`] : lines;
}

/** Says what is wrong with a value, each thing once. */
export function explainErrors(errors: readonly SchemaError[], root: Value): readonly DescribedError[] {
  const places = new Set(errors.map(({ error }) => error.instancePath));
  const own = errors.filter(({ error: { keyword } }) => {
    if (!ECHOES.has(keyword) || isChoice(keyword)) return true;
    return places.size === 1 && keyword !== 'if';
  });
  const lines = new Map<string, DescribedError>();
  for (const one of own.length > 0 ? own : errors) {
    const line = describeError(one, root);
    if (!lines.has(line)) lines.set(line, { ...one, line });
  }
  return [...lines.values()];
}

function isChoice(keyword: string): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf';
}

function describeError({ error, origin }: SchemaError, root: Value): string {
  const value = readPointer(root, error.instancePath);
  const place = formatPlace(error.instancePath);
  const got = describeGot(value, error.instancePath);
  return `${place === '' ? '' : `\`${place}\`: `}${describeWish(error, origin, got)}`;
}

function describeWish(
  { keyword, params, parentSchema }: ErrorObject,
  origin: ValueMap | undefined,
  got: string,
): string {
  // As it was given, with every digit.
  const schema: unknown = origin?.[keyword] ?? parentSchema?.[keyword];
  switch (keyword) {
    case 'required':
      return `\`${params['missingProperty']}\` is missing`;
    case 'additionalProperties':
      return `\`${params['additionalProperty']}\` is not in the schema`;
    case 'unevaluatedProperties':
      return `\`${params['unevaluatedProperty']}\` is not in the schema`;
    case 'type':
      return `expected ${[params['type']].flat().join(' or ')}, got ${got}`;
    case 'const':
      return `expected ${formatValue(schema as Value, WIDTH)}, got ${got}`;
    case 'enum':
      return `expected one of ${formatChoices(schema)}, got ${got}`;
    case NUMBER_FORMAT_KEYWORD:
      return `expected the format \`${schema}\`, got ${got}`;
    case 'format':
      return `expected the format \`${params['format']}\`, got ${got}`;
    case 'pattern':
      return `expected a match of \`${params['pattern']}\`, got ${got}`;
    case 'additionalItems':
    case 'items':
    case 'unevaluatedItems':
      return `the schema allows ${params['limit'] ?? params['len']} items, got ${got}`;
    case 'false schema':
      return 'the schema allows nothing here';
    case 'anyOf':
    case 'oneOf':
      return `${params['passingSchemas'] ? 'more than one' : 'none'} of the schemas in \`${keyword}\` fits`;
    default:
      return `expected ${formatKeyword(keyword, schema)}, got ${got}`;
  }
}

function describeGot(value: Value, place: string): string {
  const type = describeType(value);
  return value === null ? type : `${type} ${formatValue(hideByName(place, value), WIDTH)}`;
}

function formatChoices(schema: unknown): string {
  const choices = isList(schema as Value) ? (schema as readonly Value[]) : [];
  const { shown, hidden } = takeShown(choices, 10);
  const texts = shown.map((choice) => formatValue(choice, WIDTH));
  return texts.join(', ') + (hidden > 0 ? ` and ${hidden} more` : '');
}

/** `minLength: 3`. */
function formatKeyword(keyword: string, schema: unknown): string {
  const isShort = isNumber(schema as Value) || typeof schema === 'boolean';
  return isShort ? `\`${keyword}: ${schema}\`` : `\`${keyword}\``;
}

/** `/items/0/unit price` → `items[0]["unit price"]`. */
function formatPlace(pointer: string): string {
  let place = '';
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (/^\d+$/.test(key)) place += `[${key}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(key)) place += place === '' ? key : `.${key}`;
    else place += `[${JSON.stringify(key)}]`;
  }
  return place;
}
