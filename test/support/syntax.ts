import { parseAst } from 'vitest/node';

/** A node of a TypeScript syntax tree (ESTree): its type and, by name, its parts. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
}

/** Reads TypeScript as a tree. @throws when it is none */
export function parseTypeScript(text: string): SyntaxNode {
  return parseAst(text, { lang: 'ts' }) as unknown as SyntaxNode;
}

/** A node with all below it, but for types, which are gone when the program runs. */
export function* walkSyntax(node: SyntaxNode): Generator<SyntaxNode> {
  if (node.type.startsWith('TS') && !TYPED_VALUES.has(node.type)) return;
  yield node;
  for (const part of Object.values(node)) {
    for (const child of Array.isArray(part) ? part : [part]) if (isNode(child)) yield* walkSyntax(child);
  }
}

/** A value that a type stands beside. */
const TYPED_VALUES: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
]);

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
