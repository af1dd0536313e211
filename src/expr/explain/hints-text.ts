import { findInvisible, nameCharacter, stripInvisible } from '../values/invisible.ts';
import { foldWord } from '../values/nearest.ts';
import { compareNumerals, parseNumeral } from '../values/numeral.ts';
import { relateEncodings } from './hints-encoding.ts';
import { describeBlanks, relateLetters, relateUrls } from './hints-near.ts';
import { relateMoments } from './hints-time.ts';
import { quoteValue } from './quote-value.ts';

/** What two values that are not equal have to do with each other. */
export interface Relation {
  readonly hint: string;
  /** Whether one is only a part of the other, so that they may be two things; else they are one, but for its spelling. */
  readonly isPart: boolean;
}

/** What two texts that are not equal have to do with each other; `text` is how the actual one is written. */
export function relateTexts(actual: string, expected: string, text: string): Relation | undefined {
  for (const relate of relations) {
    const hint = relate(actual, expected, text);
    if (hint !== undefined) return { hint, isPart: relate === relateParts };
  }
  return undefined;
}

function relateBlanks(actual: string, expected: string, text: string): string | undefined {
  if (trimBlanks(actual) === trimBlanks(expected)) {
    const [side, longer] = actual.length >= expected.length ? ['the value', actual] : ['the expected value', expected];
    const isAtEnd = /[ \t\r\n]$/.test(longer);
    const edge = isAtEnd ? longer.slice(-1) : longer.charAt(0);
    const place = `${side} ${isAtEnd ? 'ends' : 'begins'} with ${nameCharacter(edge)}`;
    return `the texts differ only in spaces at one end: ${place}; ${side === 'the value' ? `compare \`trim(${text})\`` : 'remove it'}`;
  }
  const unify = (value: string) => value.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (unify(actual) === unify(expected)) {
    const isHere = actual.includes('\r');
    return `the texts differ only in line endings: ${isHere ? 'the value' : 'the expected value'} has CR LF (Windows), the other side LF`;
  }
  const squeeze = (value: string) => trimBlanks(value.replaceAll(/[ \t\r\n]+/g, ' '));
  return squeeze(actual) === squeeze(expected) ? describeBlanks(actual, expected) : undefined;
}

/** Without blanks as everybody knows them; others are reported by their name. */
function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && ' \t\r\n'.includes(text.charAt(from))) from++;
  while (to > from && ' \t\r\n'.includes(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

function relateCase(actual: string, expected: string, text: string): string | undefined {
  if (actual.toLowerCase() === expected.toLowerCase()) {
    return `the texts differ only in case: ${describeLowering(text, expected)}`;
  }
  const isSame = trimBlanks(actual).toLowerCase() === trimBlanks(expected).toLowerCase();
  return isSame ? 'the texts differ only in case and in spaces at one end' : undefined;
}

function describeLowering(text: string, expected: string): string {
  if (text.startsWith('lower(')) return '`lower(…)` has no capital letters: write the other side in small ones';
  if (text.startsWith('upper(')) return '`upper(…)` has no small letters: write the other side in capitals';
  const isLow = expected === expected.toLowerCase();
  return `compare \`lower(${text})\`${isLow ? '' : ', with the other side in small letters too'}`;
}

function relateLookAlikes(actual: string, expected: string): string | undefined {
  if (actual.normalize() === expected.normalize()) {
    const isComposed = actual === actual.normalize('NFC');
    const [here, there] = isComposed ? ['composed', 'decomposed'] : ['decomposed', 'composed'];
    return `the texts look alike but are composed of other characters: the value is ${here} Unicode (an accent and its letter are ${isComposed ? 'one character' : 'two'}), the other side ${there}`;
  }
  if (stripInvisible(actual).trim() === stripInvisible(expected).trim()) {
    const here = findInvisible(actual);
    const place = here === undefined ? `the expected value has ${findInvisible(expected)}` : `the value has ${here}`;
    return `the texts differ only in invisible characters: ${place}`;
  }
  if (foldLooks(actual) !== foldLooks(expected)) return undefined;
  const [a, b] = [[...actual], [...expected]];
  const at = a.findIndex((character, index) => character !== b[index]);
  return `the texts look alike, but character ${at + 1} is ${nameCharacter(a[at] ?? '')}, not ${nameCharacter(b[at] ?? '')}`;
}

/** Letters of other alphabets, quotes and dashes that look like ASCII. */
const lookAlikes = new Map(
  [
    ['АВЕКМНОРСТХавеорсухіјѕԁ', 'ABEKMHOPCTXaвeopcyxijsd'.replace('в', 'b')],
    ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο', 'ABEZHIKMNOPTYXo'],
    ['‘’ʼ′“”„″', '\'\'\'\'""""'],
    ['‐‑‒–—−', '------'],
  ].flatMap(([from = '', to = '']) => [...from].map((character, index) => [character, to.charAt(index)] as const)),
);

function foldLooks(text: string): string {
  const plain = text.length > 10_000 ? text : text.normalize('NFKC');
  return Array.from(plain, (character) => lookAlikes.get(character) ?? character).join('');
}

function relateNumerals(actual: string, expected: string, text: string): string | undefined {
  const [a, b] = [parseNumeral(actual), parseNumeral(expected)];
  if (a === undefined || b === undefined || compareNumerals(a, b) !== 0) return undefined;
  return `it is the same number, written differently: compare \`float(${text})\` with a number`;
}

function relateQuotes(actual: string, expected: string): string | undefined {
  const isQuoted = (whole: string, inner: string) => whole === `'${inner}'` || whole === `"${inner}"`;
  if (isQuoted(actual, expected)) return 'the value has extra quotes around the expected text';
  return isQuoted(expected, actual) ? 'the expected value has quotes within its quotes' : undefined;
}

function relateWords(actual: string, expected: string): string | undefined {
  if (foldWord(actual) === foldWord(expected)) return 'the texts differ only in case, `_`, `-` or spaces';
  const dropSlash = (value: string) => value.replace(/\/$/, '');
  return dropSlash(actual) === dropSlash(expected) ? 'the texts differ only in a `/` at the end' : undefined;
}

const shortestPart = 4;

function relateParts(actual: string, expected: string, text: string): string | undefined {
  if (expected.length >= shortestPart && actual.startsWith(expected)) {
    const rest = quoteValue(actual.slice(expected.length), 40);
    return `the value begins with the expected text and goes on with ${rest}: compare \`${text} startsWith …\` if that may be`;
  }
  if (actual.length >= shortestPart && expected.startsWith(actual)) {
    return `the value begins like the expected one, but ends after ${actual.length} of ${expected.length} characters: was it cut off?`;
  }
  if (expected.length >= shortestPart && actual.includes(expected)) {
    return `the value contains the expected text: compare \`${text} contains …\` if that is what you mean`;
  }
  return undefined;
}

/** The first that applies counts. */
const relations: readonly ((actual: string, expected: string, text: string) => string | undefined)[] = [
  relateBlanks,
  relateCase,
  relateLookAlikes,
  relateEncodings,
  relateMoments,
  relateNumerals,
  relateQuotes,
  relateWords,
  relateUrls,
  relateParts,
  relateLetters,
];
