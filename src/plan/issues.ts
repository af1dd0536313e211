import type { $ZodIssue, $ZodType } from 'zod/v4/core';
import type { Value } from '../expr/index.ts';
import { describeType, formatValue } from '../expr/index.ts';
import { findNearest, listNames } from '../util/suggest.ts';
import { CODES } from './findings.ts';

/** One thing that a schema found, as plain data. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly raw: $ZodIssue;
  readonly isUnion: boolean;
}

export interface IssueContext {
  /** Whose settings they are: `http_request`, `retry`. */
  readonly what: string;
  readonly schema: $ZodType;
  /** The value that was checked. */
  readonly root: unknown;
}

interface Parsed {
  readonly success: boolean;
  readonly error?: { readonly issues: readonly $ZodIssue[] } | undefined;
}

/** The issues of a parse, one for each unknown key, unions opened where one branch was clearly meant. */
export function listIssues(parsed: Parsed): Issue[] {
  const issues: Issue[] = [];
  for (const raw of parsed.error?.issues ?? []) issues.push(...openIssue(raw, []));
  return issues;
}

/** A schema's issue in the words of a flow's author. */
export function describeIssue(issue: Issue, about: IssueContext): { code: string; message: string; help: string[] } {
  const { raw, path } = issue;
  const where = path.length > 0 ? `\`${formatPath(path)}\`` : 'the settings';
  if (raw.code === 'unrecognized_keys') return describeUnknownKey(raw.keys[0] ?? '', path, about);
  const value = valueAt(about.root, path);
  if (value === undefined) {
    const owner = path.length > 1 ? `\`${formatPath(path.slice(0, -1))}\` of \`${about.what}\`` : `\`${about.what}\``;
    return { code: CODES.missingKey, message: `${owner} needs \`${path.at(-1) ?? 'config'}\``, help: [] };
  }
  const expected = expectationOf(raw);
  if (raw.code === 'custom') return { code: CODES.wrongValue, message: `${where}: ${raw.message}`, help: [] };
  return {
    code: CODES.wrongValue,
    message: `${where} of \`${about.what}\`: expected ${expected}, got ${describeValue(value)}`,
    help: [],
  };
}

/** `type value`, cut to a few words. */
export function describeValue(value: unknown): string {
  const type = describeType(value as Value);
  if (type === 'nil') return 'nothing';
  if (type === 'map' || type === 'array') return `${type === 'map' ? 'a map' : 'a list'}`;
  return `${type} ${formatValue(value as Value, 60)}`;
}

function openIssue(raw: $ZodIssue, prefix: readonly (string | number)[]): Issue[] {
  const path = [...prefix, ...raw.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  if (raw.code === 'unrecognized_keys') {
    return raw.keys.map((key) => ({ path: [...path, key], raw: { ...raw, keys: [key] }, isUnion: false }));
  }
  if (raw.code === 'invalid_union') {
    const deepest = findMeantBranch(raw.errors);
    if (deepest) return deepest.flatMap((inner) => openIssue(inner, path));
  }
  return [{ path, raw, isUnion: raw.code === 'invalid_union' }];
}

/** The branch whose own shape fits, with something wrong inside it: that one was meant. */
function findMeantBranch(branches: readonly (readonly $ZodIssue[])[]): readonly $ZodIssue[] | undefined {
  const inside = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  if (inside.length === 1) return inside[0];
  const told = branches.filter((issues) => issues.some((issue) => issue.code === 'custom'));
  return inside.length === 0 && told.length === 1 ? told[0] : undefined;
}

function describeUnknownKey(key: string, path: readonly (string | number)[], about: IssueContext) {
  const known = listKeys(about.schema, path.slice(0, -1));
  const nearest = findNearest(key, known);
  const owner =
    path.length > 1 ? `\`${formatPath(path.slice(0, -1))}\` of \`${about.what}\`` : `the config of \`${about.what}\``;
  const help = nearest
    ? [`did you mean \`${nearest}\`?`]
    : known.length > 0
      ? [`it takes ${listNames(known, 20)}`]
      : [];
  return { code: CODES.unknownKey, message: `unknown key \`${key}\` in ${owner}`, help };
}

/** The keys that a schema's mapping at a path may have. */
function listKeys(schema: $ZodType, path: readonly (string | number)[]): string[] {
  const def = schema._zod.def as SchemaDef;
  const inner = def.innerType ?? def.in;
  if (inner) return listKeys(inner, path);
  if (def.options) return [...new Set(def.options.flatMap((option) => listKeys(option, path)))];
  const [key, ...rest] = path;
  if (key === undefined) return Object.keys(def.shape ?? {});
  const next = def.shape?.[String(key)] ?? def.element ?? def.valueType;
  return next ? listKeys(next, rest) : [];
}

/** The parts of zod's schema definitions that lead on to other schemas. */
interface SchemaDef {
  readonly innerType?: $ZodType;
  readonly in?: $ZodType;
  readonly options?: readonly $ZodType[];
  readonly shape?: Readonly<Record<string, $ZodType>>;
  readonly element?: $ZodType;
  readonly valueType?: $ZodType;
}

function expectationOf(raw: $ZodIssue): string {
  switch (raw.code) {
    case 'invalid_type':
      return TYPE_WORDS[raw.expected] ?? raw.expected;
    case 'invalid_value':
      return raw.values.length === 1
        ? `\`${String(raw.values[0])}\``
        : `one of ${raw.values.map((value) => `\`${String(value)}\``).join(', ')}`;
    case 'invalid_union':
      return describeBranches(raw.errors);
    case 'too_small':
      return `at least ${raw.minimum}${raw.origin === 'string' ? ' characters' : raw.origin === 'array' ? ' items' : ''}`;
    case 'too_big':
      return `at most ${raw.maximum}`;
    default:
      return raw.message;
  }
}

function describeBranches(branches: readonly (readonly $ZodIssue[])[]): string {
  const words = new Set(
    branches.map((issues) =>
      issues[0] ? (issues[0].code === 'custom' ? issues[0].message : expectationOf(issues[0])) : '',
    ),
  );
  return [...words]
    .filter((word) => word !== '')
    .join(' or ')
    .replaceAll('expected ', '');
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'an integer',
  boolean: '`true` or `false`',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  null: 'nothing',
};

/** `headers.accept`, `items[0].id`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
