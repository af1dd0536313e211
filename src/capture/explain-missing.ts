import type { Value } from '../expr/index.ts';
import { describeType, formatValue, isList, isMap, readKey } from '../expr/index.ts';
import { countOf } from '../util/count.ts';
import { findNearest, listNames } from '../util/suggest.ts';
import { CaptureError } from './capture-error.ts';
import type { Segment } from './path-syntax.ts';
import type { Findings } from './walk.ts';

/** A path that led to nothing. */
export interface Search {
  readonly path: string;
  readonly segments: readonly Segment[];
  readonly result: Value;
  /** What the path was looked up in: the result or its body. */
  readonly root: Value;
}

const MAX_VALUE_LENGTH = 80;

/** The error of a path of keys and positions: `at` is the part that `value` does not have. */
export function explainMissing(search: Search, broken: { readonly value: Value; readonly at: number }): CaptureError {
  const { value, at } = broken;
  const segment = search.segments[at];
  const owner = nameOwner(search, at);
  const reason = describeBreak(segment, value, owner);
  const hints = [...suggestMember(segment, value), ...describeMembers(value, owner), ...hintAtBody(search, at)];
  return new CaptureError(`\`${search.path}\` finds nothing: ${reason}`, hints);
}

/** The error of a path with wildcards, slices, filters or descents. */
export function explainEmpty(search: Search, findings: Findings): CaptureError {
  const segment = search.segments[findings.reached];
  const owner = nameOwner(search, findings.reached);
  const hints: string[] = [];
  if (findings.filterError) hints.push(`the condition could not be evaluated: ${findings.filterError.message}`);
  if (findings.reached === 0) hints.push(...describeMembers(search.root, owner), ...hintAtBody(search, 0));
  const what = segment ? search.path.slice(segment.offset, segment.offset + segment.length) : search.path;
  const reason =
    segment?.kind === 'filter'
      ? `no item of ${owner} satisfies \`${what}\``
      : `nothing in ${owner} matches \`${what}\``;
  return new CaptureError(`\`${search.path}\` finds nothing: ${reason}`, hints);
}

/** The part of the path that was found, as an author would write it. */
function nameOwner({ path, segments, result, root }: Search, at: number): string {
  const end = segments[at - 1];
  if (at > 0 && end) return `\`${path.slice(0, end.offset + end.length).replace(/^\$\.?/, '')}\``;
  return root === result ? 'the result' : 'the body';
}

function describeBreak(segment: Segment | undefined, value: Value, owner: string): string {
  if (value === null) return `${owner} is nil`;
  if (segment?.kind === 'index' && isList(value)) {
    return value.length === 0
      ? `${owner} is an empty array`
      : `${owner} has ${countOf(value.length, 'item')}, so there is no \`[${segment.index}]\``;
  }
  if (segment?.kind === 'key' && isMap(value)) return `${owner} has no key \`${segment.key}\``;
  if (segment?.kind === 'key' && isList(value))
    return `${owner} is an array (${value.length}), which has no key \`${segment.key}\``;
  if (segment?.kind === 'index' && isMap(value)) return `${owner} is a map, which has no \`[${segment.index}]\``;
  return `${owner} is ${shorten(formatValue(value))}, not ${segment?.kind === 'index' ? 'an array' : 'a map'}`;
}

function suggestMember(segment: Segment | undefined, value: Value): readonly string[] {
  if (segment?.kind !== 'key') return [];
  if (isList(value)) return value.length === 0 ? [] : ['name an item first: `[0]`, or `[*]` for all'];
  const nearest = isMap(value) ? findNearest(segment.key, Object.keys(value)) : undefined;
  return nearest === undefined ? [] : [`did you mean \`${nearest}\`?`];
}

function describeMembers(value: Value, owner: string): readonly string[] {
  if (isMap(value)) {
    const keys = Object.keys(value);
    return [keys.length === 0 ? `${owner} is an empty map` : `${owner} has ${listNames(keys)}`];
  }
  return isList(value) && value.length > 0 ? [`its items are of type ${describeType(value[0] ?? null)}`] : [];
}

/** When the path was looked up in the body, the result's own keys could have been meant too. */
function hintAtBody({ result, root }: Search, at: number): readonly string[] {
  if (at > 0 || root === result || !isMap(result)) return [];
  const own = Object.keys(result).filter((key) => readKey(result, key) !== null && key !== 'response');
  return [`the result itself has ${listNames(own)}`];
}

function shorten(text: string): string {
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}
