/** Characters that show nothing, or a blank, or turn the reading direction; ordinary blanks and joined emoji aside. */
const invisible =
  /(?!\u200d\p{Extended_Pictographic})[\p{Cf}\p{Cc}\p{Zl}\p{Zp}]|(?! )\p{Zs}|[\u115f\u1160\u3164\uffa0]/gu;

const names: { readonly [code: number]: string } = {
  9: 'a tab',
  10: 'a line feed',
  13: 'a carriage return',
  32: 'a space',
  160: 'a no-break space',
  173: 'a soft hyphen',
  8203: 'a zero-width space',
  8204: 'a zero-width non-joiner',
  8205: 'a zero-width joiner',
  8206: 'a left-to-right mark',
  8207: 'a right-to-left mark',
  8239: 'a narrow no-break space',
  8288: 'a word joiner',
  65279: 'a byte order mark',
};

const escapes: { readonly [character: string]: string } = { '\r': '\\r', '\n': '\\n', '\t': '\\t' };

/** Makes visible what shows nothing: `\u200b`; for texts that are quoted otherwise already. */
export function showInvisible(text: string): string {
  return /^[\x20-\x7e]*$/.test(text)
    ? text
    : text.replace(
        invisible,
        (character) => escapes[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
      );
}

/** The text without characters that show nothing, with ordinary blanks in place of others. */
export function stripInvisible(text: string): string {
  return text.replace(invisible, (character) => (/\p{Zs}|\t/u.test(character) ? ' ' : ''));
}

/** Names the first character that shows nothing, and its place: `a zero-width space (U+200B) at character 4`. */
export function findInvisible(text: string): string | undefined {
  invisible.lastIndex = 0;
  const match = new RegExp(invisible, 'u').exec(text);
  return match === null
    ? undefined
    : `${nameCharacter(match[0])} at character ${[...text.slice(0, match.index)].length + 1}`;
}

/** `a no-break space (U+00A0)`, `` `а` (U+0430) ``. */
export function nameCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return `${names[code] ?? (new RegExp(invisible, 'u').test(character) ? 'an invisible character' : `\`${character}\``)} (${point})`;
}
