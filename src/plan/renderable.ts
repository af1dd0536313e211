import type { $ZodType } from 'zod/v4/core';
import { safeParse } from 'zod/v4/core';
import type { Env, Host, Template, Value } from '../expr/index.ts';
import { ExprError } from '../expr/index.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import type { NameRef, Renderable } from '../model/plan.ts';
import type { Span, TextAt } from '../model/source-file.ts';
import type { Node } from '../source/node.ts';
import { CODES, type Findings } from './findings.ts';
import { describeIssue, type Issue, listIssues } from './issues.ts';
import { compileExpressionNode, compileTemplateText, findNameRefs, type TextContext } from './texts.ts';

type Path = readonly (string | number)[];

/** What an authored value became: ready, to be rendered, or a collection of such. */
type Part =
  | { readonly kind: 'ready'; readonly value: unknown; readonly span: Span }
  | { readonly kind: 'template'; readonly template: Template; readonly text: TextAt; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Part[]; readonly span: Span; readonly isStatic: boolean }
  | {
      readonly kind: 'map';
      readonly entries: ReadonlyMap<string, Part>;
      readonly keys: ReadonlyMap<string, Span>;
      readonly span: Span;
      readonly isStatic: boolean;
    };

export interface RenderableOptions {
  /** For messages: `http_request`, `retry`. */
  readonly what: string;
  readonly schema: $ZodType;
  readonly where: NameRef['where'];
  /** Settings that are expressions, by path pattern, with the names that each sees besides the flow's. */
  readonly expressions?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly verbatim?: readonly string[] | undefined;
  /** Settings left out: they are planned elsewhere (child steps, assertions). */
  readonly omit?: readonly string[] | undefined;
  readonly aliases?: Readonly<Record<string, string>> | undefined;
  /** Where a missing setting is shown: the word that asks for it. */
  readonly anchor?: Span | undefined;
}

export interface Compiled {
  readonly renderable: Renderable<unknown>;
  readonly refs: readonly NameRef[];
  /** The value as authored: placeholders as their text, expressions as ExpressionAt. */
  readonly authored: unknown;
  /** The same with only these of its keys. */
  pick(keys: readonly string[]): Renderable<unknown>;
}

/** Compiles an authored value once: placeholders, expressions and shape; tells what is wrong; gives what each use renders. */
export function compileRenderable(node: Node, options: RenderableOptions, context: TextContext): Compiled {
  const refs: NameRef[] = [];
  const part = compilePart(node, { options, context, refs, path: [] });
  const authored = toAuthored(part);
  const issues = listIssues(safeParse(options.schema, authored));
  for (const issue of issues) tellIssue(issue, part, authored, options, context.findings);
  const isSound = issues.length === 0;
  return {
    renderable: createRenderable(part, options, isSound),
    refs,
    authored,
    pick: (keys) => createRenderable(pickEntries(part, keys), options, isSound),
  };
}

function pickEntries(part: Part, keys: readonly string[]): Part {
  if (part.kind !== 'map') return part;
  const entries = new Map([...part.entries].filter(([key]) => keys.includes(key)));
  return { ...part, entries, isStatic: [...entries.values()].every(isStaticPart) };
}

interface Walk {
  readonly options: RenderableOptions;
  readonly context: TextContext;
  readonly refs: NameRef[];
  readonly path: Path;
}

function compilePart(node: Node, walk: Walk): Part {
  const expressionNames = findExpressionNames(walk);
  if (expressionNames && node.kind === 'scalar') return compileExpressionPart(node, expressionNames, walk);
  if (node.kind === 'scalar') return compileScalar(node, walk);
  if (node.kind === 'seq') {
    const items = node.items.map((item, index) => compilePart(item, { ...walk, path: [...walk.path, index] }));
    return { kind: 'list', items, span: node.span, isStatic: items.every(isStaticPart) };
  }
  const entries = new Map<string, Part>();
  const keys = new Map<string, Span>();
  for (const { key, value } of node.entries) {
    const name = resolveAlias(key.text.text, walk);
    if (walk.path.length === 0 && walk.options.omit?.includes(name)) continue;
    if (entries.has(name)) {
      const message = `\`${name}\` is given twice, as \`${key.text.text}\` too: write one of them`;
      walk.context.findings.error(CODES.bothSpellings, message, key.span, [`keep \`${name}\``]);
      continue;
    }
    entries.set(name, compilePart(value, { ...walk, path: [...walk.path, name] }));
    keys.set(name, key.span);
  }
  return { kind: 'map', entries, keys, span: node.span, isStatic: [...entries.values()].every(isStaticPart) };
}

function findExpressionNames(walk: Walk): ReadonlySet<string> | undefined {
  const { expressions } = walk.options;
  if (!expressions || expressions.size === 0) return undefined;
  const pattern = patternOf(walk);
  return expressions.get(pattern) ?? expressions.get(pattern.replace(/[^.[\]]+$/, '*'));
}

function resolveAlias(word: string, walk: Walk): string {
  const aliases = walk.path.length === 0 ? walk.options.aliases : undefined;
  return aliases && Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word;
}

function compileExpressionPart(node: Node, names: ReadonlySet<string>, walk: Walk): Part {
  const expression = compileExpressionNode(node, `\`${walk.path.join('.')}\``, walk.context);
  if (!expression) return { kind: 'ready', value: BROKEN, span: node.span };
  walk.refs.push(...inSetting(findNameRefs(expression.expression, expression.text, walk.options.where, names), walk));
  return { kind: 'ready', value: expression, span: node.span };
}

function compileScalar(node: Node & { kind: 'scalar' }, walk: Walk): Part {
  const isLiteral = typeof node.value !== 'string' || node.isRaw || walk.options.verbatim?.includes(patternOf(walk));
  if (isLiteral) return { kind: 'ready', value: node.value, span: node.span };
  const template = compileTemplateText(node.text, walk.context);
  if (!template) return { kind: 'ready', value: BROKEN, span: node.span };
  if (template.isLiteral) return { kind: 'ready', value: template.literal, span: node.span };
  walk.refs.push(...inSetting(findNameRefs(template, node.text, walk.options.where), walk));
  return { kind: 'template', template, text: node.text, span: node.span };
}

function inSetting(refs: readonly NameRef[], walk: Walk): NameRef[] {
  const setting = walk.path[0];
  return refs.map((ref) => (setting === undefined ? ref : { ...ref, setting: String(setting) }));
}

/** Stands for a text whose own mistake was told already, so that the schema tells no second one. */
const BROKEN = Symbol('broken');

function patternOf(walk: Walk): string {
  return walk.path
    .map((key) => (typeof key === 'number' ? '[]' : key))
    .join('.')
    .replaceAll('.[]', '[]');
}

function isStaticPart(part: Part): boolean {
  return part.kind === 'ready' || (part.kind !== 'template' && part.isStatic);
}

function toAuthored(part: Part): unknown {
  if (part.kind === 'ready') return part.value;
  if (part.kind === 'template') return part.template.source;
  if (part.kind === 'list') return part.items.map(toAuthored);
  return mapOf(part.entries, toAuthored);
}

function mapOf(entries: ReadonlyMap<string, Part>, convert: (part: Part) => unknown): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const [key, part] of entries) {
    if (key === '__proto__') Object.defineProperty(map, key, { value: convert(part), enumerable: true });
    else map[key] = convert(part);
  }
  return map;
}

function tellIssue(issue: Issue, root: Part, authored: unknown, options: RenderableOptions, findings: Findings): void {
  const { part, depth } = findPart(root, issue.path);
  const isBelowPlaceholder = part.kind === 'template' || (part.kind === 'ready' && part.value === BROKEN);
  if (isBelowPlaceholder && depth <= issue.path.length) return;
  if (issue.isUnion && !isStaticPart(part)) return;
  const described = describeIssue(issue, { what: options.what, schema: options.schema, root: authored });
  findings.error(described.code, described.message, placeOf(issue, root, options), described.help);
}

/** Where an issue is shown: at the key that is unknown, at what needs a missing key, else at the value. */
function placeOf(issue: Issue, root: Part, options: RenderableOptions): Span {
  if (issue.raw.code === 'unrecognized_keys') {
    const owner = findPart(root, issue.path.slice(0, -1)).part;
    const key = owner.kind === 'map' ? owner.keys.get(String(issue.path.at(-1))) : undefined;
    if (key) return key;
  }
  const { part, depth } = findPart(root, issue.path);
  if (depth === 0 && options.anchor) return options.anchor;
  if (depth === issue.path.length) return part.span;
  const owner = findPart(root, issue.path.slice(0, depth - 1)).part;
  return (owner.kind === 'map' ? owner.keys.get(String(issue.path[depth - 1])) : undefined) ?? part.span;
}

/** The part at a path, or the nearest one above it, with the length of the path that led there. */
function findPart(root: Part, path: Path): { part: Part; depth: number } {
  let part = root;
  for (const [depth, key] of path.entries()) {
    const next =
      part.kind === 'list' ? part.items[Number(key)] : part.kind === 'map' ? part.entries.get(String(key)) : undefined;
    if (!next) return { part, depth };
    part = next;
  }
  return { part, depth: path.length };
}

function createRenderable(part: Part, options: RenderableOptions, isSound: boolean): Renderable<unknown> {
  const spanAt = (path: Path): Span => findPart(part, path).part.span;
  const isStatic = isStaticPart(part);
  if (isStatic && isSound) {
    const value = checkRendered(renderPart(part, undefined, undefined), part, options);
    return { isStatic, span: part.span, render: () => value, spanAt };
  }
  const render = (env: Env, host: Host): unknown => checkRendered(renderPart(part, env, host), part, options);
  return { isStatic, span: part.span, render, spanAt };
}

function renderPart(part: Part, env: Env | undefined, host: Host | undefined): unknown {
  if (part.kind === 'ready') return part.value;
  if (part.kind === 'template') return renderTemplate(part.template, part.text, env, host);
  if (part.kind === 'list') return part.items.map((item) => renderPart(item, env, host));
  return mapOf(part.entries, (entry) => renderPart(entry, env, host));
}

/** Renders one text; what is wrong is told at its place in the file. */
function renderTemplate(template: Template, text: TextAt, env: Env | undefined, host: Host | undefined): Value {
  if (!env) return template.source;
  try {
    return template.render(env, host);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    throw new DiagnosticError({
      severity: 'error',
      code: CODES.placeholder,
      message: error.message,
      span: text.locate(error.offset, error.length),
      help: error.hint ? [error.hint] : [],
    });
  }
}

function checkRendered(value: unknown, part: Part, options: RenderableOptions): unknown {
  const parsed = safeParse(options.schema, value);
  if (parsed.success) return parsed.data;
  const issue = listIssues(parsed)[0];
  if (!issue) return value;
  const described = describeIssue(issue, { what: options.what, schema: options.schema, root: value });
  const span = placeOf(issue, part, options);
  throw new DiagnosticError({
    severity: 'error',
    code: described.code,
    message: described.message,
    span,
    help: described.help,
  });
}
