import { findMatcher } from './foreign-matchers.ts';

const MARKERS: ReadonlyMap<string, string> = new Map([
  ['notnull', '$1 != nil'],
  ['present', '$1 != nil'],
  ['notpresent', '$1 == nil'],
]);
const KINDS = new Set(['null', 'array', 'object', 'boolean', 'number', 'string', 'uuid']);

/** What a marker of Karate means, `#string`, `##number`, `#[3]`, `#regex a+`; undefined when the text is none. */
export function suggestForMarker(text: string, value: string): string | undefined {
  const holds = readMarker(text, value);
  const shown = text.length > 40 ? (/^#[a-z]*/.exec(text)?.[0] ?? '#') : text;
  return holds && `\`${shown}\` is a marker of another tool: write \`${holds}\``;
}

function readMarker(text: string, value: string): string | undefined {
  const [, word = ''] = /^##?([a-z]+)\b/.exec(text) ?? [];
  const [, pattern] = /^##?regex\s+(.+)$/.exec(text) ?? [];
  const [, count] = /^##?\[(\d+)\]/.exec(text) ?? [];
  if (pattern !== undefined) return `${value} matches ${JSON.stringify(pattern)}`;
  if (count !== undefined) return `len(${value}) == ${count}`;
  return (MARKERS.get(word) ?? (KINDS.has(word) ? findMatcher(word)?.holds : undefined))?.replace('$1', value);
}

/** `body == {id: "#number", name: "Ann"}`: the tests that are meant, joined; undefined where no marker is in it. */
export function writeMarked(condition: string): string | undefined {
  const [, value, expected] = /^\s*([A-Za-z_#][\w.[\]"'-]*)\s*==\s*(.+?)\s*$/s.exec(condition) ?? [];
  return value && expected && writeMarkedTests(value, expected);
}

/** The same of a value and what it is held against. */
export function writeMarkedTests(value: string, expected: string): string | undefined {
  const tests = listTests(value, expected);
  return tests.some(({ isMarked }) => isMarked) ? tests.map(({ test }) => test).join(' and ') : undefined;
}

interface Test {
  readonly test: string;
  readonly isMarked: boolean;
}

function listTests(value: string, expected: string): readonly Test[] {
  const marker = /^(["'])(#.*)\1$/.exec(expected)?.[2];
  const holds = marker && readMarker(marker, value);
  if (holds) return [{ test: holds, isMarked: true }];
  const entries = listEntries(expected);
  if (entries.length === 0) return [{ test: `${value} == ${expected}`, isMarked: false }];
  return entries.flatMap(([key, inner]) =>
    listTests(/^[A-Za-z_]\w*$/.test(key) ? `${value}.${key}` : `${value}["${key}"]`, inner),
  );
}

/** The entries of a map as they are written; none of what is no map, or holds maps in maps in maps. */
function listEntries(text: string): readonly (readonly [key: string, value: string])[] {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1];
  if (inner === undefined) return [];
  const entries: [string, string][] = [];
  const pattern =
    /\s*(["']?)([\w-]+)\1\s*:\s*((?:"[^"\n]*"|'[^'\n]*'|\{(?:[^{}]|\{[^{}]*\})*\}|\[[^[\]]*\]|[\w.-]+))\s*(?:,|$)/y;
  while (pattern.lastIndex < inner.trimEnd().length) {
    const [, , key, value] = pattern.exec(inner) ?? [];
    if (key === undefined || value === undefined) return [];
    entries.push([key, value]);
  }
  return entries;
}
