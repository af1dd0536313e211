/** How a placeholder opens. */
export type Opener = '{{' | '${' | '<<';

const anglePattern = /<<[\p{L}_$][\p{L}\p{Nd}_$]*(?:\.[\p{L}\p{Nd}_$]+|\[-?\d+\]|\["[^"\\\n]*"\]|\['[^'\\\n]*'\])*>>/uy;
const fallbackPattern = /\$\{[ \t]*([\p{L}_][\p{L}\p{Nd}_$]*):(-?)/uy;

/** The opener that stands at the offset; `<<` is one only when a name or a path and `>>` follow. */
export function findOpener(text: string, offset: number): Opener | undefined {
  const code = text.charCodeAt(offset);
  if (code === 0x7b) return text.charCodeAt(offset + 1) === 0x7b ? '{{' : undefined;
  if (code === 0x24) return text.charCodeAt(offset + 1) === 0x7b ? '${' : undefined;
  if (code !== 0x3c || text.charCodeAt(offset + 1) !== 0x3c) return undefined;
  anglePattern.lastIndex = offset;
  return anglePattern.test(text) ? '<<' : undefined;
}

/** The opener that an escaping backslash would make literal; `<<` needs nothing behind it here. */
export function findEscapable(text: string, offset: number): Opener | undefined {
  return text.startsWith('<<', offset) ? '<<' : findOpener(text, offset);
}

/** A `${NAME:-fallback}` that opens at the offset: its name, its raw text, and where it ends. */
interface FallbackSyntax {
  name: string;
  nameOffset: number;
  text: string;
  end: number;
}

/** Reads `${NAME:-fallback}` or `${NAME:fallback}`; undefined when the text is no such placeholder or is not closed. */
export function readFallback(text: string, offset: number): FallbackSyntax | undefined {
  fallbackPattern.lastIndex = offset;
  const match = fallbackPattern.exec(text);
  if (match === null) return undefined;
  const start = fallbackPattern.lastIndex;
  const end = findBalancingBrace(text, start);
  if (end === undefined) return undefined;
  const name = match[1] ?? '';
  return { name, nameOffset: text.indexOf(name, offset + 2), text: text.slice(start, end), end: end + 1 };
}

function findBalancingBrace(text: string, start: number): number | undefined {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (character === '{') depth++;
    if (character === '}' && depth-- === 0) return i;
  }
  return undefined;
}

/** Rewrites a Postgres array literal in braces, such as `{{1,2},{3,4}}`, as an array constructor, when the text opens with one. */
export function suggestArray(text: string, offset: number): string | undefined {
  const end = findBalancingBrace(text, offset + 1);
  if (end === undefined || end - offset > 200) return undefined;
  const literal = text.slice(offset, end + 1);
  return /^\{(?:[\s{},.\d"A-Za-z_-])*\}$/.test(literal) && literal.includes(',')
    ? `ARRAY${literal.replaceAll('{', '[').replaceAll('}', ']')}`
    : undefined;
}
