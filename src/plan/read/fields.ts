import type { Value } from '../../expr/index.ts';
import { describeType } from '../../expr/index.ts';
import type { MapNode, Node, SeqNode } from '../../source/yaml/node.ts';
import { CODES, type Findings } from './findings.ts';
import type { Field } from './keys.ts';

/** The text of a field; a number or bool is taken as the text that was written. */
export function readText(field: Field | undefined, findings: Findings): string | undefined {
  if (!field) return undefined;
  if (field.value.kind === 'scalar') return field.value.text.text;
  reportWrong(field, 'text', findings);
  return undefined;
}

/** `true` or `false`; absent: the fallback. */
export function readBool(field: Field | undefined, fallback: boolean, findings: Findings): boolean {
  if (!field) return fallback;
  if (field.value.kind === 'scalar' && typeof field.value.value === 'boolean') return field.value.value;
  const { value } = field;
  const help = value.kind === 'scalar' ? helpWithBool(value.text.text) : undefined;
  reportWrong(field, '`true` or `false`', findings, help);
  return fallback;
}

/** A list of texts, or one text as a list of one. */
export function readTexts(field: Field | undefined, findings: Findings): string[] {
  if (!field) return [];
  if (field.value.kind === 'map') {
    reportWrong(field, 'a list of texts', findings, 'write `[one, two]`');
    return [];
  }
  const items = field.value.kind === 'seq' ? field.value.items : [field.value];
  const texts: string[] = [];
  for (const item of items) {
    if (item.kind === 'scalar') texts.push(item.text.text);
    else
      findings.error(
        CODES.wrongValue,
        `\`${field.key.text.text}\`: expected text, got ${describeNode(item)}`,
        item.span,
      );
  }
  return texts;
}

/** A mapping. */
export function readMap(field: Field | undefined, findings: Findings): MapNode | undefined {
  if (!field || field.value.kind === 'map') return field?.value as MapNode | undefined;
  reportWrong(
    field,
    'a map',
    findings,
    field.value.kind === 'seq' ? 'write `name: value` lines, without `- `' : undefined,
  );
  return undefined;
}

/** A list. */
export function readList(field: Field | undefined, findings: Findings): SeqNode | undefined {
  if (!field || field.value.kind === 'seq') return field?.value as SeqNode | undefined;
  reportWrong(field, 'a list', findings, `begin each item with \`- \`${showItem(field.value)}`);
  return undefined;
}

/** How the first line of a map is written as an item. */
function showItem(node: Node): string {
  const { file, start } = node.span;
  const line =
    node.kind === 'map' ? /^[\w-]+: [^\r\n]{1,40}(?=\r?\n|$)/.exec(file.text.slice(start, start + 80))?.[0] : undefined;
  return line === undefined ? '' : `: \`- ${line.trimEnd()}\``;
}

/** `int 5`, `a map`, `a list`: an authored value in a message. */
export function describeNode(node: Node): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'seq') return 'a list';
  if (node.value === null) return 'nothing';
  const text = typeof node.value === 'string' ? JSON.stringify(node.value) : node.text.text;
  return `${describeType(node.value as Value)} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

/** What to write instead of a word that other languages take for a bool. */
export function helpWithBool(text: string): string | undefined {
  if (/^(true|yes|on|y)$/i.test(text)) return 'write `true`, without quotes';
  return /^(false|no|off|n)$/i.test(text) ? 'write `false`, without quotes' : undefined;
}

function reportWrong(field: Field, expected: string, findings: Findings, help?: string): void {
  const message = `\`${field.key.text.text}\`: expected ${expected}, got ${describeNode(field.value)}`;
  findings.error(CODES.wrongValue, message, field.value.span, help === undefined ? [] : [help]);
}
