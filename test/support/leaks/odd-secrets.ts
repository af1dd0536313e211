/** Text of letters and digits that stands nowhere else; another for each seed. */
export function makeLetters(length: number, seed: number): string {
  let state = seed * 2_654_435_761 + 97;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    text += 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'.charAt((state >>> 8) % 57);
  }
  return text;
}

/** The pattern with letters in the place of each `#`, four at a time. */
function weave(pattern: string, seed: number): string {
  let count = 0;
  return pattern.replaceAll('#', () => makeLetters(4, seed * 100 + count++));
}

/** A pattern again and again, with other letters each time, until it is long. */
function weaveLong(pattern: string, length: number, seed: number): string {
  let text = '';
  for (let round = 0; text.length < length; round++) text += weave(pattern, seed * 1000 + round);
  return Array.from(text).slice(0, length).join('').toWellFormed();
}

/** Secrets of awkward spelling, by what is awkward about them. */
export const ODD_SECRETS: Readonly<Record<string, string>> = {
  plain: makeLetters(24, 1),
  'eight letters': makeLetters(8, 2),
  quote: weave("#'#'#", 3),
  'double quotes': weave('#"#"#', 4),
  'backtick and dollar': weave('#`#$#${#}', 5),
  brackets: weave('[#]{#}(#)<#>', 6),
  'open brackets': weave('{{#[#(#', 7),
  tilde: weave('#~#~#', 8),
  'percent signs': weave('#%#%41#%', 9),
  'an escaped URL': weave('#%40#%2F#', 10),
  plus: weave('#+#+#', 11),
  slashes: weave('/#/#//#', 12),
  backslashes: weave('#\\#\\\\#\\n#', 13),
  blanks: weave('# #  #', 14),
  'blanks around': ` ${weave('# #', 15)} `,
  'a line break': weave('#\n#\n#', 16),
  'CR LF and a tab': weave('#\r\n#\t#', 17),
  umlauts: weave('#äö#ß#é', 18),
  emoji: weave('#😀#👍🏽#', 19),
  'Japanese and Arabic': weave('#秘密#سر#', 20),
  'signs of HTML': weave('&#<#>#&amp;#;', 21),
  'signs of URLs': weave('#?#=#&#;#:@#,', 22),
  'signs of YAML': weave('- #: #, # !*|', 23),
  'signs of SQL': weave("#'; --#%_#:p $1 ?", 24),
  'signs of expressions': weave('#.*#+(#)|^#$', 25),
  // Not `id`: that of a topic is an `id` in the record, too, and begins with the same letter one time in sixteen.
  JSON: weave('{"qk":"#####"}', 26),
  '400 letters': makeLetters(400, 27),
  '400 signs': weaveLong(`#'"[]{}~%+/ #\\&<>?=;:@!`, 400, 28),
  '400 letters of many scripts': weaveLong('#ä 秘"😀\n', 400, 29),
  'a key on one line': `-----BEGIN PRIVATE KEY-----\\n${[34, 35].map((seed) => makeLetters(64, seed)).join('\\n')}\\n${makeLetters(12, 36)}\\n-----END PRIVATE KEY-----\\n`,
  'a key': `-----BEGIN PRIVATE KEY-----\n${[31, 32, 33].map((seed) => makeLetters(64, seed)).join('\n')}\n-----END PRIVATE KEY-----\n`,
};

/** In a quick run one, another one each day, and the one that is longest and oddest. */
const QUICK = [Object.keys(ODD_SECRETS)[new Date().getDate() % 31] ?? 'plain', '400 signs'];

/** Those that are tried in this run, by name. */
export const SAMPLE: readonly string[] =
  process.env['TESTMESH_FULL'] === '1' ? Object.keys(ODD_SECRETS) : [...new Set(QUICK)];
