import type { Span } from '../../model/source-file.ts';
import type { MapNode, Node, ScalarNode } from '../../source/yaml/node.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { CODES, type Findings } from './findings.ts';

/** What a mapping may hold: a known key, one that has to be there, the key that an alias stands for, or why a known key is not taken yet. */
export type KeyTable = Readonly<Record<string, KeyEntry>>;
type KeyEntry = true | 'needed' | { aliasOf: string } | { later: string; insteadOf?: string };

/** A key that was written, with its value; a key with nothing behind it is as if absent. */
export interface Field {
  readonly key: ScalarNode;
  readonly value: Node;
}

/** The keys of a mapping that are known, by name, and what else was written. */
export interface Fields extends ReadonlyMap<string, Field> {
  /** Keys with nothing behind them, at their places. */
  readonly empty: ReadonlyMap<string, Span>;
  /** Known keys that are absent because they were misspelt: that is reported already. */
  readonly misspelt: ReadonlySet<string>;
  /** Whether there are keys that nobody knows. */
  readonly hasUnknown: boolean;
}

/** What an unknown key was meant to be: a sentence of help, and the known key that it stands for. */
export interface Meaning {
  readonly help: string;
  readonly insteadOf?: string | undefined;
}

export interface FieldOptions {
  readonly table: KeyTable;
  /** `a flow`, `a step`. */
  readonly what: string;
  /** Keys that the author has for himself (`x-…`, which hold anchors): they are not read. */
  readonly isOwnWord?: ((word: string) => boolean) | undefined;
  /** Explains keys that belong elsewhere. */
  readonly explain?: ((word: string, key: ScalarNode) => Meaning | undefined) | undefined;
}

/** Tables of so few keys leave one missing and one unknown key no other reading than the one for the other. */
const SMALL_TABLE = 6;

export const FLOW_KEYS: KeyTable = {
  id: true,
  name: 'needed',
  description: true,
  suite: true,
  tags: true,
  skip: true,
  env_file: true,
  env: true,
  secrets: true,
  timeout: true,
  setup: true,
  steps: 'needed',
  teardown: true,
  output: true,
  data: true,
  serial: true,
  trace: true,
  agree: true,
  load: true,
  scenarios: true,
};

export const STEP_KEYS: KeyTable = {
  id: true,
  name: true,
  description: true,
  action: 'needed',
  config: true,
  when: true,
  skip: true,
  assert: true,
  output: true,
  save: { aliasOf: 'output' },
  retry: true,
  timeout: true,
  expect_error: true,
  on_error: true,
  cleanup: true,
  think: true,
  record: true,
};

/** Reads the keys of a mapping against its table; reports unknown keys, both spellings at once, and keys of later versions. */
export function readFields(map: MapNode, options: FieldOptions, findings: Findings): Fields {
  const { table } = options;
  const fields = new Map<string, Field>();
  const empty = new Map<string, Span>();
  const misspelt = new Set<string>();
  const unknown: ScalarNode[] = [];
  for (const { key, value } of map.entries) {
    const word = key.text.text;
    const entry = Object.hasOwn(table, word) ? table[word] : undefined;
    if (entry === undefined && options.isOwnWord?.(word)) continue;
    if (entry === undefined) unknown.push(key);
    else if (isNothing(value)) empty.set(word, key.span);
    else if (typeof entry === 'object' && 'later' in entry) {
      findings.error(CODES.notInThisVersion, `\`${word}\` is not in this version: ${entry.later}`, key.span);
      if (entry.insteadOf) misspelt.add(entry.insteadOf);
    } else addField(fields, { key, value }, typeof entry === 'object' ? entry.aliasOf : word, findings);
  }
  const missing = unknown.length === 0 ? [] : listMissing(table, (name) => fields.has(name) || empty.has(name));
  for (const key of unknown) {
    const meant = reportUnknownKey(key, { ...options, missing, isOnly: unknown.length === 1 }, findings);
    if (meant !== undefined && !fields.has(meant)) misspelt.add(meant);
  }
  return Object.assign(fields, { empty, misspelt, hasUnknown: unknown.length > 0 });
}

function listMissing(table: KeyTable, isThere: (name: string) => boolean): readonly string[] {
  return Object.keys(table).filter((name) => table[name] === 'needed' && !isThere(name));
}

/** Whether a value is nothing at all: an empty key, or `null`. */
export function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** The known key that an unknown one stands for: the nearest, else the one that is missing where nothing else can be meant. */
export function findMeantKey(
  word: string,
  about: { readonly known: readonly string[]; readonly missing: readonly string[]; readonly isOnly: boolean },
): string | undefined {
  const { known, missing, isOnly } = about;
  const nearest = findNearest(word, known);
  if (nearest !== undefined || !isOnly || known.length > SMALL_TABLE || missing.length !== 1) return nearest;
  return missing[0];
}

function addField(fields: Map<string, Field>, field: Field, name: string, findings: Findings): void {
  const earlier = fields.get(name);
  if (!earlier) {
    fields.set(name, field);
    return;
  }
  const message = `\`${earlier.key.text.text}\` and \`${field.key.text.text}\` mean the same: write one of them`;
  findings.error(CODES.bothSpellings, message, field.key.span, [`keep \`${name}\``]);
}

/** Reports it, and gives the key that it was taken for. */
function reportUnknownKey(
  key: ScalarNode,
  options: FieldOptions & { missing: readonly string[]; isOnly: boolean },
  findings: Findings,
): string | undefined {
  const { table, what, missing, isOnly } = options;
  const known = Object.keys(table).filter((name) => table[name] === true || table[name] === 'needed');
  const word = key.text.text;
  const explained = options.explain?.(word, key);
  const meant = explained ? explained.insteadOf : findMeantKey(word, { known, missing, isOnly });
  const help =
    explained?.help ?? (meant ? `did you mean \`${meant}\`?` : `${what} has the keys ${listNames(known, 20)}`);
  findings.error(CODES.unknownKey, `unknown key \`${word}\` in ${what}`, key.span, [help]);
  return meant;
}
