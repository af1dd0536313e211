import type { Value } from '../../expr/index.ts';

/** What stands in a field, as data: codec, mask, limits and schema are read from it. */
export type Shape =
  /** Numbers, words and names by which readers tell events apart: never data, never masked. */
  | { readonly is: 'plain'; readonly schema: PlainSchema }
  /** Text that somebody wrote or something answered. */
  | { readonly is: 'text' }
  /** A value of the expression language. */
  | { readonly is: 'value'; readonly nameField?: string | undefined }
  /** Values by name; the names are the author's and stay readable. */
  | { readonly is: 'values'; readonly maxSize: number; readonly areFields?: boolean }
  | { readonly is: 'list'; readonly item: Shape; readonly maxLength: number; readonly quoteFlag?: string | undefined }
  | { readonly is: 'record'; readonly name: string; readonly fields: Readonly<Record<string, FieldShape>> }
  /** One of several records, told apart by a field. */
  | { readonly is: 'choice'; readonly tag: string; readonly cases: Readonly<Record<string, Shape>> }
  /** A record that stands inside of itself. */
  | { readonly is: 'later'; readonly find: () => Shape };

export interface FieldShape {
  readonly shape: Shape;
  readonly isOptional: boolean;
  /** Characters as JSON, roughly, above which an optional field is left out as a whole. */
  readonly maxSize?: number | undefined;
}

/** The part of JSON Schema that plain fields take. */
export type PlainSchema =
  | { readonly type: 'string' | 'number' | 'integer' | 'boolean' }
  | { readonly const: string | number }
  | { readonly enum: readonly string[] };

/** The shape of a field that holds a `T`. The two go together both ways: the kind of a text does not fit a value, which may be more. */
export type Kind<T> = Shape & { readonly holds?: (data: T) => T };

/** A field that may be absent. */
export interface Optional<T> {
  readonly kind: Kind<T>;
  readonly maxSize?: number | undefined;
}

/** A kind for each field: one that an event type has and its table lacks is an error of TypeScript. */
export type FieldsOf<T> = {
  readonly [Name in keyof T]-?: undefined extends T[Name] ? Optional<Exclude<T[Name], undefined>> : Kind<T[Name]>;
};

/** Above this a value is left out: about a million characters. */
export const MAX_VALUE_SIZE = 1_000_000;
const MAX_ITEMS = 10_000;

export function id(): Kind<string> {
  return { is: 'plain', schema: { type: 'string' } };
}

export function number(): Kind<number> {
  return { is: 'plain', schema: { type: 'number' } };
}

export function integer(): Kind<number> {
  return { is: 'plain', schema: { type: 'integer' } };
}

export function flag(): Kind<boolean> {
  return { is: 'plain', schema: { type: 'boolean' } };
}

export function constant<const T extends string | number>(value: T): Kind<T> {
  return { is: 'plain', schema: { const: value } };
}

/** One of several words; the record makes sure that each is there. */
export function word<T extends string>(words: Readonly<Record<T, true>>): Kind<T> {
  return { is: 'plain', schema: { enum: Object.keys(words) } };
}

export function text(): Kind<string> {
  return { is: 'text' };
}

/** What it is called may stand in a field beside it. */
export function value(nameField?: string): Kind<Value> {
  return { is: 'value', nameField };
}

export function values(): Kind<Readonly<Record<string, Value>>> {
  return { is: 'values', maxSize: MAX_VALUE_SIZE };
}

/** Values by names that came with them, which say what some of them are. */
export function fields(): Kind<Readonly<Record<string, Value>>> {
  return { is: 'values', maxSize: MAX_VALUE_SIZE, areFields: true };
}

/** More items than `maxLength` are cut away where sizes are limited. */
export function list<T>(item: Kind<T>, maxLength = MAX_ITEMS): Kind<readonly T[]> {
  return { is: 'list', item, maxLength };
}

/** Records of which those with a flag are left out where a secret stands beside the list: they may hold a part of one, which no mask finds. */
export function quotes<T>(item: Kind<T>, quoteFlag: keyof T & string): Kind<readonly T[]> {
  return { is: 'list', item, maxLength: MAX_ITEMS, quoteFlag };
}

/** A value by itself has a limit anyway; others, when they may be large, by `maxSize`. */
export function optional<T>(kind: Kind<T>, maxSize?: number): Optional<T> {
  return { kind, maxSize: maxSize ?? (kind.is === 'value' ? MAX_VALUE_SIZE : undefined) };
}

/** Something that is left out as a whole when it is larger than a value may be. */
export function optionalData<T>(kind: Kind<T>): Optional<T> {
  return { kind, maxSize: MAX_VALUE_SIZE };
}

/** A record; its name is that of its definition in the schema. */
export function record<T extends object>(name: string, of: FieldsOf<T>): Kind<T> {
  const kinds: readonly (readonly [string, Shape | Optional<unknown>])[] = Object.entries(of);
  return { is: 'record', name, fields: Object.fromEntries(kinds.map(([field, kind]) => [field, toField(kind)])) };
}

export function choice<T extends object, Tag extends keyof T & string>(
  tag: Tag,
  cases: { readonly [Name in T[Tag] & string]: Kind<Extract<T, Readonly<Record<Tag, Name>>>> },
): Kind<T> {
  return { is: 'choice', tag, cases: cases as Readonly<Record<string, Shape>> };
}

export function later<T>(find: () => Kind<T>): Kind<T> {
  return { is: 'later', find };
}

function toField(kind: Shape | Optional<unknown>): FieldShape {
  return 'is' in kind
    ? { shape: kind, isOptional: false }
    : { shape: kind.kind, isOptional: true, maxSize: kind.maxSize };
}
