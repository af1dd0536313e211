/** How a parameter that a query does not use is written, where it stands there as drivers of other languages take it, or in quotes. */
export function suggestForParameter(query: string, name: string): string | undefined {
  const word = name.replace(/[^\w]/g, '\\$&');
  const [quoted] = new RegExp(`'%?:${word}%?'|":${word}"`).exec(query) ?? [];
  if (quoted !== undefined) return `what stands in quotes is a text: write \`${writePieces(quoted, `:${name}`)}\``;
  const [foreign] = new RegExp(`@${word}\\b|%\\(${word}\\)s|[#$:]?\\{${word}\\}|\\$${word}\\b`).exec(query) ?? [];
  return foreign && `write \`:${name}\` for \`${foreign}\``;
}

/** The same of parameters without names, none of which is used. */
export function suggestForPosition(query: string): string | undefined {
  const [quoted, sign] = /'%?(\$1|\?)%?'/.exec(query) ?? [];
  if (quoted !== undefined && sign !== undefined)
    return `what stands in quotes is a text: write \`${writePieces(quoted, sign)}\``;
  const [foreign] = /%[sd]\b|@p1\b|:1\b|\{\}|\{0\}/.exec(query) ?? [];
  return foreign && `write \`$1\` for \`${foreign}\``;
}

/** `'%:name%'` as `'%' || :name || '%'`. */
function writePieces(quoted: string, sign: string): string {
  const inner = quoted.slice(1, -1);
  const pieces = [inner.startsWith('%') ? "'%'" : '', sign, inner.endsWith('%') ? "'%'" : ''];
  return pieces.filter((piece) => piece !== '').join(' || ');
}
