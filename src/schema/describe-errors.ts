import type { ErrorObject } from 'ajv';
import type { Value } from '../expr/index.ts';
import { describeType, formatValue, isList } from '../expr/index.ts';
import { takeShown } from '../util/take-shown.ts';
import { readPointer } from './keywords.ts';
import { NUMBER_FORMAT_KEYWORD } from './prepare.ts';

const MOST_SHOWN = 6;
const WIDTH = 60;
/** Said of a whole whose parts have said what is wrong. */
const ECHOES = new Set(['if', 'propertyNames', 'anyOf', 'oneOf']);

/** One thing that is wrong with a value. */
export interface DescribedError {
  readonly error: ErrorObject;
  /** The place, what the schema wants, and what is there. */
  readonly line: string;
}

/** Says what is wrong with a value, a line each; of many things the first. */
export function describeErrors(errors: readonly ErrorObject[], root: Value): readonly string[] {
  const { shown, hidden } = takeShown(explainErrors(errors, root), MOST_SHOWN);
  const lines = shown.map(({ line }) => line);
  return hidden > 0 ? [...lines, `and ${hidden} more`] : lines;
}

/** Says what is wrong with a value, each thing once. */
export function explainErrors(errors: readonly ErrorObject[], root: Value): readonly DescribedError[] {
  const places = new Set(errors.map((error) => error.instancePath));
  const own = errors.filter((error) => !ECHOES.has(error.keyword) || places.size === 1 || isChoice(error));
  const lines = new Map<string, ErrorObject>();
  for (const error of own.length > 0 ? own : errors) {
    const line = describeError(error, root);
    if (!lines.has(line)) lines.set(line, error);
  }
  return [...lines].map(([line, error]) => ({ line, error }));
}

function isChoice({ keyword }: ErrorObject): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf';
}

function describeError(error: ErrorObject, root: Value): string {
  const value = readPointer(root, error.instancePath);
  const place = formatPlace(error.instancePath);
  return `${place === '' ? '' : `\`${place}\`: `}${describeWish(error, value)}`;
}

function describeWish(error: ErrorObject, value: Value): string {
  const { keyword, params, schema } = error;
  const got = describeGot(value);
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

function describeGot(value: Value): string {
  const type = describeType(value);
  return value === null ? type : `${type} ${formatValue(value, WIDTH)}`;
}

function formatChoices(schema: unknown): string {
  const choices = isList(schema as Value) ? (schema as readonly Value[]) : [];
  const { shown, hidden } = takeShown(choices, 10);
  const texts = shown.map((choice) => formatValue(choice, WIDTH));
  return texts.join(', ') + (hidden > 0 ? ` and ${hidden} more` : '');
}

/** `minLength: 3`. */
function formatKeyword(keyword: string, schema: unknown): string {
  const isShort = typeof schema === 'number' || typeof schema === 'boolean';
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
