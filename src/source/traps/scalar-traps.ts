import { isScalar, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { describeNumberLoss } from '../scalars/plain-value.ts';
import { findOpenQuote, hasOpenBracket, isUnfinished } from './quote.ts';
import type { Trap } from './trap.ts';

export type { Trap } from './trap.ts';

const CORE_TAGS = new Set([
  '!',
  '!raw',
  ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
]);

/** A tag that YAML made of text: `- !body.x`. */
export function findTagTrap(text: string, node: ParsedNode): Trap | undefined {
  if (node.tag === undefined || CORE_TAGS.has(node.tag)) return undefined;
  const tag = findProperty(text, node.range[0], '!');
  if (!tag) return undefined;
  const end = isScalar(node) ? Math.max(tag.end, node.range[1]) : tag.end;
  const message = isScalar(node)
    ? `\`${tag.source}\` is a YAML tag, so it is not part of the value`
    : `\`${tag.source}\` is a YAML tag that means nothing here; only \`!raw\` does`;
  return { code: 'TM011', message, start: tag.start, end };
}

/** An anchor that YAML made of text: `password: &secret`, `&a;b`. */
export function findAnchorTrap(text: string, node: Scalar.Parsed): Trap | undefined {
  if (node.anchor === undefined) return undefined;
  const isEmpty = node.srcToken === undefined;
  if (!isEmpty && /^[\w.-]+$/.test(node.anchor)) return undefined;
  const anchor = findProperty(text, node.range[0], '&');
  if (!anchor) return undefined;
  const message = `\`${anchor.source}\` is a YAML anchor, so it is not part of the value`;
  return { code: 'TM017', message, start: anchor.start, end: Math.max(anchor.end, node.range[1]) };
}

/** A plain scalar that lost its end to a comment, or digits to being a number. */
export function findPlainTrap(text: string, node: Scalar.Parsed, source: string): Trap | undefined {
  const [start, end] = node.range;
  const loss = node.tag === undefined ? describeNumberLoss(source) : undefined;
  if (loss) return { code: 'TM014', ...loss, start, end };
  if (!isUnfinished(source)) return undefined;
  const quote = findOpenQuote(source);
  const isOpen = quote !== undefined || hasOpenBracket(source);
  const comment = /^[ \t]+#[^\r\n]*/.exec(text.slice(end, end + 2000))?.[0];
  if (comment === undefined || (isOpen && !closes(comment, quote))) return undefined;
  const opened = isOpen ? `${describeOpen(quote)} is open` : 'a comparison has no right side';
  const message = `${opened} where \` #\` begins a YAML comment, so \`${comment.trim()}\` is not part of the value`;
  return { code: 'TM012', message, start, end: end + comment.trimEnd().length };
}

function closes(comment: string, quote: string | undefined): boolean {
  return quote === undefined ? /[)\]}]/.test(comment) : comment.includes(quote);
}

/** A line of an unquoted text that looks like a list item: it stands further in than the list that it was meant for. */
export function findJoinedItem(
  text: string,
  node: Scalar.Parsed,
): { readonly start: number; readonly end: number } | undefined {
  const [from, to] = node.range;
  const match = /\n[ \t]*(-[ \t][^\r\n]*)/.exec(text.slice(from, to));
  if (!match?.[1]) return undefined;
  const start = from + match.index + match[0].length - match[1].length;
  return { start, end: start + match[1].trimEnd().length };
}

/** Whether a flow collection is a placeholder without quotes: `user_id: {{x}}`. */
export function isPlaceholderMap(text: string, node: YAMLMap.Parsed | YAMLSeq.Parsed): boolean {
  return node.flow === true && text.startsWith('{{', node.range[0]);
}

function describeOpen(quote: string | undefined): string {
  if (quote === undefined) return 'a bracket';
  return quote === '"' ? 'a double quote' : 'a single quote';
}

/** The tag or anchor right before a node. */
function findProperty(text: string, nodeStart: number, mark: '!' | '&') {
  const from = Math.max(0, nodeStart - 300);
  const pattern = mark === '!' ? /(?:^|[\s,[{])(!\S*)(?:\s+&\S+)?\s*$/ : /(?:^|[\s,[{])(&\S*)(?:\s+!\S*)?\s*$/;
  const match = pattern.exec(text.slice(from, nodeStart));
  const source = match?.[1];
  if (!match || source === undefined) return undefined;
  const start = from + match.index + match[0].indexOf(source);
  return { start, end: start + source.length, source };
}
