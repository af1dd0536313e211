import { quoteValue } from './quote-value.ts';

/** How two texts of the same words differ in the blanks between them. */
export function describeBlanks(actual: string, expected: string): string {
  const at = findParting(actual, expected);
  const [here, there] = [takeBlanks(actual, at), takeBlanks(expected, at)];
  const place = `at character ${countTo(actual, here.from)} the value has ${here.text}, the expected value has ${there.text}`;
  return `the texts differ only in spaces and line feeds: ${place}`;
}

/** Says of two texts that one has a letter more, or two letters swapped: what the eye passes over. */
export function relateLetters(actual: string, expected: string): string | undefined {
  const [shorter, longer] = actual.length < expected.length ? [actual, expected] : [expected, actual];
  if (shorter.length < minWord || longer.length > maxWord || longer.length - shorter.length > 1) return undefined;
  const at = findParting(actual, expected);
  const [a, b] = [longer.charAt(at), longer.charAt(at + 1)];
  if (longer.length > shorter.length) {
    if (!isLetter(a) || longer.slice(at + 1) !== shorter.slice(at)) return undefined;
    return `the texts differ in one letter: ${longer === actual ? 'the value' : 'the expected value'} has one more \`${a}\`, at character ${countTo(longer, at)}`;
  }
  const isSwapped = isLetter(a) && isLetter(b) && `${b}${a}${longer.slice(at + 2)}` === shorter.slice(at);
  return isSwapped
    ? `two letters are swapped, at character ${countTo(actual, at)}: the value has \`${actual.slice(at, at + 2)}\``
    : undefined;
}

/** How two addresses differ that lead to the same place, or all but. */
export function relateUrls(actual: string, expected: string): string | undefined {
  if (Math.max(actual.length, expected.length) > maxUrl || !/^https?:/.test(actual)) return undefined;
  if (!URL.canParse(actual) || !URL.canParse(expected)) return undefined;
  const [a, b] = [new URL(actual), new URL(expected)];
  const sort = (url: URL) => {
    const sorted = new URL(url);
    sorted.searchParams.sort();
    return sorted.href;
  };
  if (a.href === b.href) return 'it is the same address, written differently';
  if (sort(a) === sort(b)) return 'it is the same address, with its parameters in a different order';
  const parts = (['protocol', 'host', 'pathname', 'search', 'hash'] as const).filter((part) => a[part] !== b[part]);
  const [part] = parts;
  if (part === undefined || parts.length > 1) return undefined;
  const write = (url: URL) => quoteValue(url[part], 80);
  return `the addresses differ only in the ${partNames[part]}: got ${write(a)}, not ${write(b)}`;
}

const minWord = 6;
const maxWord = 60;
const maxUrl = 2000;
const partNames = { protocol: 'protocol', host: 'host', pathname: 'path', search: 'parameters', hash: 'fragment' };

function findParting(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

/** The number of the character that begins at a place of a text, from 1. */
function countTo(text: string, at: number): number {
  return [...text.slice(0, at)].length + 1;
}

/** The blanks around a place of a text, and where they begin. */
function takeBlanks(text: string, at: number): { from: number; text: string } {
  const isBlank = (index: number) => /[ \t\r\n]/.test(text.charAt(index));
  let [from, to] = [at, at];
  while (isBlank(from - 1)) from--;
  while (isBlank(to)) to++;
  return { from, text: from === to ? 'none' : quoteValue(text.slice(from, to), 40) };
}

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character);
}
