import { type CompileOptions, compileNode } from './compile/compile.ts';
import { collectUses, type NameUse } from './compile/free-names.ts';
import { insertValue } from './compile/insert.ts';
import { isPureCall } from './compile/parts.ts';
import { type Env, Frame, type Host, type Thunk } from './evaluate/frame.ts';
import { type Explanation, explainNode } from './explain/explain.ts';
import type { Node } from './syntax/ast.ts';
import { scanTemplate } from './syntax/template-scan.ts';
import { createBudgetError, placeError } from './values/error.ts';
import { LIMITS } from './values/limits.ts';
import type { Value } from './values/value.ts';

/** A text with placeholders; offsets count UTF-16 units of the text. */
export interface Template {
  readonly source: string;
  /** Whether there is no placeholder in it. */
  readonly isLiteral: boolean;
  /** The text without its escapes, when it is literal. */
  readonly literal?: string;
  readonly names: readonly NameUse[];
  readonly calls: readonly string[];
  /** Gives the value of a placeholder that stands alone, else text; throws `ExprError` with the place in the text. */
  render(env: Env, host?: Host): Value;
  /** The same as far as the names are known: a placeholder that reads another, or whose functions give something else each time, stays as `{{ }}`. */
  renderKnown(env: Env, host?: Host): Value;
  /** Evaluates once more what `render` could not, with the values of its parts; undefined when that may give something else. */
  explain(env: Env, host?: Host): Explanation | undefined;
}

/** Compiles a text with `{{ expr }}`, `${ expr }`, `<<path>>` and `${NAME:-fallback}`; throws `ExprError` for a bad one. */
export function compileTemplate(text: string, options: CompileOptions = {}): Template {
  const parts = scanTemplate(text);
  if (parts.every((part) => typeof part === 'string')) return createLiteral(text, parts.join(''));
  const compiled = parts.map((part) =>
    typeof part === 'string' ? part : { node: part, run: compileNode(text, part, options, false) },
  );
  const nodes = parts.filter((part) => typeof part !== 'string');
  const uses = nodes.map(collectUses);
  return {
    source: text,
    isLiteral: false,
    names: uses.flatMap((use) => use.names),
    calls: [...new Set(uses.flatMap((use) => use.calls))],
    render: createRenderer(text, compiled, options),
    renderKnown: createKnownRenderer(text, compiled, options),
    explain: createExplainer(text, nodes, options),
  };
}

function createLiteral(source: string, literal: string): Template {
  return {
    source,
    isLiteral: true,
    literal,
    names: [],
    calls: [],
    render: () => literal,
    renderKnown: () => literal,
    explain: explainNothing,
  };
}

function explainNothing(): undefined {
  return undefined;
}

interface CompiledNode {
  node: Node;
  run: Thunk;
}

type CompiledPart = string | CompiledNode;

function createRenderer(source: string, parts: readonly CompiledPart[], options: CompileOptions): Template['render'] {
  const [first] = parts;
  if (first !== undefined && typeof first !== 'string' && parts.length === 1) {
    return (env, host) => runPart(first, env, host);
  }
  return (env, host) => {
    // Asked for only where a value is missing.
    const read = (node: Node) => compileNode(source, node, options, false)(new Frame(env, host));
    let text = '';
    for (const part of parts) {
      text +=
        typeof part === 'string' ? part : insertValue(runPart(part, env, host), { node: part.node, source, read });
      if (text.length > LIMITS.renderedLength) {
        throw placeError(
          createBudgetError(`the text gets longer than ${LIMITS.renderedLength} characters`),
          0,
          source.length,
        );
      }
    }
    return text;
  };
}

function createKnownRenderer(
  source: string,
  parts: readonly CompiledPart[],
  options: CompileOptions,
): Template['renderKnown'] {
  const isKnown = ({ node }: CompiledNode, env: Env): boolean => {
    const { names, calls } = collectUses(node);
    return names.every(({ name }) => env.get(name) !== undefined) && calls.every((name) => isPureCall(name, options));
  };
  return (env, host) => {
    const [first] = parts;
    const isAlone = parts.length === 1;
    const rendered = parts.map((part): Value => {
      if (typeof part === 'string') return part;
      const { node } = part;
      const asWritten = isAlone ? source : `{{${source.slice(node.offset, node.offset + node.length)}}}`;
      if (!isKnown(part, env)) return asWritten;
      try {
        const value = runPart(part, env, host);
        return isAlone ? value : insertValue(value, { node, source });
      } catch {
        return asWritten;
      }
    });
    return isAlone && typeof first !== 'string' ? (rendered[0] ?? null) : rendered.join('');
  };
}

function createExplainer(source: string, nodes: readonly Node[], options: CompileOptions): Template['explain'] {
  return (env, host) => {
    const { functions = new Map() } = options;
    for (const ast of nodes) {
      if (!collectUses(ast).calls.every((name) => isPureCall(name, options))) return undefined;
      const run = compileNode(source, ast, options, true);
      const explanation = explainNode({ source, ast, run, env, host, functions });
      if (explanation.error) return explanation;
    }
    return undefined;
  };
}

function runPart(part: CompiledNode, env: Env, host: Host | undefined): Value {
  try {
    return part.run(new Frame(env, host));
  } catch (error) {
    throw placeError(error, part.node.offset, part.node.length);
  }
}
