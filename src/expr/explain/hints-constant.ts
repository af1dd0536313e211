import type { Node } from '../syntax/ast.ts';
import { parse } from '../syntax/parser.ts';
import { isWritten } from './explain-difference.ts';

/** What is meant by a condition that is written out whole, such as a quoted one or a bare `200`; undefined when it is none. */
export function suggestForConstant(ast: Node, source: string): string | undefined {
  if (ast.kind === 'text' || (ast.kind === 'literal' && typeof ast.value === 'string')) {
    const inner = source.slice(ast.offset + 1, ast.offset + ast.length - 1);
    return isCondition(inner)
      ? `the quotes make it a text: write \`${inner}\` without them`
      : `it is a text: compare something with it, as in \`body.name == ${shorten(source)}\``;
  }
  if (!isWritten(ast) || (ast.kind === 'literal' && typeof ast.value === 'boolean')) return undefined;
  const [path, test] = ast.kind === 'list' ? ['status', 'in'] : ast.kind === 'map' ? ['body', '=='] : ['status', '=='];
  return `compare something with it, as in \`${path} ${test} ${shorten(source)}\``;
}

/** Whether a text says something when it is read as an expression: one that compares, tests or joins. */
function isCondition(text: string): boolean {
  try {
    const { kind } = parse(text, true);
    return ['binary', 'comparison', 'unary', 'call', 'conditional'].includes(kind);
  } catch {
    return false;
  }
}

function shorten(source: string): string {
  const text = source.trim();
  return text.length > 60 ? '…' : text;
}
