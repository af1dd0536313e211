import type { Part } from './part.ts';

const SEPARATORS = [', ', ',', '; ', ';', '\n', '|'];

/** How a text is made a list where one is wanted: the items themselves, or the placeholder that takes the text apart. */
export function suggestList(value: unknown, part: Part): string | undefined {
  if (typeof value !== 'string') return undefined;
  const separator = SEPARATORS.find((sign) => value.includes(sign));
  if (part.kind !== 'template') {
    const isPlain = /^[\w .,;|-]+$/.test(value) && value.length < 100;
    return isPlain ? `write a list: \`[${value.split(separator ?? ',').join(', ')}]\`` : undefined;
  }
  const [, expression] = /^\s*\{\{\s*((?:(?!\}\}).)+?)\s*\}\}\s*$/s.exec(part.template.source) ?? [];
  if (expression === undefined) return undefined;
  if (/^\s*\[/.test(value)) return `it is a text: write \`'{{fromJSON(${expression})}}'\` if it holds JSON`;
  return separator === undefined
    ? `of one item write \`["{{${expression}}}"]\``
    : `take the text apart: \`'{{split(${expression}, ${JSON.stringify(separator)})}}'\``;
}
