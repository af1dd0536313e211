import { isKeyedMap, isList, isMap, type Value } from '../../expr/index.ts';
import { listBase64Cores, listSpellings, SHORTEST_PART } from './secret-spellings.ts';

export const MASK = '***';

/**
 * The values that no report may show. A text of four or more characters is masked wherever it stands, in every usual
 * encoding; a shorter one, and a number or bool, only where it is the whole value.
 */
export interface Secrets {
  readonly isEmpty: boolean;
  /** Adds a value: of a list or map, every text and number in it. nil, bools and the empty text are never masked. */
  add(value: Value): void;
  maskText(text: string): string;
}

interface Needle {
  readonly text: string;
  /** Part of a longer base64 text, which is masked as a whole. */
  readonly isBase64: boolean;
}

/** Makes an empty registry. Masking takes one pass over a text, however many secrets there are. */
export function createSecrets(): Secrets {
  const wholes = new Set<string>();
  const needlesByStart = new Map<string, Needle[]>();
  const starts = new Uint8Array(65_536);

  const addNeedle = (needle: Needle): void => {
    const start = needle.text.slice(0, SHORTEST_PART);
    const needles = needlesByStart.get(start) ?? [];
    needlesByStart.set(start, needles);
    needles.push(needle);
    needles.sort((a, b) => b.text.length - a.text.length);
    starts[hashStart(needle.text, 0)] = 1;
  };
  const addText = (text: string): void => {
    if (text === '' || wholes.has(text)) return;
    wholes.add(text);
    if (text.length < SHORTEST_PART) return;
    for (const spelling of listSpellings(text)) addNeedle({ text: spelling, isBase64: false });
    for (const core of listBase64Cores(text)) addNeedle({ text: core, isBase64: true });
  };
  const findAt = (text: string, at: number): Needle | undefined => {
    if (starts[hashStart(text, at)] === 0) return undefined;
    return needlesByStart.get(text.slice(at, at + SHORTEST_PART))?.find((needle) => text.startsWith(needle.text, at));
  };

  return {
    get isEmpty() {
      return wholes.size === 0;
    },
    add(value) {
      for (const text of listTexts(value)) addText(text);
    },
    maskText(text) {
      if (wholes.size === 0) return text;
      if (wholes.has(text)) return MASK;
      return replaceFound(text, findAt);
    },
  };
}

function replaceFound(text: string, findAt: (text: string, at: number) => Needle | undefined): string {
  let masked = '';
  let kept = 0;
  const last = text.length - SHORTEST_PART;
  for (let at = 0; at <= last; at++) {
    const needle = findAt(text, at);
    if (!needle) continue;
    const from = needle.isBase64 ? startOfBase64(text, at, kept) : at;
    const end = needle.isBase64 ? endOfBase64(text, at + needle.text.length) : at + needle.text.length;
    masked += text.slice(kept, from) + MASK;
    kept = end;
    at = end - 1;
  }
  return kept === 0 ? text : masked + text.slice(kept);
}

function startOfBase64(text: string, at: number, kept: number): number {
  let from = at;
  while (from > kept && isBase64Unit(text.charCodeAt(from - 1))) from--;
  return from;
}

function endOfBase64(text: string, at: number): number {
  let end = at;
  while (end < text.length && isBase64Unit(text.charCodeAt(end))) end++;
  while (end < text.length && text[end] === '=') end++;
  return end;
}

/** Letters, digits, `+`, `/`, `-` and `_`. */
function isBase64Unit(code: number): boolean {
  const isAlphanumeric = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isAlphanumeric || code === 43 || code === 47 || code === 45 || code === 95;
}

function hashStart(text: string, at: number): number {
  const first = text.charCodeAt(at) * 31 + text.charCodeAt(at + 1);
  const second = text.charCodeAt(at + 2) * 31 + text.charCodeAt(at + 3);
  return (first * 961 + second) & 0xffff;
}

/** Without recursion, for a value may be nested to any depth. */
function* listTexts(value: Value): Generator<string> {
  const open: Value[] = [value];
  while (open.length > 0) {
    const next = open.pop() ?? null;
    if (next === null || typeof next === 'boolean') continue;
    if (isList(next)) for (const item of next) open.push(item);
    else if (isKeyedMap(next)) for (const pair of next) open.push(...pair);
    else if (isMap(next)) for (const item of Object.values(next)) open.push(item);
    else yield String(next);
  }
}
