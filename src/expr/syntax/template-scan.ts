import type { Node } from './ast.ts';
import { checkLength } from './lexer.ts';
import { parsePlaceholderIn } from './parser.ts';
import { findEscapable, findOpener } from './placeholder-syntax.ts';

/** Takes a text apart into literal text, without its escapes, and the trees of its placeholders. */
export function scanTemplate(text: string): readonly (string | Node)[] {
  const parts: (string | Node)[] = [];
  let literal = '';
  let from = 0;
  let i = findCandidate(text, 0);
  while (i < text.length) {
    const backslashes = countBackslashes(text, i, from);
    const escaped = findEscapable(text, i);
    const isEscaped = backslashes % 2 === 1 && escaped !== undefined;
    const isOpen = !isEscaped && findOpener(text, i) !== undefined;
    if (isEscaped || isOpen) {
      literal += text.slice(from, i - backslashes) + '\\'.repeat(Math.floor(backslashes / 2));
    } else literal += text.slice(from, i + 1);
    if (isEscaped) literal += escaped;
    from = isEscaped ? i + 2 : i + 1;
    if (isOpen) {
      const { node, end } = parsePlaceholderIn(text, i);
      checkLength(end - i, i);
      if (literal !== '') parts.push(literal);
      parts.push(node);
      literal = '';
      from = end;
    }
    i = findCandidate(text, from);
  }
  literal += text.slice(from);
  return literal === '' && parts.length > 0 ? parts : [...parts, literal];
}

const candidatePattern = /\{\{|\$\{|<</g;

function findCandidate(text: string, from: number): number {
  candidatePattern.lastIndex = from;
  return candidatePattern.exec(text)?.index ?? text.length;
}

function countBackslashes(text: string, offset: number, from: number): number {
  let count = 0;
  while (offset - count > from && text.charCodeAt(offset - count - 1) === 0x5c) count++;
  return count;
}
