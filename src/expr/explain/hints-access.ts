import type { NodeOf } from '../syntax/ast.ts';
import { findJoinedKey, findSimilarKey } from '../values/access.ts';
import { describeType } from '../values/describe.ts';
import { ExactNumber, toDouble } from '../values/exact.ts';
import { findNearestKey, foldWord } from '../values/nearest.ts';
import { isList, isMap, readKey, type Value, type ValueMap } from '../values/value.ts';
import { describeJsonMistake } from './json-mistake.ts';

/** An access to data: what it reads from, how that is written, and the key or index. */
export interface Access {
  object: Value;
  /** How the object is written. */
  text: string;
  key: Value | undefined;
  /** The names that are read behind the key. */
  behind?: readonly string[];
}

/** What people call the content of an answer or a message. */
const CONTENT: readonly string[] = ['body', 'value', 'payload', 'data', 'content'];

/** Why a key of a map gives nil. */
export function describeMissingKey({ object, text, key, behind = [] }: Access): string | undefined {
  if (typeof key !== 'string' || !isMap(object)) return undefined;
  const found = readKey(object, key);
  if (found !== undefined) return undefined;
  const joined = findJoinedKey(object, [key, ...behind])?.key;
  if (joined !== undefined) return `\`${text}\` has no \`${key}\`, but \`${text}[${JSON.stringify(joined)}]\` is there`;
  if (isCounting(key)) return `\`${text}\` has no \`${key}\`: did you mean \`len(${text})\`?`;
  const similar = findSimilarKey(object, key);
  if (similar !== undefined) return `\`${text}\` has no \`${key}\`, but it has \`${similar}\``;
  const keys = Object.keys(object);
  const content = CONTENT.includes(key) ? CONTENT.filter((word) => keys.includes(word)) : [];
  if (content.length === 1) return `\`${text}\` has no \`${key}\`: did you mean \`${text}.${content[0]}\`?`;
  const nearest = findNearestKey(key, keys.slice(0, 1000));
  if (nearest !== undefined) return `\`${text}\` has no \`${key}\`: did you mean \`${nearest}\`? ${listKeys(keys)}`;
  const inner = findBelow(object, key);
  if (inner !== undefined) return `\`${text}\` has no \`${key}\`, but \`${text}${inner}\` is there`;
  return `\`${text}\` has no \`${key}\`; ${listKeys(keys)}`;
}

/** What was meant by an access that ended with an error. */
export function describeBadAccess({ object, text, key }: Access): string | undefined {
  if (isList(object))
    return typeof key === 'string' ? describeListKey(text, object, key) : describeBadIndex(text, object, key);
  if ((typeof object === 'number' || typeof object === 'boolean') && typeof key === 'string')
    return `\`${text}\` is ${describeType(object)} and has no keys: compare it itself, as in \`${text} == …\``;
  if (typeof object !== 'string') return undefined;
  if (typeof key === 'string') return describeTextKey(text, object, key);
  const first = `a part of it is taken with \`${text}[0:1]\``;
  return `\`${text}\` is one text, not an array: leave out the index; ${first}`;
}

/** The keys that are there: `` its keys are `a`, `b` and 3 more ``. */
export function listKeys(keys: readonly string[]): string {
  if (keys.length === 0) return 'it is empty';
  const shown = keys.slice(0, 10).map((key) => `\`${key.slice(0, 60)}\``);
  const more = keys.length > shown.length ? ` and ${keys.length - shown.length} more` : '';
  return keys.length === 1 ? `its only key is ${shown[0]}` : `its keys are ${shown.join(', ')}${more}`;
}

/** The key that a member or an index states outright. */
export function takeKey(node: NodeOf<'member'> | NodeOf<'index'>): Value | undefined {
  if (node.kind === 'member') return node.name;
  const { index } = node;
  if (index.kind === 'literal') return index.value;
  if (index.kind !== 'unary' || index.operator !== '-' || index.operand.kind !== 'literal') return undefined;
  return typeof index.operand.value === 'number' ? -index.operand.value : undefined;
}

function isCounting(key: string): boolean {
  return ['length', 'size', 'count', 'len'].includes(foldWord(key));
}

function describeListKey(text: string, list: readonly Value[], key: string): string {
  if (isCounting(key)) return `\`${text}\` is an array: did you mean \`len(${text})\`?`;
  if (list.length === 0) return `\`${text}\` is an empty array: it has no item to read \`${key}\` of`;
  if (/^\d+$/.test(key)) return `\`${text}\` is an array: leave out the quotes, as in \`${text}[${key}]\``;
  const member = /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  const count = list.length === 1 ? 'of 1 item' : `of ${list.length} items`;
  const one = `\`${text}[0]${member}\``;
  return `\`${text}\` is an array ${count}: take one, as in ${one}, or test them with \`all(${text}, ${member.startsWith('.') ? member : `#${member}`} == …)\``;
}

function describeBadIndex(text: string, list: readonly Value[], key: Value | undefined): string | undefined {
  const { length } = list;
  if (length === 0) return `\`${text}\` is an empty array`;
  const index = typeof key === 'number' ? key : key instanceof ExactNumber ? toDouble(key) : undefined;
  if (index === undefined || !Number.isInteger(index)) return undefined;
  if (index === length) return `indexes count from 0: the last item is \`${text}[${length - 1}]\`, or \`${text}[-1]\``;
  return length === 1
    ? `the only item is \`${text}[0]\``
    : `the items are \`${text}[0]\` to \`${text}[${length - 1}]\``;
}

function describeTextKey(text: string, value: string, key: string): string | undefined {
  if (isCounting(key)) return `\`${text}\` is a text: did you mean \`len(${text})\`?`;
  if (!/^\s*[{[]/.test(value)) return `\`${text}\` is a text and has no keys`;
  const mistake = describeJsonMistake(value);
  if (mistake !== undefined) return `\`${text}\` is a text that begins like JSON, but is not JSON: ${mistake}`;
  return `\`${text}\` is a text that holds JSON: read it with \`fromJSON(${text}).${key}\``;
}

/** The key one level below, when it stands in exactly one place: `.data`, `[0]`. */
function findBelow(map: ValueMap, key: string): string | undefined {
  const found = Object.keys(map)
    .slice(0, 200)
    .filter((outer) => {
      const inner = map[outer];
      return inner !== undefined && isMap(inner) && readKey(inner, key) !== undefined;
    });
  const [outer] = found;
  return found.length === 1 && outer !== undefined && /^[A-Za-z_]\w*$/.test(outer) ? `.${outer}.${key}` : undefined;
}
