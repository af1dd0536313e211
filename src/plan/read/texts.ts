import type { Expression, Node as ExprNode, FunctionDef, NameUse, ReachedKey, Template } from '../../expr/index.ts';
import { compile, compileTemplate, ExprError, listChildren } from '../../expr/index.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';
import type { NameRef } from '../../model/plan.ts';
import type { TextAt } from '../../model/source-file.ts';
import type { Node } from '../../source/yaml/node.ts';
import { describeNode } from './fields.ts';
import { CODES, type Findings } from './findings.ts';
import { warnForeignTexts } from './foreign-texts.ts';

/** What compiling the texts of one file needs: the functions that flows have, and where findings go. */
export interface TextContext {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly findings: Findings;
  /** Takes names that are read where there may be none: those with a fallback. */
  readonly usedNames?: Set<string> | undefined;
}

/** What was compiled already: it knows only its own text, so steps with the same text (`status == 200`) share it. */
interface Compiled {
  readonly expressions: Map<string, Expression>;
  readonly templates: Map<string, Template>;
}

const compiledByFunctions = new WeakMap<TextContext['functions'], Compiled>();

/** Compiles the expression that a scalar holds; undefined when it is none (the finding is reported). */
export function compileExpressionNode(
  node: Node,
  what: string,
  context: TextContext,
  asText?: string,
): ExpressionAt | undefined {
  if (node.kind === 'scalar' && (typeof node.value === 'string' || typeof node.value === 'boolean')) {
    const compiled = compileExpressionText(node.text, context, asText);
    if (compiled) reportDropped(compiled.expression.ast, node.text, context.findings);
    return compiled;
  }
  const message = `expected ${what} (an expression as text), got ${describeNode(node)}`;
  const help = ['for example `status == 200`'];
  context.findings.error(CODES.wrongValue, message, node.span, help);
  return undefined;
}

/** Of `a == 1; b == 2` only the last part counts: what stands before it is judged by nobody. */
export function reportDropped(ast: ExprNode, text: TextAt, findings: Findings): void {
  if (!text.text.includes(';')) return;
  if (ast.kind === 'sequence') {
    for (const dropped of ast.items.slice(0, -1)) {
      const written = text.text.slice(dropped.offset, dropped.offset + dropped.length);
      const message = `only what follows the last \`;\` counts: \`${shorten(written)}\` is ignored`;
      findings.error(CODES.expression, message, text.locate(dropped.offset, dropped.length), [
        'join the parts with `and`, or write each as an expression of its own',
      ]);
    }
  }
  for (const child of listChildren(ast)) reportDropped(child, text, findings);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Compiles an expression at its place; `asText`: how it is written where it is meant as a text. */
export function compileExpressionText(text: TextAt, context: TextContext, asText?: string): ExpressionAt | undefined {
  const { functions, findings } = context;
  const expression = attempt(
    CODES.expression,
    text,
    findings,
    () =>
      takeOrMake(listCompiled(functions).expressions, text.text, (source) =>
        compile(source, { functions, placeholders: true }),
      ),
    asText,
  );
  if (expression) noteFallbacks(expression, text, context);
  return expression && { expression, text };
}

/** Compiles a text with placeholders at its place. */
export function compileTemplateText(text: TextAt, context: TextContext): Template | undefined {
  const { functions, findings } = context;
  const template = attempt(CODES.placeholder, text, findings, () =>
    takeOrMake(listCompiled(functions).templates, text.text, (source) => compileTemplate(source, { functions })),
  );
  if (template && !template.isLiteral) noteFallbacks(template, text, context);
  return template;
}

function noteFallbacks(compiled: Expression | Template, text: TextAt, { findings, usedNames }: TextContext): void {
  for (const { name, optional } of compiled.names) if (optional) usedNames?.add(name);
  warnForeignTexts(compiled, text, findings);
}

/** The names that a compiled text reads, at their places, but for those that stand there besides the flow's. */
export function findNameRefs(
  compiled: Expression | Template,
  text: TextAt,
  where: NameRef['where'],
  besides: ReadonlySet<string> = new Set(),
): NameRef[] {
  const refs: NameRef[] = [];
  for (const use of compiled.names) {
    if (besides.has(use.name) || use.optional) continue;
    const { name, path, meant } = use;
    const span = text.locate(use.offset, use.length);
    refs.push({ name, path, span, where, besides, ...(meant && { meant }), ...locateReached(use, text) });
  }
  return refs;
}

/** What is read where the value of a name goes on, at its places. */
export function locateReached({ reached }: NameUse, text: TextAt): Pick<NameRef, 'reached'> {
  if (!reached) return {};
  const locate = ({ key, offset, length }: ReachedKey) => ({ key, span: text.locate(offset, length) });
  return { reached: reached.map((keys) => keys.map(locate)) };
}

function attempt<T>(
  code: string,
  text: TextAt,
  findings: Findings,
  compileText: () => T,
  help?: string,
): T | undefined {
  try {
    return compileText();
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    findings.expressionError(code, error, text, help === undefined ? undefined : [help]);
    return undefined;
  }
}

function listCompiled(functions: TextContext['functions']): Compiled {
  const compiled = compiledByFunctions.get(functions) ?? { expressions: new Map(), templates: new Map() };
  compiledByFunctions.set(functions, compiled);
  return compiled;
}

function takeOrMake<T>(made: Map<string, T>, text: string, make: (text: string) => T): T {
  const found = made.get(text) ?? make(text);
  made.set(text, found);
  return found;
}
