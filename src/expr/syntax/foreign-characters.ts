import { nameCharacter } from '../values/invisible.ts';

const characters: { readonly [character: string]: string } = {
  '“': '"',
  '”': '"',
  '„': '"',
  '‟': '"',
  '«': '"',
  '»': '"',
  '‹': "'",
  '›': "'",
  '‘': "'",
  '’': "'",
  '‚': "'",
  '´': "'",
  '≠': '!=',
  '≤': '<=',
  '≥': '>=',
  '≦': '<=',
  '≧': '>=',
  '⩽': '<=',
  '⩾': '>=',
  '≡': '==',
  '≈': 'approx(a, b, 0.01)',
  '×': '*',
  '·': '*',
  '⋅': '*',
  '÷': '/',
  '∕': '/',
  '−': '-',
  '–': '-',
  '—': '-',
  '‐': '-',
  '‑': '-',
  '∧': 'and',
  '∨': 'or',
  '¬': 'not',
  '∈': 'in',
  '∉': 'not in',
  '→': '#',
  '⇒': '#',
  '…': '..',
};

/** How a character is written that is no part of the language. */
export function suggestForCharacter(character: string): string | undefined {
  if (character === '@') return 'an item is `#` within a predicate: `filter(list, #.price > 10)`';
  if (character === '~') return 'a regular expression is tested with `matches`';
  if (character === '\\') return 'a quote needs no backslash here';
  const known = characters[character] ?? character.normalize('NFKC');
  if (known === '#') return 'an item is `#` within a predicate, without an arrow: `map(list, #.name)`';
  if (known === '"' || known === "'") return `write a straight quote: \`${known}\``;
  if (known !== character && /^[\x20-\x7e]+$/.test(known)) return `write \`${known}\``;
  return /[\p{Cf}\p{Cc}\p{Z}]/u.test(character) ? `${nameCharacter(character)} is here: remove it` : undefined;
}
