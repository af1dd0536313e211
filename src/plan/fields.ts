import type { Value } from '../expr/index.ts';
import { describeType } from '../expr/index.ts';
import type { MapNode, Node, SeqNode } from '../source/node.ts';
import { CODES, type Findings } from './findings.ts';
import type { Field } from './keys.ts';

/** The text of a field; a number or bool is taken as the text that was written. */
export function readText(field: Field | undefined, findings: Findings): string | undefined {
  if (!field) return undefined;
  if (field.value.kind === 'scalar') return field.value.text.text;
  tellWrong(field, 'text', findings);
  return undefined;
}

/** `true` or `false`; absent: the fallback. */
export function readBool(field: Field | undefined, fallback: boolean, findings: Findings): boolean {
  if (!field) return fallback;
  if (field.value.kind === 'scalar' && typeof field.value.value === 'boolean') return field.value.value;
  tellWrong(field, '`true` or `false`', findings);
  return fallback;
}

/** A list of texts, or one text as a list of one. */
export function readTexts(field: Field | undefined, findings: Findings): string[] {
  if (!field) return [];
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
  tellWrong(field, 'a map', findings);
  return undefined;
}

/** A list. */
export function readList(field: Field | undefined, findings: Findings): SeqNode | undefined {
  if (!field || field.value.kind === 'seq') return field?.value as SeqNode | undefined;
  tellWrong(field, 'a list', findings);
  return undefined;
}

/** `int 5`, `a map`, `a list`: an authored value in a message. */
export function describeNode(node: Node): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'seq') return 'a list';
  if (node.value === null) return 'nothing';
  const text = typeof node.value === 'string' ? JSON.stringify(node.value) : node.text.text;
  return `${describeType(node.value as Value)} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

function tellWrong(field: Field, expected: string, findings: Findings): void {
  const message = `\`${field.key.text.text}\`: expected ${expected}, got ${describeNode(field.value)}`;
  findings.error(CODES.wrongValue, message, field.value.span);
}
