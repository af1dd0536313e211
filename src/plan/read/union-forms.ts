import { type $ZodType, safeParse } from 'zod/v4/core';
import { findNearest } from '../../util/suggest.ts';
import { helpWithBool } from './fields.ts';
import { expectationOf, listChoices } from './issue-words.ts';
import { defOf } from './schema-keys.ts';

/** So many keys of a map are written out. */
const MOST_KEYS = 6;

/** Fits nothing: what a schema says of it is what it wants. */
const NO_VALUE = Symbol('a value of no kind');

/** The forms that schemas take, as they stand behind `expected`: `reset`, `{truncate: {after: …}}` or text. */
export function describeForms(schemas: readonly $ZodType[]): string {
  const forms = [...new Set(schemas.flatMap(listForms))];
  if (forms.every((form) => /^`[^{`]*`$/.test(form))) return listChoices(forms);
  return [forms.slice(0, -1).join(', '), ...forms.slice(-1)].filter((part) => part !== '').join(' or ');
}

/** What can be meant by a value that is none of the forms. */
export function suggestForm(schemas: readonly $ZodType[], value: unknown): string | undefined {
  const keyed = schemas.flatMap((schema) => Object.keys(defOf(schema).shape ?? {}).map((key) => ({ key, schema })));
  const keys = keyed.map(({ key }) => key);
  const words = schemas.flatMap(listWords);
  if (typeof value === 'string') return suggestForText(value, { schemas, words, keyed });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const given = Object.keys(value);
  const unknown = given.find((key) => !keys.includes(key));
  if (unknown === undefined) return given.length > 1 ? 'these are different forms: write one of them' : undefined;
  const nearest = findNearest(unknown, [...keys, ...words]);
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}

function suggestForText(
  text: string,
  about: {
    readonly schemas: readonly $ZodType[];
    readonly words: readonly string[];
    readonly keyed: readonly { readonly key: string; readonly schema: $ZodType }[];
  },
): string | undefined {
  const { schemas, words, keyed } = about;
  const types = schemas.map((schema) => defOf(schema).type);
  if (/^-?\d+(\.\d+)?$/.test(text) && types.includes('number')) return `write \`${text}\`, without quotes`;
  const asBool = types.includes('boolean') || words.includes('true') ? helpWithBool(text) : undefined;
  const form = keyed.find(({ key }) => key === text)?.schema;
  if (form) return `write it as a map: \`${writeForm(form)}\``;
  const nearest = findNearest(text, [...words, ...keyed.map(({ key }) => key)]);
  return asBool ?? (nearest === undefined ? undefined : `did you mean \`${nearest}\`?`);
}

function listWords(schema: $ZodType): readonly string[] {
  const { entries, values } = defOf(schema);
  return (entries ? Object.values(entries) : (values ?? [])).map(String);
}

function listForms(schema: $ZodType): readonly string[] {
  const { shape, type, format } = defOf(schema);
  const words = listWords(schema);
  if (words.length > 0) return words.map((word) => `\`${word}\``);
  if (format === 'safeint') return ['an integer'];
  if (type === 'boolean') return ['`true`', '`false`'];
  if (shape) return [`\`${writeForm(schema)}\``];
  const wrong = safeParse(schema, NO_VALUE).error?.issues[0];
  return [wrong ? expectationOf(wrong) : 'any value'];
}

/** A map with its keys: `{slow_body: {over: …}}`. */
function writeForm(schema: $ZodType): string {
  const entries = Object.entries(defOf(schema).shape ?? {});
  const written = entries.slice(0, MOST_KEYS).map(([key, value]) => {
    const [word, ...others] = listWords(value);
    return `${key}: ${defOf(value).shape ? writeForm(value) : others.length === 0 ? (word ?? '…') : '…'}`;
  });
  return `{${[...written, ...(entries.length > MOST_KEYS ? ['…'] : [])].join(', ')}}`;
}
