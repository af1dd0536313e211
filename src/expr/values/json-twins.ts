import { isList, isMap, type Value } from './value.ts';

const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]/gs;

/** A key that stands twice in one map of the JSON that a value was read from: readers take the last; undefined when there is none. */
export function findTwinKey(json: string, value: Value): string | undefined {
  const written = countWritten(json);
  return written === undefined || written > countKeys(value) ? searchTwin(json) : undefined;
}

/** Whether JSON is written as the engine's own writer writes what it was read to: no key of it was lost, and no digit. */
export function isWrittenAlike(json: string, value: Value): boolean {
  try {
    return JSON.stringify(value) === json;
  } catch {
    return false;
  }
}

/** How many keys are written, as far as that is seen at a glance: each ends with `":`. */
function countWritten(json: string): number | undefined {
  if (/"\s+:/.test(json)) return undefined;
  let count = 0;
  for (let at = json.indexOf('":'); at !== -1; at = json.indexOf('":', at + 2)) if (json[at - 1] !== '\\') count++;
  return count;
}

function countKeys(root: Value): number {
  let count = 0;
  const ahead: Value[] = [root];
  for (let value = ahead.pop(); value !== undefined; value = ahead.pop()) {
    if (isList(value)) for (const item of value) ahead.push(item);
    else if (isMap(value)) {
      const inner = Object.values(value);
      count += inner.length;
      for (const item of inner) if (typeof item === 'object') ahead.push(item);
    }
  }
  return count;
}

function searchTwin(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, key = '', colon] of json.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const keys = open.at(-1);
      const name = key.includes('\\') ? String(JSON.parse(`"${key}"`)) : key;
      if (keys?.has(name)) return name;
      keys?.add(name);
    }
  }
  return undefined;
}
