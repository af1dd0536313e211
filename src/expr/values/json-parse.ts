import { ExactNumber, readSpelledNumber } from './exact.ts';
import { setKey, type Value } from './value.ts';

/** A list or map whose end was not read yet; `key` is that of the value that comes next. */
type Open = { readonly list: Value[] } | { readonly map: { [key: string]: Value }; key: string | undefined };

/** Reads JSON that is known to be valid, to any depth; numbers keep their digits and how they are spelled. */
export function readJsonExactly(text: string): Value {
  const open: Open[] = [];
  let around: Open | undefined;
  let root: Value = null;
  const put = (value: Value): void => {
    if (around === undefined) root = value;
    else if ('list' in around) around.list.push(value);
    else {
      setKey(around.map, around.key ?? '', value);
      around.key = undefined;
    }
  };
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = findTextEnd(text, at);
      const content = readText(text.slice(at, end));
      if (around !== undefined && 'map' in around && around.key === undefined) around.key = content;
      else put(content);
      at = end - 1;
    } else if (code === LIST || code === MAP) {
      const opened: Open = code === LIST ? { list: [] } : { map: {}, key: undefined };
      put('list' in opened ? opened.list : opened.map);
      open.push(opened);
      around = opened;
    } else if (code === LIST_END || code === MAP_END) {
      open.pop();
      around = open.at(-1);
    } else if (isWordPart(code)) {
      const end = findWordEnd(text, at);
      put(readWord(text.slice(at, end)));
      at = end - 1;
    }
  }
  return root;
}

/** Whether a number in the JSON has more digits than a double keeps, or another spelling than a double has. */
export function hasSpelledNumber(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = findTextEnd(text, at) - 1;
    else if (isWordPart(code)) {
      const end = findWordEnd(text, at);
      const word = readWord(text.slice(at, end));
      if (word instanceof ExactNumber) return true;
      at = end - 1;
    }
  }
  return false;
}

const QUOTE = 0x22;
const LIST = 0x5b;
const LIST_END = 0x5d;
const MAP = 0x7b;
const MAP_END = 0x7d;
const words = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Where a quoted text ends, behind its closing quote. */
function findTextEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === 0x5c) before--;
    if ((end - before) % 2 === 0) return end + 1;
  }
}

/** Whether the character belongs to a number, `true`, `false` or `null`. */
function isWordPart(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || code === 0x2d;
}

function findWordEnd(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code <= 0x20 || code === 0x2c || code === LIST_END || code === MAP_END) break;
  }
  return end;
}

function readWord(word: string): Value {
  const known = words.get(word);
  return known === undefined ? readSpelledNumber(word) : known;
}

function readText(quoted: string): string {
  return quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1);
}
