import { normalize } from 'node:path/posix';
import { domainToASCII } from 'node:url';
import { SHORTEST_ALONE, SHORTEST_PART } from './secret-spellings.ts';

/** The forms of a secret that hold the same: without blanks around it, as a path, with letters put together otherwise, or left out. */
export function listForms(secret: string): readonly string[] {
  const path = normalize(secret.replaceAll('\\', '/'));
  const forms = [secret, secret.trim(), normalize(secret), path, secret.normalize('NFC'), secret.normalize('NFD')];
  const all = [...forms, ...listAscii(secret.normalize('NFC'))];
  return [...new Set(all.flatMap((text) => [text, text.replaceAll('\r\n', '\n')]))];
}

/** Longer ones are keys, which nobody types. */
const LONGEST_TYPED = 100;
const NOT_ASCII = /[^\0-\x7f]/gu;
const MARK = /\p{M}/gu;

/** What is left where only ASCII may stand: without other letters, or without their marks; no words, for these stand in other texts. */
function listAscii(text: string): readonly string[] {
  if (text.length > LONGEST_TYPED) return [];
  const left = [text.replaceAll(NOT_ASCII, ''), text.normalize('NFD').replaceAll(MARK, '')];
  return left.filter(
    (one) => one !== text && one.length >= SHORTEST_ALONE && /[A-Za-z].*\d|\d.*[A-Za-z]|[a-z][A-Z]/s.test(one),
  );
}

/** What others make of a text: addresses have hosts in small letters, and flows, databases and servers change letters (`upper`, `initcap`). */
export function listChanged(text: string): readonly string[] {
  return [...listCases(text), ...listAddresses(text), ...listNumbers(text)].filter((one) => one !== '');
}

function listCases(text: string): readonly string[] {
  const small = text.toLowerCase();
  const capital = text.toUpperCase();
  const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  const cases = [text, small, capital, capitalize(small), small.replaceAll(/[\p{L}\p{N}]+/gu, capitalize)];
  // What is of ASCII letters alone is the same by the ways below.
  if (capital.length === text.length && Buffer.byteLength(text) === text.length) return cases;
  return [
    ...cases,
    capital.toLowerCase(),
    changeEach(text, (letter) => letter.toLowerCase()),
    changeEach(text, (letter) => letter.toUpperCase()),
    text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
    text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
  ];
}

/** Letter by letter, as databases do: what would become two (`ß`) stays. */
function changeEach(text: string, change: (letter: string) => string): string {
  return Array.from(text, (letter) => {
    const changed = change(letter);
    return changed.length === letter.length ? changed : letter;
  }).join('');
}

/** With its host as a URL has it, where the text begins in one. */
function listAddresses(text: string): readonly string[] {
  const [, user = '', host = '', rest = ''] = /^([^/\\?#]*@)?([^/\\?#]*)(.*)$/s.exec(text) ?? [];
  return [host.toLowerCase(), domainToASCII(host)].map((name) => (name === '' ? '' : user + name + rest));
}

const SHORTEST_NUMBER = 6;
const GROUP_SIGNS = [',', '.', ' ', '\u00a0', '\u202f', '\u2009', "'", '\u2019', '_'];
/** Groups of three, and as in India the last of three and those before of two. */
const GROUPS = [/\B(?=(?:\d{3})+$)/g, /\B(?=(?:\d{2})*\d{3}$)/g];

/** A number as others write it: its digits in groups, and with an exponent. */
function listNumbers(text: string): readonly string[] {
  if (!/^\d{6,}$/.test(text)) return [];
  const number = text.replace(/^0+/, '');
  const grouped = [text, number]
    .filter((digits) => digits.length >= SHORTEST_NUMBER)
    .flatMap((digits) => GROUPS.flatMap((group) => GROUP_SIGNS.map((sign) => digits.replaceAll(group, sign))));
  return [...grouped, ...listExponents(number)];
}

/** `4.8151623`, and with its exponent where that says more; also to six places, as C and its like have it. */
function listExponents(number: string): readonly string[] {
  if (number.length < SHORTEST_NUMBER) return [];
  const rounded = Number(number).toExponential(SHORTEST_NUMBER).replace(/e.*/, '').replace('.', '');
  return [number, rounded].flatMap((all) => {
    const digits = all.replace(/0+$/, '');
    const fraction = `${digits.slice(0, 1)}.${digits.slice(1)}`;
    if (digits.length >= SHORTEST_NUMBER) return [fraction];
    const power = number.length - 1;
    const powers = [`${power}`, `+${power}`, `+${String(power).padStart(2, '0')}`];
    return digits.length < SHORTEST_PART ? [] : powers.flatMap((one) => [`${fraction}e${one}`, `${fraction}E${one}`]);
  });
}
