import type { $ZodType } from 'zod/v4/core';
import type { Env, Host } from '../../expr/index.ts';
import { DiagnosticError } from '../../model/diagnostic.ts';
import { describePart, type ExplainedPart } from '../../model/explained.ts';
import { describeNothing, followPath } from '../../model/missing-value.ts';
import type { NameRef, Renderable } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import type { Node } from '../../source/yaml/node.ts';
import type { Findings } from '../read/findings.ts';
import { describeIssue, type Issue, isMissing, listIssues, valueAt } from '../read/issues.ts';
import type { TextContext } from '../read/texts.ts';
import { checkShape } from './check-shape.ts';
import { compilePart, type PartOptions, type SeenRef } from './compile-part.ts';
import { findKey, findPart, isStaticPart, type Part, type Path, pickEntries, toAuthored } from './part.ts';
import { previewPart, renderPart } from './render-part.ts';
import { SteadySettings } from './steady-settings.ts';
import { suggestList } from './suggest-list.ts';
import { isSure } from './sure-issues.ts';

export interface RenderableOptions extends PartOptions {
  /** For messages: `http_request`, `retry`. */
  readonly what: string;
  /** Whether it is the `config` of an action. */
  readonly isConfig?: boolean;
  readonly schema: $ZodType;
  /** Where a missing setting is shown: the word that asks for it. */
  readonly anchor?: Span | undefined;
  /** Settings that are written in a wrong place, which is reported already. */
  readonly misplaced?: ReadonlySet<string> | undefined;
}

export interface Compiled {
  readonly renderable: Renderable<unknown>;
  readonly refs: readonly NameRef[];
  readonly seenRefs: readonly SeenRef[];
  /** The value as authored: placeholders as their text, expressions as ExpressionAt. */
  readonly authored: unknown;
  /** Whether the map at a path has a key that nobody knows, which may be any that it lacks. */
  hasUnknownAt(path: Path): boolean;
  /** The place of the key that a path ends in; undefined when it is not authored. */
  keyAt(path: Path): Span | undefined;
  /** The same with only these of its keys. */
  pick(keys: readonly string[]): Renderable<unknown>;
}

/** Compiles an authored value once: placeholders, expressions and shape; reports what is wrong; gives what each use renders. */
export function compileRenderable(node: Node, options: RenderableOptions, context: TextContext): Compiled {
  const refs: NameRef[] = [];
  const seenRefs: SeenRef[] = [];
  const part = compilePart(node, { options, context, refs, seenRefs, path: [] });
  const authored = toAuthored(part);
  const parsed = checkShape(options.schema, authored);
  const issues = listIssues(parsed, { schema: options.schema, root: authored });
  for (const issue of issues) reportIssue(issue, { part, authored, options }, context.findings);
  const isSound = issues.length === 0;
  return {
    renderable:
      parsed.success && isStaticPart(part) ? createReady(part, parsed.data) : createRenderable(part, options, isSound),
    refs,
    seenRefs,
    authored,
    hasUnknownAt: (path) =>
      issues.some((issue) => issue.raw.code === 'unrecognized_keys' && isSamePath(placeIn(issue), path)),
    keyAt: (path) => findKey(part, path),
    pick: (keys) => createRenderable(pickEntries(part, keys), options, isSound),
  };
}

function reportIssue(
  issue: Issue,
  about: { part: Part; authored: unknown; options: RenderableOptions },
  findings: Findings,
): void {
  const { options, authored } = about;
  if (!isSure(issue.raw, placeIn(issue), about.part)) return;
  const isMisplaced = issue.path.length === 1 && options.misplaced?.has(String(issue.path[0]));
  if (isMisplaced && isMissing(authored, issue.path)) return;
  const { code, message, help } = describe(issue, authored, about);
  const place = placeOf(issue, about.part, options);
  // A word of another tool stands in each item of a list, and is told once.
  if (issue.help === undefined) findings.error(code, message, place, help);
  else findings.errorOnce(code, message, place, help, message.replaceAll(/\[\d+\]/g, '[]'));
}

/** What an issue is about: of an unknown key what has it. */
function placeIn({ path, raw }: Issue): Path {
  return raw.code === 'unrecognized_keys' ? path.slice(0, -1) : path;
}

function isSamePath(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((key, at) => key === other[at]);
}

function describe(
  issue: Issue,
  root: unknown,
  { part, options }: { readonly part: Part; readonly options: RenderableOptions },
): ReturnType<typeof describeIssue> {
  const { what, isConfig = false, schema } = options;
  const described = describeIssue(issue, { what, isConfig, schema, root });
  const { raw, path } = issue;
  const isListWanted = raw.code === 'invalid_type' && raw.expected === 'array' && described.help.length === 0;
  const list = isListWanted ? suggestList(valueAt(root, path), findPart(part, path).part) : undefined;
  return list === undefined ? described : { ...described, help: [list] };
}

/** Where an issue is shown: at the key that is unknown, at what needs a missing key, else at the value. */
function placeOf(issue: Issue, root: Part, options: RenderableOptions): Span {
  const { path } = issue;
  if (issue.raw.code === 'unrecognized_keys') return findKey(root, path) ?? findPart(root, path).part.span;
  const { part, depth } = findPart(root, path);
  if (depth === path.length) return part.span;
  if (depth === 0 && options.anchor) return options.anchor;
  return findKey(root, path.slice(0, depth)) ?? part.span;
}

/** Of a value in which nothing has to be rendered. */
function createReady(part: Part, value: unknown): Renderable<unknown> {
  const spanAt = (path: Path): Span => findPart(part, path).part.span;
  return { isStatic: true, span: part.span, render: () => value, preview: () => toAuthored(part), spanAt };
}

function createRenderable(part: Part, options: RenderableOptions, isSound: boolean): Renderable<unknown> {
  const isStatic = isStaticPart(part);
  if (isStatic && isSound) return createReady(part, checkRendered(toAuthored(part), part, { options }));
  const spanAt = (path: Path): Span => findPart(part, path).part.span;
  const steady = new SteadySettings(part, options.schema);
  const render = (env: Env, host: Host): unknown => {
    const value = renderPart(part, env, host);
    const known = steady.check(value);
    if (known) return known;
    const checked = checkRendered(value, part, { options, env });
    steady.learn(checked);
    return checked;
  };
  return { isStatic, span: part.span, render, preview: (env, host) => previewPart(part, env, host), spanAt };
}

/** @throws DiagnosticError: what is of the wrong kind is the author's mistake, unless it is nil */
function checkRendered(
  value: unknown,
  part: Part,
  { options, env }: { readonly options: RenderableOptions; readonly env?: Env },
): unknown {
  const parsed = checkShape(options.schema, value);
  if (parsed.success) return parsed.data;
  const issue = listIssues(parsed, { schema: options.schema, root: value })[0];
  if (!issue) return value;
  const { code, message, help } = describe(issue, value, { part, options });
  const isNothing = valueAt(value, issue.path) === null;
  const { names = [], why } = env ? readTemplate(findPart(part, issue.path).part, env) : {};
  const isTold = isNothing && why !== undefined;
  throw new DiagnosticError({
    severity: 'error',
    code,
    message,
    span: placeOf(issue, part, options),
    help: isTold ? [why] : help,
    kind: isNothing ? undefined : 'authoring',
    ...(names.length > 0 && { explained: { parts: names } }),
  });
}

/** What a setting reads by its placeholders, and why that is nothing. */
function readTemplate(
  part: Part,
  env: Env,
): { readonly names?: readonly ExplainedPart[]; readonly why?: string | undefined } {
  if (part.kind !== 'template') return {};
  const { names, source } = part.template;
  const read = names.flatMap(({ name, path, offset }) => {
    const start = env.get(name);
    const value = start === undefined ? undefined : followPath(start, path);
    const text = [name, ...path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))].join('');
    return value === undefined || !source.startsWith(text, offset)
      ? []
      : [describePart({ offset, length: text.length, text, value })];
  });
  return { names: read, why: describeNothing(names, env) };
}
