import { normalize } from 'node:path/posix';
import { domainToASCII } from 'node:url';

/** The forms of a secret that hold the same: without blanks around it, as a path, with letters put together otherwise. */
export function listForms(secret: string): readonly string[] {
  const path = normalize(secret.replaceAll('\\', '/'));
  const forms = [secret, secret.trim(), normalize(secret), path, secret.normalize('NFC'), secret.normalize('NFD')];
  return [...new Set(forms.flatMap((text) => [text, text.replaceAll('\r\n', '\n')]))];
}

/** What others make of a text: addresses have hosts in small letters, and flows, databases and servers change letters (`upper`, `initcap`). */
export function listChanged(text: string): readonly string[] {
  return [...listCases(text), ...listAddresses(text)].filter((one) => one !== '');
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
