import type { BinaryOperator } from '../syntax/ast.ts';
import { findSimilarKey } from '../values/access.ts';
import { DurationValue } from '../values/date.ts';
import { haveOtherForms } from '../values/date-forms.ts';
import { describeType } from '../values/describe.ts';
import { compareValues, isEqual, isNumber } from '../values/equality.ts';
import { describeMilliseconds } from '../values/milliseconds.ts';
import { findNearestKey } from '../values/nearest.ts';
import { parseNumeral } from '../values/numeral.ts';
import { isList, isMap, readKey, type Value } from '../values/value.ts';
import { relateValues } from './hints-pair.ts';
import { describeMismatch } from './hints-pattern.ts';
import { quoteValue } from './quote-value.ts';

/** An operator with the values of its sides and how they are written. */
export interface Operation {
  operator: BinaryOperator;
  left: Value;
  right: Value;
  leftText: string;
  rightText: string;
  /** In a loop: where its item stands. */
  item?: string | undefined;
}

const maxItems = 1000;
const TEXT_TESTS = {
  contains: (text: string, part: string) => text.includes(part),
  startsWith: (text: string, part: string) => text.startsWith(part),
  endsWith: (text: string, part: string) => text.endsWith(part),
};

/** What was meant by an operator whose sides do not fit it. */
export function describeOperands(operation: Operation): string | undefined {
  const { operator, left, right, leftText, rightText } = operation;
  if (left === null || right === null) {
    return `\`${left === null ? leftText : rightText}\` is nil: give it a value with \`??\`, or test it with \`!= nil\` first`;
  }
  if (isList(left) && (operator === 'contains' || operator === 'startsWith' || operator === 'endsWith')) {
    const holds = TEXT_TESTS[operator];
    if (
      typeof right === 'string' &&
      left.some((item) => typeof item === 'string' && item !== right && holds(item, right))
    )
      return `\`${leftText}\` is an array: test with \`any(${leftText}, # ${operator} ${rightText})\``;
    if (operator !== 'contains') return `\`${leftText}\` is an array: take an item, as in \`${leftText}[0]\``;
    return isList(right)
      ? `\`${leftText}\` is an array: test with \`contains_all(${leftText}, ${rightText})\``
      : `\`${leftText}\` is an array: test with \`${rightText} in ${leftText}\``;
  }
  if (operator === 'in' && typeof right === 'string')
    return `\`${rightText}\` is a text: test with \`${rightText} contains ${leftText}\``;
  if (['matches', 'contains', 'startsWith', 'endsWith'].includes(operator)) {
    const map = describeMapTest(operation);
    if (map !== undefined) return map;
    const [text, value] = typeof left === 'string' ? [rightText, right] : [leftText, left];
    return isNumber(value) ? `\`${text}\` is ${describeType(value)}: convert it with \`string(${text})\`` : undefined;
  }
  return describeLengths(operation) ?? describeMixedTypes(operation);
}

/** A map where a text is looked for: the value that has it, or the test of a key. */
function describeMapTest({ operator, left, right, leftText, rightText }: Operation): string | undefined {
  if (!isMap(left)) return undefined;
  if (isMap(right)) return `\`${leftText}\` is a map: test with \`matches_partial(${leftText}, ${rightText})\``;
  if (typeof right !== 'string') return undefined;
  if (operator === 'contains' && readKey(left, right) !== undefined)
    return `\`${leftText}\` is a map: test for a key with \`${rightText} in ${leftText}\``;
  const holder = Object.keys(left)
    .slice(0, maxItems)
    .find((key) => {
      const value = left[key];
      return typeof value === 'string' && value.includes(right);
    });
  const written = holder === undefined ? undefined : /^[A-Za-z_]\w*$/.test(holder) ? `.${holder}` : `["${holder}"]`;
  return written === undefined
    ? `\`${leftText}\` is a map: name a key of it, as in \`${leftText}.name ${operator} …\``
    : `\`${leftText}\` is a map: test \`${leftText}${written} ${operator} ${rightText}\``;
}

/** A number of milliseconds beside a length of time: `duration_ms < duration("500ms")`. */
function describeLengths({ left, right, leftText, rightText }: Operation): string | undefined {
  if (isNumber(left) && right instanceof DurationValue) return describeMilliseconds(leftText, right);
  return isNumber(right) && left instanceof DurationValue ? describeMilliseconds(rightText, left) : undefined;
}

function describeMixedTypes({ operator, left, right, leftText, rightText }: Operation): string | undefined {
  const isText = typeof left === 'string';
  const [text, number] = isText ? [left, right] : [right, left];
  if (typeof text !== 'string' || !isNumber(number)) return undefined;
  const written = isText ? leftText : rightText;
  const isQuoted = /^["'`]/.test(written);
  if (parseNumeral(text.trim()) === undefined) {
    return operator === '+' ? undefined : `\`${written}\` is a text that is not a number`;
  }
  if (isQuoted) return `leave out the quotes around ${text.trim()}`;
  const isWhole = /^[+-]?\d+$/.test(text.trim());
  const name = isWhole && describeType(number) === 'int' ? 'int' : 'float';
  const bare = text === text.trim() ? written : `trim(${written})`;
  return `\`${written}\` is a text: convert it with \`${name}(${bare})\``;
}

/** Why an order does not hold, where that is not plain from the values. */
export function describeOrder({ operator, left, right, leftText, rightText, item }: Operation): string | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    const areNumbers = [left, right].every((text) => parseNumeral(text.trim()) !== undefined);
    if (areNumbers) return 'texts are ordered character by character: convert both with `float(…)`';
    if (haveOtherForms(left, right))
      return `texts are ordered character by character, which is not the order of these times: compare \`date(${leftText}) ${operator} date(${rightText})\``;
  }
  const isStrict = operator === '<' || operator === '>';
  const canCompare = (isNumber(left) && isNumber(right)) || (typeof left === 'string' && typeof right === 'string');
  // That something is empty is plain from `len(…)`, and `>= 0` is no advice.
  if (!isStrict || !canCompare || right === 0 || compareValues(left, right) !== 0) return undefined;
  const place = item === undefined ? '' : `for \`${item}\` `;
  return `${place}both sides are equal, which \`${operator}\` excludes: \`${leftText} ${operator}= …\` includes it`;
}

/** Why a test of texts, items or keys does not hold. */
export function describeTest(operation: Operation): string | undefined {
  const { operator, left, right, leftText, rightText } = operation;
  if (operator === 'in') return describeAbsence(operation);
  if (typeof left !== 'string' || typeof right !== 'string') {
    const isTest =
      operator === 'contains' || operator === 'matches' || operator === 'startsWith' || operator === 'endsWith';
    const nil = left === null ? leftText : right === null ? rightText : undefined;
    return isTest && nil !== undefined ? `\`${nil}\` is nil` : undefined;
  }
  switch (operator) {
    case 'matches':
      return describeMismatch(left, right);
    case 'contains':
      return describeAbsentText(left, right, leftText);
    case 'startsWith':
      return (
        relateEdge(left.slice(0, right.length), right, { whole: left, written: leftText, isStart: true }) ??
        `it begins with ${quoteValue(left.slice(0, right.length), 80)}`
      );
    case 'endsWith':
      return (
        relateEdge(left.slice(-right.length || left.length), right, {
          whole: left,
          written: leftText,
          isStart: false,
        }) ?? `it ends with ${quoteValue(left.slice(-right.length), 80)}`
      );
    default:
      return undefined;
  }
}

interface Edge {
  whole: string;
  /** How the whole is written. */
  written: string;
  isStart: boolean;
}

/** Why a text that should begin or end with another does not. */
function relateEdge(edge: string, wanted: string, { whole, written, isStart }: Edge): string | undefined {
  if (edge.toLowerCase() === wanted.toLowerCase())
    return `it would hold if case were ignored: test \`lower(${written})\``;
  const at = isStart ? whole.indexOf(wanted) : whole.lastIndexOf(wanted);
  if (at < 0 || wanted === '') return undefined;
  const rest = quoteValue(isStart ? whole.slice(0, at) : whole.slice(at + wanted.length), 40);
  return `it has ${quoteValue(wanted, 40)}, ${isStart ? `but ${rest} before it` : `but goes on with ${rest}`}`;
}

function describeAbsentText(text: string, wanted: string, written: string): string | undefined {
  if (text.toLowerCase().includes(wanted.toLowerCase())) {
    return `it is there in different case: test \`lower(${written}) contains …\``;
  }
  if (wanted.trim() !== wanted && text.includes(wanted.trim())) return 'it is there without the spaces at its ends';
  const squeeze = (value: string) => value.replaceAll(/\s+/g, '');
  if (wanted.trim() !== '' && squeeze(text).includes(squeeze(wanted)))
    return 'it is there with different spaces or line feeds, as compact and indented JSON have';
  return undefined;
}

/** Why an item or a key is not there. */
function describeAbsence({ left, right, leftText, rightText }: Operation): string | undefined {
  if (right === null) return `\`${rightText}\` is nil`;
  if (isMap(right) && typeof left === 'string') {
    const keys = Object.keys(right);
    const meant = findSimilarKey(right, left) ?? findNearestKey(left, keys.slice(0, maxItems));
    if (meant !== undefined)
      return `\`${rightText}\` has no key ${quoteValue(left, 40)}, but has ${quoteValue(meant, 40)}`;
    const holder = keys.find((key) => isEqual(right[key] ?? null, left));
    return holder === undefined ? undefined : `\`in\` looks at the keys of a map; \`${holder}\` has that value`;
  }
  if (!isList(right)) return undefined;
  if (right.length === 0) return `\`${rightText}\` is an empty array`;
  return describeAbsentItem(left, right, { leftText, rightText });
}

function describeAbsentItem(
  item: Value,
  list: readonly Value[],
  texts: { leftText: string; rightText: string },
): string | undefined {
  const candidates = list.slice(0, maxItems);
  const inner = candidates.find((candidate) => isList(candidate) && candidate.some((one) => isEqual(one, item)));
  if (inner !== undefined) return describeNesting(texts);
  if (!isMap(item)) {
    for (const candidate of candidates) {
      const key = isMap(candidate)
        ? Object.keys(candidate).find((one) => isEqual(candidate[one] ?? null, item))
        : undefined;
      if (key !== undefined) {
        const { leftText, rightText } = texts;
        return `the items are maps, and \`${key}\` of one has that value: test with \`any(${rightText}, .${key} == ${leftText})\``;
      }
    }
  }
  const isOtherType = (candidate: Value) =>
    (isNumber(item) && typeof candidate === 'string') || (typeof item === 'string' && isNumber(candidate));
  const other =
    candidates.find((candidate) => isOtherType(candidate) && String(candidate) === String(item)) ??
    candidates.find(isOtherType);
  if (other !== undefined) {
    return `${describeType(item)} ${quoteValue(item, 40)} is never ${describeType(other)} ${quoteValue(other, 40)}`;
  }
  return describeNearItem(item, candidates, texts);
}

/** `status in [200..299]`: the list is an item of the list. */
function describeNesting({ leftText, rightText }: { leftText: string; rightText: string }): string {
  const [, bare] = /^\[([^,]*|\[.*\])\]$/s.exec(rightText) ?? [];
  return bare === undefined
    ? `an item of \`${rightText}\` is a list that holds it: name that list`
    : `the brackets make a list with a list in it: write \`${leftText} in ${bare}\``;
}

/** The first item that is the wanted one but for its spelling. */
function describeNearItem(
  item: Value,
  candidates: readonly Value[],
  { leftText, rightText }: { leftText: string; rightText: string },
): string | undefined {
  const isItemWritten = /^["'`]/.test(leftText);
  for (const [index, candidate] of candidates.entries()) {
    const other = rightText.startsWith('[') ? undefined : `${rightText}[${index}]`;
    const pair = isItemWritten
      ? { actual: candidate, expected: item, text: `${rightText}[${index}]` }
      : { actual: item, expected: candidate, text: leftText, other };
    const relation = relateValues(pair);
    if (relation && !relation.isPart) return `item \`[${index}]\` is close: ${relation.hint}`;
  }
  if (typeof item !== 'string') return undefined;
  const nearest = findNearestKey(
    item,
    candidates.filter((candidate) => typeof candidate === 'string'),
  );
  return nearest === undefined ? undefined : `${quoteValue(nearest, 40)} is close to ${quoteValue(item, 40)}`;
}
