import { compile } from '../../src/expr/index.ts';
import type { ExpressionAt } from '../../src/model/expression-at.ts';
import { createSourceFile } from '../../src/model/source-file.ts';

/** An expression as the plan would make it, at the start of a file of its own. */
export function createExpressionAt(source: string): ExpressionAt {
  const file = createSourceFile('flow.yaml', '/flow.yaml', source);
  const locate = (offset: number, length = 0) => ({ file, start: offset, end: offset + length });
  return { expression: compile(source), text: { text: source, span: locate(0, source.length), locate } };
}
