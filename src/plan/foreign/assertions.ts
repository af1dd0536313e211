import type { MapNode, Node } from '../../source/yaml/node.ts';

/** Comparisons as other tools name them, and how each is written. */
const COMPARISONS: readonly (readonly [words: string, write: (actual: string, expected: string) => string])[] = [
  ['eq equal equals equalto is be tobe toequal shouldequal expected value exact ==', (a, b) => `${a} == ${b}`],
  ['ne neq notequal notequals isnot shouldnotequal !=', (a, b) => `${a} != ${b}`],
  ['lt lessthan isbelow <', (a, b) => `${a} < ${b}`],
  ['gt greaterthan isabove >', (a, b) => `${a} > ${b}`],
  ['le lte lessorequals lessthanorequal atmost max <=', (a, b) => `${a} <= ${b}`],
  ['ge gte greaterorequals greaterthanorequal atleast min >=', (a, b) => `${a} >= ${b}`],
  ['contains contain contained includes include has shouldcontain containsubstring', (a, b) => `${a} contains ${b}`],
  ['notcontains notcontain excludes shouldnotcontain', (a, b) => `${a} not contains ${b}`],
  ['startswith startwith beginswith hasprefix', (a, b) => `${a} startsWith ${b}`],
  ['endswith endwith hassuffix', (a, b) => `${a} endsWith ${b}`],
  ['matches match regex regexp regexmatch matchesregex', (a, b) => `${a} matches ${b}`],
  ['in oneof containedby isin', (a, b) => `${a} in ${b}`],
  ['lengtheq leneq lengthequals countequals length len size count haslength', (a, b) => `len(${a}) == ${b}`],
  ['lengthgt lengreaterthan lengthgreaterthan lengt', (a, b) => `len(${a}) > ${b}`],
  ['type istype typeof isa typematch', (a, b) => `type(${a}) == ${b}`],
];
const byWord = new Map(COMPARISONS.flatMap(([words, write]) => words.split(' ').map((word) => [word, write] as const)));
/** What holds without another side. */
const STATES: Readonly<Record<string, (actual: string) => string>> = {
  exists: (a) => `${a} != nil`,
  exist: (a) => `${a} != nil`,
  notexists: (a) => `${a} == nil`,
  isnull: (a) => `${a} == nil`,
  notnull: (a) => `${a} != nil`,
  empty: (a) => `len(${a}) == 0`,
  isempty: (a) => `len(${a}) == 0`,
  notempty: (a) => `len(${a}) > 0`,
};
const WORDS_FOR_PATH = new Set(
  'path jsonpath jmespath jsonpointer property field selector source check actual target left expr key name'.split(' '),
);
const WORDS_FOR_OPERATOR = new Set([
  'operator',
  'op',
  'comparison',
  'comparator',
  'predicate',
  'assertion',
  'condition',
]);
const LONGEST = 80;

/** The expression that a map means which compares as other tools do: `eq: [status, 200]`, `{path: $.id, equals: 3}`, `status: {gt: 1}`. */
export function suggestComparison(map: MapNode): string | undefined {
  const entries = map.entries.map(({ key, value }) => ({ word: fold(key.text.text), key: key.text.text, value }));
  const written = ofPath(entries) ?? ofPair(entries) ?? ofName(entries);
  return written === undefined || written.length > LONGEST ? undefined : written;
}

interface Entry {
  /** The key without signs, in small letters. */
  readonly word: string;
  readonly key: string;
  readonly value: Node;
}

/** `eq: [status, 200]` */
function ofPair(entries: readonly Entry[]): string | undefined {
  const [entry, ...others] = entries;
  const write = entry && byWord.get(entry.word);
  if (!write || others.length > 0 || entry.value.kind !== 'seq') return undefined;
  const [left, right, ...more] = entry.value.items;
  if (left?.kind !== 'scalar' || !right || more.length > 1) return undefined;
  const expected = writeValue(right);
  return expected === undefined ? undefined : write(writePath(left.text.text), expected);
}

/** `{path: $.id, equals: 3}`, `{jsonpath: $.id, operator: eq, value: 3}` */
function ofPath(entries: readonly Entry[]): string | undefined {
  const path = entries.find(({ word, value }) => WORDS_FOR_PATH.has(word) && value.kind === 'scalar');
  const named = entries.find(({ word }) => WORDS_FOR_OPERATOR.has(word))?.value;
  const rest = entries.filter((one) => one !== path && one.value !== named);
  const [other] = rest;
  if (path?.value.kind !== 'scalar' || !other || rest.length > 1) return undefined;
  const word = named?.kind === 'scalar' ? fold(named.text.text) : other.word;
  return compare(writePath(path.value.text.text), word, other.value);
}

/** `status: {gt: 200}` */
function ofName(entries: readonly Entry[]): string | undefined {
  const [entry, ...others] = entries;
  const inner = entry?.value.kind === 'map' ? entry.value.entries : [];
  const [only, ...more] = inner;
  if (!entry || !only || others.length > 0 || more.length > 0) return undefined;
  return compare(writePath(entry.key), fold(only.key.text.text), only.value);
}

function compare(actual: string, word: string, value: Node): string | undefined {
  const isTrue = value.kind === 'scalar' && value.value === true;
  const state = Object.hasOwn(STATES, word) ? STATES[word] : undefined;
  if (state && isTrue) return state(actual);
  const expected = writeValue(value);
  return expected === undefined ? undefined : byWord.get(word)?.(actual, expected);
}

/** `$.id` and `body.id` lead to the body, `status_code` to the status. */
function writePath(path: string): string {
  const bare = path.trim();
  if (/^(?:response\.?)?status_?code$/i.test(bare)) return 'status';
  if (/^response\.(?=\w)/.test(bare)) return bare.slice('response.'.length);
  return bare.replace(/^\$(?=[.[])/, 'body').replace(/^\$$/, 'body');
}

function writeValue(node: Node): string | undefined {
  if (node.kind === 'map') return undefined;
  if (node.kind === 'seq') {
    const items = node.items.map(writeValue);
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (node.value === null) return 'nil';
  return typeof node.value === 'string' ? JSON.stringify(node.value) : node.text.text;
}

function fold(word: string): string {
  return word.replaceAll(/[_\-\s]/g, '').toLowerCase();
}
