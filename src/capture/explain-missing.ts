import type { Value } from '../expr/index.ts';
import { describeType, formatValue, isList, isMap, readKey } from '../expr/index.ts';
import { countOf } from '../util/count.ts';
import { findNearest, listNames } from '../util/suggest.ts';
import { CaptureError } from './capture-error.ts';
import type { Surroundings } from './evaluation.ts';
import { findMeantPath, joinNames } from './meant-path.ts';
import { isSingular, type Segment, type Selector } from './query.ts';
import type { JudgeError } from './walk.ts';

/** A path that is followed. */
export interface Search extends Surroundings {
  readonly source: string;
  readonly segments: readonly Segment[];
  readonly result: Value;
}

/** Where a path of names and positions ends: `at` is the part that `value` does not have. */
export interface Break {
  readonly value: Value;
  readonly at: number;
}

const MAX_VALUE_LENGTH = 80;

/** The error of a path of names and positions. */
export function explainMissing(search: Search, { value, at }: Break): CaptureError {
  const selector = search.segments[at]?.selectors[0];
  const owner = nameOwner(search, at);
  const reason = describeBreak(selector, value, owner);
  const meant = suggestPath(search);
  const near = meant.length > 0 ? meant : suggestMember(selector, value);
  const hints = [...near, ...describeMembers(value, owner), ...(meant.length > 0 ? [] : hintAtBody(search, at))];
  return new CaptureError(`\`${search.source.trim()}\` finds nothing: ${reason}`, hints);
}

/** What a path with wildcards, slices, filters or descents found on its way. */
export interface Findings {
  /** How many segments found something. */
  readonly reached: number;
  /** Why filters took nothing. */
  readonly remarks: readonly string[];
  /** By what alone it found nothing; it is asked with what the part that found nothing belongs to. */
  readonly listSlips: (owner: string) => readonly string[];
}

/** The error of a path with wildcards, slices, filters or descents. */
export function explainEmpty(search: Search, { reached, remarks, listSlips }: Findings): CaptureError {
  const { source } = search;
  const segment = search.segments[reached];
  const owner = nameOwner(search, reached);
  const hints = [...remarks];
  const isOne = segment && isSingular({ segments: search.segments.slice(0, reached + 1) });
  const joined = joinNames(search, search.root);
  const meant = isOne || joined !== undefined ? suggestPath(search, joined) : [];
  hints.push(...meant);
  if (reached === 0)
    hints.push(...describeMembers(search.root, owner), ...(meant.length > 0 ? [] : hintAtBody(search, 0)));
  const what = segment ? source.slice(segment.offset, segment.offset + segment.length) : source.trim();
  hints.push(...hintAtIndex(search, reached));
  const reason = segment?.selectors.every(({ kind }) => kind === 'filter')
    ? `no item of ${owner} satisfies \`${what}\``
    : `nothing in ${owner} matches \`${what}\``;
  return new CaptureError(`\`${source.trim()}\` finds nothing: ${reason}`, hints, {
    listSlips: () => listSlips(nameOwner(search, reached)),
  });
}

/** The error of a condition that could not be evaluated for an item. */
export function explainJudge(source: string, { cause, condition, at }: JudgeError): CaptureError {
  const { offset, length } = condition;
  const what = source.slice(offset, offset + length).trim();
  const message = `\`${what}\` cannot be evaluated for item ${at} (counted from 0): ${cause.message}`;
  const hints = cause.hint === undefined ? [] : [cause.hint];
  return new CaptureError(message, hints, { kind: 'condition', offset: cause.offset, length: cause.length });
}

/** The part of the path that was found, as an author would write it. */
function nameOwner({ source, segments, result, root }: Search, at: number): string {
  const end = segments[at - 1];
  if (at > 0 && end) return `\`${source.slice(0, end.offset + end.length).replace(/^\s*\$\.?/, '')}\``;
  return root === result ? 'the result' : 'the body';
}

function describeBreak(selector: Selector | undefined, value: Value, owner: string): string {
  if (value === null) return `${owner} is nil`;
  if (selector?.kind === 'index' && isList(value)) {
    return value.length === 0
      ? `${owner} is an empty array`
      : `${owner} has ${countOf(value.length, 'item')}, so there is no \`[${selector.index}]\``;
  }
  if (selector?.kind === 'name' && isMap(value)) return `${owner} has no key \`${selector.key}\``;
  if (selector?.kind === 'name' && isList(value))
    return `${owner} is an array (${value.length}), which has no key \`${selector.key}\``;
  if (selector?.kind === 'index' && isMap(value)) return `${owner} is a map, which has no \`[${selector.index}]\``;
  return `${owner} is ${shorten(formatValue(value))}, not ${selector?.kind === 'index' ? 'an array' : 'a map'}`;
}

function suggestPath(search: Search, joined = joinNames(search, search.root)): readonly string[] {
  const meant = joined ?? findMeantPath(search);
  return meant === undefined ? [] : [`did you mean \`${meant}\`?`];
}

function suggestMember(selector: Selector | undefined, value: Value): readonly string[] {
  if (selector?.kind !== 'name') return [];
  if (isList(value)) return value.length === 0 ? [] : ['name an item first: `[0]`, or `[*]` for all'];
  const nearest = isMap(value) ? findNearest(selector.key, Object.keys(value)) : undefined;
  return nearest === undefined ? [] : [`did you mean \`${nearest}\`?`];
}

function describeMembers(value: Value, owner: string): readonly string[] {
  if (isMap(value)) {
    const keys = Object.keys(value);
    return [keys.length === 0 ? `${owner} is an empty map` : `${owner} has ${listNames(keys)}`];
  }
  return isList(value) && value.length > 0 ? [`its items are of type ${describeType(value[0] ?? null)}`] : [];
}

/** `[?@.price > 5].id[0]`: a position behind what gives several values is looked for in each of them. */
function hintAtIndex(search: Search, at: number): readonly string[] {
  const [selector, ...others] = search.segments[at]?.selectors ?? [];
  const isOfMany = at > 0 && !isSingular({ segments: search.segments.slice(0, at) });
  if (selector?.kind !== 'index' || others.length > 0 || !isOfMany) return [];
  const index = `\`[${selector.index}]\``;
  return [
    `${index} is looked for inside each value that ${nameOwner(search, at)} finds: leave it out, and write ${index} behind the captured name, which is a list`,
  ];
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
