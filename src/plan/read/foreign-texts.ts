import { type Expression, suggestLayout, type Template } from '../../expr/index.ts';
import type { Span, TextAt } from '../../model/source-file.ts';
import type { Node } from '../../source/yaml/node.ts';
import { findNearest } from '../../util/suggest.ts';
import { CODES, type Findings } from './findings.ts';

/** `${env:HOME}`, which reads as a name with a fallback; of `env`, in small letters, the fallback may well be meant: `${env:dev}`. */
const PREFIXED = /\$\{[ \t]*(?:(?:env|ENV):([A-Z_][A-Z0-9_]*)|(?:secrets?|vars?|sys):([A-Za-z_]\w*))[ \t]*\}/g;
const FORMAT = /\.Format\(\s*(["'])([^"'\\{}]*)\1\s*\)/g;

/** Warns of what other tools read as a variable or a date, and what is a text here. */
export function warnForeignTexts(compiled: Expression | Template, text: TextAt, findings: Findings): void {
  if (compiled.names.some(({ optional }) => optional)) {
    for (const { 0: written, 1: upper, 2: other, index } of text.text.matchAll(PREFIXED)) {
      const name = upper ?? other ?? '';
      const prefix = written.slice(2, written.indexOf(':')).trim();
      const message = `\`${written}\` is the text "${name}" where nothing is named \`${prefix}\``;
      findings.warn(CODES.foreignText, message, text.locate(index, written.length), [
        `write \`\${${name}}\`, or \`\${${prefix}:-${name}}\` where the text is meant`,
      ]);
    }
  }
  if (!text.text.includes('.Format(')) return;
  for (const { 0: written, 2: layout = '', index } of text.text.matchAll(FORMAT)) {
    const help = suggestLayout(layout);
    if (help === undefined) continue;
    const message = `\`${layout}\` is not a layout of a date: its letters come out as they are`;
    findings.warn(CODES.foreignText, message, text.locate(index, written.length), [help]);
  }
}

/** A variable as shells and other tools write it; the name stands in one of the groups. */
const UNREAD =
  /(?<![\w\\${%#])(?:\$\(?([A-Za-z_]\w*)\)?(?![\w$:])|[#%@]?\{([A-Za-z_]\w*)\}(?!\})|#\(([A-Za-z_]\w*)\)|%\(([A-Za-z_]\w*)\)s|%([A-Za-z_]\w*)%|\[\[([A-Za-z_]\w*)\]\]|\{%\s*([A-Za-z_]\w*)\s*%\}|(?<=\/):([A-Za-z_]\w*)(?=[/?#]|$))/g;
/** GraphQL, JSONPath and their like have signs of their own around names in small letters. */
const SHOUTED = /^[A-Z][A-Z0-9_]*$/;
/** Settings that hold patterns, in which such names have a meaning. */
const PATTERNS: ReadonlySet<string> = new Set(['path', 'pattern', 'routes', 'match', 'schema']);

/** Warns of a name of the flow that stands in a setting as other tools would fill it in: here it is sent as it stands. */
export function warnUnreadNames(node: Node, names: ReadonlySet<string>, findings: Findings, setting = ''): void {
  if (node.isRaw) return;
  if (node.kind === 'seq') for (const item of node.items) warnUnreadNames(item, names, findings, setting);
  if (node.kind === 'map') {
    for (const { key, value } of node.entries)
      if (!PATTERNS.has(key.text.text)) warnUnreadNames(value, names, findings, key.text.text);
  }
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return;
  for (const { name, written, at } of findUnread(node.text.text, names, setting === 'url'))
    warnUnread(name, written, node.text.locate(at, written.length), findings);
  if (setting === 'url') warnUnfilledSegments(node.text, names, findings);
  const block = BLOCK.exec(node.text.text);
  if (!block) return;
  findings.warn(
    CODES.foreignText,
    `\`${block[0]}\` is a text here: there are no blocks`,
    node.text.locate(block.index, block[0].length),
    [
      'write `{{condition ? "a" : "b"}}`, or give the step a `when`; where the text is meant, put `!raw` before the value',
    ],
  );
}

/** A block of Jinja or Liquid. */
const BLOCK = /\{%-?\s*(?:if|for|set|assign|include|unless)\s[^%\n]*%\}/;

const PLACEHOLDER = /\{\{.*?\}\}|<<.*?>>|\$\{[^}]*\}/gs;
/** A whole part of the path of an address: `{id}` or `:id`, as routes and other tools write what is to be filled in. */
const SEGMENT = /(?<=[^/]\/)(?:\{([A-Za-z_][\w.-]*)\}|:([A-Za-z_]\w*))(?=\/|$)/g;

/** Warns of parts of an address that look as if something filled them in, where the flow has nothing of the name. */
function warnUnfilledSegments(text: TextAt, names: ReadonlySet<string>, findings: Findings): void {
  const masked = text.text.replaceAll(PLACEHOLDER, (found) => 'x'.repeat(found.length));
  const path = /^[^?#]*/.exec(masked)?.[0].trimEnd() ?? '';
  for (const { 0: written, 1: braced, 2: name = braced ?? '', index } of path.matchAll(SEGMENT)) {
    if (names.has(name)) continue;
    const near = findNearest(name, [...names]);
    findings.warn(
      CODES.foreignText,
      `\`${written}\` is sent as it stands: no variable of the flow is named \`${name}\``,
      text.locate(index, written.length),
      [
        near === undefined ? 'write the value, or `{{name}}` of a variable' : `did you mean \`{{${near}}}\`?`,
        `where the text is meant, write \`${encodeURIComponent(written)}\``,
      ],
    );
  }
}

/** Warns of the same in the value of a variable. */
export function warnUnreadVariable(
  { name: own, authored, span }: { readonly name: string; readonly authored: unknown; readonly span: Span },
  names: ReadonlySet<string>,
  findings: Findings,
): void {
  if (typeof authored !== 'string') return;
  for (const { name, written } of findUnread(authored, names, false))
    if (name !== own) warnUnread(name, written, span, findings);
}

function warnUnread(name: string, written: string, span: Span, findings: Findings): void {
  const message = `\`${written}\` is a text here, though \`${name}\` is a variable`;
  findings.warn(CODES.foreignText, message, span, [
    `write \`{{${name}}}\`; where the text is meant, put \`!raw\` before the value`,
  ]);
}

function findUnread(
  text: string,
  names: ReadonlySet<string>,
  isAddress: boolean,
): readonly { readonly name: string; readonly written: string; readonly at: number }[] {
  if (!/[${%#[:]/.test(text)) return [];
  return [...text.matchAll(UNREAD)].flatMap((found) => {
    const { 0: written, index: at } = found;
    const name = found.slice(1).find((group) => group !== undefined) ?? '';
    const isMeant = isAddress ? !isMistaken(text, at) : SHOUTED.test(name) && !written.startsWith(':');
    return names.has(name) && isMeant ? [{ name, written, at }] : [];
  });
}

/** Whether an address begins so, which is a mistake that is told anyway. */
function isMistaken(text: string, at: number): boolean {
  return text.slice(0, at).trim() === '';
}
