import { CaptureError } from '../../capture/capture-error.ts';
import { compilePath } from '../../capture/path.ts';
import { compileRegexCapture } from '../../capture/regex.ts';
import type { Env, Host, Value } from '../../expr/index.ts';
import { Budget, compile, ExprError, isOverBudget } from '../../expr/index.ts';
import type { CapturePlan, NameRef } from '../../model/plan.ts';
import type { TextAt } from '../../model/source-file.ts';
import type { MapNode, Node } from '../../source/yaml/node.ts';
import { findEntry, toData } from '../../source/yaml/node.ts';
import { explainOtherCapture, NO_XPATH } from '../foreign/settings.ts';
import { describeNode, readBool } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { type KeyTable, type Meaning, readFields } from '../read/keys.ts';
import { findNameRefs, locateReached, reportDropped, type TextContext } from '../read/texts.ts';
import { checkVariableName } from '../read/variable-name.ts';

const CAPTURE_KEYS: KeyTable = { path: 'needed', regex: true, from: true, default: true, secret: true };
const REGEX_KEYS: KeyTable = { ...CAPTURE_KEYS, path: true };
interface CaptureContext extends TextContext {
  /** The names that the result gives. */
  readonly resultNames: ReadonlySet<string>;
  readonly refs: NameRef[];
}

type Extract = CapturePlan['extract'];
type Source = Pick<CapturePlan, 'extract' | 'isList' | 'reads'>;

/** Compiles an `output:` map: variable ← path, expression, or the long form. */
export function planCaptures(map: MapNode | undefined, context: CaptureContext): CapturePlan[] {
  const captures: CapturePlan[] = [];
  for (const { key, value } of map?.entries ?? []) {
    if (!checkVariableName(key, context.findings)) continue;
    captures.push({ name: key.text.text, span: key.span, ...(planCapture(value, context) ?? createBroken(key.text)) });
  }
  return captures;
}

/** Stands for a capture whose mistake is reported, so that the uses of its variable are none. */
function createBroken(text: TextAt): Omit<CapturePlan, 'name' | 'span'> {
  return { text, secret: false, extract: () => null };
}

function planCapture(node: Node, context: CaptureContext): Omit<CapturePlan, 'name' | 'span'> | undefined {
  if (node.kind === 'map') return planLongCapture(node, context);
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const source = compileSource(node.text, context);
    return source && { text: node.text, secret: false, from: findOrigin(node.text, context), ...source };
  }
  const help = node.kind === 'scalar' && node.value !== null ? ['a fixed value belongs in `env:`'] : [];
  const message = `expected a path such as \`$.body.id\` or an expression, got ${describeNode(node)}`;
  context.findings.error(CODES.wrongValue, message, node.span, help);
  return undefined;
}

function planLongCapture(node: MapNode, context: CaptureContext): Omit<CapturePlan, 'name' | 'span'> | undefined {
  const { findings } = context;
  const explain = (word: string): Meaning | undefined => {
    const value = findEntry(node, word)?.value;
    return explainOtherCapture(word, value?.kind === 'scalar' ? value.text.text : '');
  };
  const table = findEntry(node, 'regex') ? REGEX_KEYS : CAPTURE_KEYS;
  const fields = readFields(node, { table, what: 'a capture', explain }, findings);
  const source = fields.get('regex') ?? fields.get('path');
  if (source?.value.kind !== 'scalar') {
    if (fields.misspelt.has('path') || fields.misspelt.has('regex')) return undefined;
    findings.error(CODES.missingKey, 'a capture needs `path` or `regex`', node.span, [
      'for example `{path: $.body.id, default: ""}`',
    ]);
    return undefined;
  }
  const text = source.value.text;
  const compiled = fields.has('regex')
    ? compileRegex(text, fields.get('from')?.value, context)
    : compileSource(text, context);
  if (!compiled) return undefined;
  const { extract, isList, reads } = compiled;
  const fallback = node.entries.find((entry) => entry.key.text.text === 'default');
  const origin = fields.has('regex') ? 'result' : findOrigin(text, context);
  return {
    text,
    secret: readBool(fields.get('secret'), false, findings),
    from: fallback || fields.has('from') ? undefined : origin,
    isList: isList && !fallback,
    reads: reads ?? (fallback && !fields.has('regex') ? readPath(text, context) : undefined),
    extract: fallback ? withDefault(extract, toData(fallback.value)) : extract,
  };
}

function findOrigin({ text }: TextAt, { resultNames }: CaptureContext): CapturePlan['from'] {
  return asPath(text, resultNames) === undefined ? 'names' : 'result';
}

function compileSource(text: TextAt, context: CaptureContext): Source | undefined {
  const path = asPath(text.text, context.resultNames);
  if (/^\.{1,2}\w/.test(text.text)) {
    const help = [`write \`$${text.text}\``];
    context.findings.error(CODES.path, 'a path begins with `$`', text.locate(0, text.text.length), help);
    return undefined;
  }
  if (/^\s*\/\//.test(text.text)) {
    context.findings.error(CODES.path, 'an XPath is no path here', text.locate(0, text.text.length), [NO_XPATH]);
    return undefined;
  }
  try {
    if (path !== undefined) {
      const compiled = compilePath(path, { functions: context.functions });
      if (path === text.text) context.refs.push(...refsOf(compiled.names, text, context));
      return { extract: (result, env, host) => compiled.find(result, env, host), isList: !compiled.isDefinite };
    }
    const expression = compile(text.text, { functions: context.functions, placeholders: true });
    reportDropped(expression.ast, text, context.findings);
    context.refs.push(...findNameRefs(expression, text, 'output', context.resultNames));
    return {
      extract: (_result, env, host) => evaluateCapture(() => expression.evaluate(env, host), text.text),
      reads: expression,
    };
  } catch (error) {
    reportMistake(error, text.text.startsWith('$') ? CODES.path : CODES.expression, text, context.findings);
    return undefined;
  }
}

/** The expression that reads the same as a path of names and positions; undefined for any other. */
function readPath({ text }: TextAt, { resultNames, functions }: CaptureContext): CapturePlan['reads'] {
  const [, rest = '', first = ''] =
    /^\s*(?:\$\.)?((\w+)(?:\.\w+|\[\d+\]|\["[^"]*"\]|\['[^']*'\])*)\s*$/.exec(text) ?? [];
  const source = resultNames.has(first) ? rest : `body.${rest}`;
  return rest === '' || !(resultNames.has(first) || resultNames.has('body'))
    ? undefined
    : compile(source, { functions });
}

/** A JSONPath as it is; a plain chain of members of the result as the path it is, so that a missing part is reported. */
function asPath(source: string, resultNames: ReadonlySet<string>): string | undefined {
  if (/^\s*\$(?!\{|env\b)/.test(source)) return source;
  const first = /^[A-Za-z_]\w*(?=(?:\.[A-Za-z_]\w*|\[\d+\])*$)/.exec(source)?.[0];
  return first !== undefined && resultNames.has(first) ? `$.${source}` : undefined;
}

function compileRegex(pattern: TextAt, from: Node | undefined, context: CaptureContext): Source | undefined {
  const source = from?.kind === 'scalar' ? from.text : undefined;
  const read: Extract | undefined = source
    ? compileSource(source, context)?.extract
    : (result) => defaultSubject(result);
  try {
    const find = compileRegexCapture(pattern.text);
    return read && { extract: (result, env, host) => find(read(result, env, host), new Budget(host)) };
  } catch (error) {
    reportMistake(error, CODES.path, pattern, context.findings);
    return undefined;
  }
}

function defaultSubject(result: Value): Value {
  const isMap = typeof result === 'object' && result !== null && Object.hasOwn(result, 'body');
  return isMap ? (result as { body: Value }).body : result;
}

function evaluateCapture(evaluate: () => Value, source: string): Value {
  const value = evaluate();
  if (value === null)
    throw new CaptureError(`\`${source}\` is nil: nothing to capture`, [
      'write `{path: …, default: …}` if that is what you mean',
    ]);
  return value;
}

function withDefault(extract: Extract, fallback: Value): Extract {
  return (result: Value, env: Env, host: Host) => {
    try {
      return extract(result, env, host);
    } catch (error) {
      // What could not be judged is not missing.
      const isMissing =
        error instanceof CaptureError
          ? error.kind === 'missing'
          : error instanceof ExprError && error.kind !== 'outside';
      if (!isMissing || isOverBudget(error)) throw error;
      if (host.onRemark && error instanceof CaptureError)
        for (const text of error.listSlips()) host.onRemark(text, true);
      return fallback;
    }
  };
}

function refsOf(names: Parameters<typeof findNameRefs>[0]['names'], text: TextAt, context: CaptureContext): NameRef[] {
  return names
    .filter((use) => !context.resultNames.has(use.name))
    .map((use) => ({
      name: use.name,
      path: use.path,
      span: text.locate(use.offset, use.length),
      where: 'output',
      besides: context.resultNames,
      ...locateReached(use, text),
    }));
}

function reportMistake(error: unknown, code: string, text: TextAt, findings: Findings): void {
  if (!(error instanceof ExprError)) throw error;
  findings.expressionError(code, error, text);
}
