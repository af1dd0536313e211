import { isList, isMap, type Value } from '../../expr/index.ts';
import type { Part } from './part.ts';

const SEPARATORS = [', ', ',', '; ', ';', '\n', '|'];

/** How a text is made a list where one is wanted: the items themselves, or the placeholder that takes the text apart. */
export function suggestList(value: unknown, part: Part): string | undefined {
  if (typeof value !== 'string') return suggestItems(value, part);
  const separator = SEPARATORS.find((sign) => value.includes(sign));
  if (part.kind !== 'template') {
    if (/^\s*[\w.]+?\s*\.\.\s*[\w.]+\s*$/.test(value)) return `a range is an expression: \`"{{${value.trim()}}}"\``;
    const isPlain = /^[\w .,;|-]+$/.test(value) && value.length < 100;
    if (/^[A-Za-z_][\w.]*$/.test(value))
      return `the list of that name is \`'{{${value}}}'\`, and one of this text \`[${value}]\``;
    return isPlain ? `write a list: \`[${value.split(separator ?? ',').join(', ')}]\`` : undefined;
  }
  const expression = readOnly(part);
  if (expression === undefined) return undefined;
  if (/^\s*\[/.test(value)) return `it is a text: write \`'{{fromJSON(${expression})}}'\` if it holds JSON`;
  return separator === undefined
    ? `of one item write \`["{{${expression}}}"]\``
    : `take the text apart: \`'{{split(${expression}, ${JSON.stringify(separator)})}}'\``;
}

/** The lists in a map that was given in their place, or its values. */
function suggestItems(value: unknown, part: Part): string | undefined {
  const expression = part.kind === 'template' ? readOnly(part) : undefined;
  if (expression === undefined || typeof value !== 'object' || value === null || !isMap(value as Value))
    return undefined;
  const lists = Object.entries(value).filter(([key, item]) => /^[A-Za-z_]\w*$/.test(key) && isList(item));
  if (!/^[\w.]+$/.test(expression) || lists.length === 0) return `its values are \`'{{values(${expression})}}'\``;
  const written = lists.slice(0, 5).map(([key]) => `\`'{{${expression}.${key}}}'\``);
  return written.length === 1 ? `its list is ${written[0]}` : `its lists are ${written.join(', ')}`;
}

/** The expression of a text that is one placeholder. */
function readOnly({ template }: Part & { kind: 'template' }): string | undefined {
  return /^\s*\{\{\s*((?:(?!\}\}).)+?)\s*\}\}\s*$/s.exec(template.source)?.[1];
}
