import { suggestForMarker } from '../syntax/foreign-markers.ts';
import { DateValue } from '../values/date.ts';
import { describeType } from '../values/describe.ts';
import { isEqual, isNumber } from '../values/equality.ts';
import { ExprError } from '../values/error.ts';
import { parseJson } from '../values/json.ts';
import { isList, isMap, type Value } from '../values/value.ts';
import { relateNumbers, relateNumberToText } from './hints-number.ts';
import { type Relation, relateTexts } from './hints-text.ts';
import type { Pair } from './pair.ts';
import { quoteValue } from './quote-value.ts';

const maxText = 1_000_000;

/** What two values that are not equal have to do with each other; undefined when nothing comes to mind. */
export function relateValues(pair: Pair): Relation | undefined {
  const { actual, expected, text } = pair;
  const marker =
    typeof expected === 'string' && expected.startsWith('#') ? suggestForMarker(expected, text) : undefined;
  if (marker !== undefined) return toSame(marker);
  if (isNumber(actual) && isNumber(expected)) return toSame(relateNumbers(actual, expected, text));
  if (typeof actual === 'string' && typeof expected === 'string') {
    if (actual.length + expected.length > maxText) return undefined;
    return toSame(relateJsonTexts(pair)) ?? relateTexts(actual, expected, text);
  }
  return toSame(
    relateNil(pair) ??
      relateBools(pair) ??
      relateNumberToText(pair) ??
      relateJsonText(pair) ??
      relateList(pair) ??
      relateDate(pair),
  );
}

function toSame(hint: string | undefined): Relation | undefined {
  return hint === undefined ? undefined : { hint, isPart: false };
}

function relateNil({ actual, expected, text, other: otherText }: Pair): string | undefined {
  if (actual !== null && expected !== null) return undefined;
  const other = actual === null ? expected : actual;
  if (typeof other === 'string' && /^(?:nil|null|none|undefined)$/i.test(other)) {
    return `nil is not the text ${quoteValue(other)}: ${actual === null && otherText === undefined ? 'leave out the quotes' : 'the value was turned into text somewhere'}`;
  }
  if (actual === '') return 'an empty text is not nil';
  const isEmpty = other === '' || other === 0 || other === false || (isList(other) && other.length === 0);
  if (!isEmpty || actual !== null) return undefined;
  return `nil is not ${quoteValue(other)}: compare \`(${text} ?? ${quoteValue(other)})\` if both are fine`;
}

function relateBools({ actual, expected, text, other: otherText }: Pair): string | undefined {
  const [bool, other] = typeof actual === 'boolean' ? [actual, expected] : [expected, actual];
  if (typeof bool !== 'boolean') return undefined;
  const types = `${describeType(actual)} ${quoteValue(actual, 40)} is not ${describeType(expected)} ${quoteValue(expected, 40)}`;
  if (typeof other === 'string') {
    const quotes =
      typeof actual === 'boolean' ? 'leave out the quotes' : 'the value is a text: quote the expected value';
    if (otherText === undefined) return `${types}: ${quotes}`;
    return `${types}: compare \`string(${typeof actual === 'boolean' ? text : otherText})\``;
  }
  return isNumber(other) ? `${types}: there is no truthiness` : undefined;
}

function relateJsonText({ actual, expected, text, other }: Pair): string | undefined {
  if (isStructure(expected) && typeof actual === 'string') {
    const value = readJson(actual);
    if (value === undefined) return undefined;
    const isSame = isEqual(value, expected);
    return `\`${text}\` is a text that holds JSON${isSame ? ', and that is the expected value' : ''}: compare \`fromJSON(${text})\``;
  }
  if (!isStructure(actual) || typeof expected !== 'string' || readJson(expected) === undefined) return undefined;
  const advice =
    other === undefined ? 'leave out the quotes around the expected value' : `compare \`fromJSON(${other})\``;
  return `\`${text}\` is ${withArticle(describeType(actual))}, not JSON text: ${advice}`;
}

function relateJsonTexts({ actual, expected, text }: Pair): string | undefined {
  const [a, b] = [actual, expected].map((side) => (typeof side === 'string' ? readJson(side) : undefined));
  if (a === undefined || b === undefined || !isEqual(a, b)) return undefined;
  return `the texts are the same JSON, written differently: compare \`fromJSON(${text}) == fromJSON(…)\``;
}

function isStructure(value: Value): boolean {
  return isList(value) || isMap(value);
}

function readJson(text: string): Value | undefined {
  if (text.length > maxText || !/^\s*[{[]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof ExprError) return undefined;
    throw error;
  }
}

function relateList({ actual, expected, text }: Pair): string | undefined {
  if (isList(actual) && !isList(expected) && expected !== null) {
    const at = actual.findIndex((item) => isEqual(item, expected));
    if (at >= 0)
      return `\`${text}\` is an array, and \`${text}[${at}]\` is the expected value: take that item, or test with \`… in ${text}\``;
    const isOfKind = actual.some((item) => describeType(item) === describeType(expected));
    return isOfKind
      ? `\`${text}\` is an array: take an item, as in \`${text}[0]\`, or test with \`… in ${text}\``
      : undefined;
  }
  if (!isList(expected) || isList(actual) || actual === null) return undefined;
  if (typeof actual === 'string' && expected.length > 1 && expected.every((item) => typeof item === 'string')) {
    const separator = [', ', ',', ';', ' ', '\n'].find((one) => expected.join(one) === actual);
    if (separator !== undefined)
      return `\`${text}\` is one text, not an array: take it apart with \`split(${text}, ${quoteValue(separator)})\``;
  }
  const isIn = expected.some((item) => isEqual(item, actual));
  return isIn ? `\`${text}\` is one of the expected items: test with \`${text} in …\`` : undefined;
}

function relateDate({ actual, expected }: Pair): string | undefined {
  if (actual instanceof DateValue === expected instanceof DateValue) return undefined;
  const other = actual instanceof DateValue ? expected : actual;
  return typeof other === 'string' ? 'time.Time is not string: convert the text with `date(…)`' : undefined;
}

/** `an array`, `a map`. */
function withArticle(type: string): string {
  return `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`;
}
