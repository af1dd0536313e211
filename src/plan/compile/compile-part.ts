import type { Expression, Template } from '../../expr/index.ts';
import { compileTemplate, ExactNumber, ExprError } from '../../expr/index.ts';
import { LateValue } from '../../model/late-value.ts';
import type { NameRef } from '../../model/plan.ts';
import type { TextAt } from '../../model/source-file.ts';
import type { MapNode, Node, ScalarNode } from '../../source/yaml/node.ts';
import { CODES } from '../read/findings.ts';
import { isDate, suggestQuotes } from '../read/quoted-text.ts';
import {
  compileExpressionNode,
  compileExpressionText,
  compileTemplateText,
  findNameRefs,
  type TextContext,
} from '../read/texts.ts';
import { BROKEN, isStaticPart, type Part, type Path, toAuthored } from './part.ts';
import { renderPart } from './render-part.ts';

/** How the texts of an authored value are to be read. */
export interface PartOptions {
  readonly where: NameRef['where'];
  /** Settings that are expressions, by path pattern, with the names that each sees besides the flow's. */
  readonly expressions?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  /** Settings that are rendered while the action runs, with the names that each sees besides the flow's. */
  readonly late?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly verbatim?: readonly string[] | undefined;
  /** Settings left out, by path pattern: they are planned elsewhere (child steps, assertions). */
  readonly omit?: readonly string[] | undefined;
  readonly aliases?: Readonly<Record<string, string>> | undefined;
}

/** A use of a name that a setting sees besides the flow's. */
export interface SeenRef {
  readonly ref: NameRef;
  /** Of the setting. */
  readonly at: Path;
}

interface Walk {
  readonly options: PartOptions;
  readonly context: TextContext;
  readonly refs: NameRef[];
  readonly seenRefs: SeenRef[];
  readonly path: Path;
  /** Inside of what is rendered late: the names that it sees besides the flow's. */
  readonly lateNames?: ReadonlySet<string> | undefined;
}

/** Compiles the placeholders and expressions of an authored value; the names that they read are added to `refs`. */
export function compilePart(node: Node, walk: Walk): Part {
  const expressionNames = findNames(walk.options.expressions, walk);
  const lateNames = walk.lateNames ? undefined : findNames(walk.options.late, walk);
  if (lateNames) return compileLate(node, { ...walk, lateNames });
  if (expressionNames && node.kind === 'scalar') return compileExpressionPart(node, expressionNames, walk);
  if (node.kind === 'scalar') return compileScalar(node, walk);
  if (node.kind === 'map') return compileMap(node, walk);
  const items = node.items.map((item, index) => compilePart(item, { ...walk, path: [...walk.path, index] }));
  return { kind: 'list', items, span: node.span, isStatic: items.every(isStaticPart) };
}

function compileMap(node: MapNode, walk: Walk): Part {
  const entries = new Map<string, Part>();
  const keys = new Map<string, ScalarNode>();
  let isStatic = true;
  for (const { key, value } of node.entries) {
    const name = resolveAlias(readKey(key, walk), walk);
    if (isOmitted(name, walk) || (walk.path.length === 0 && isAbsent(value, walk))) continue;
    const earlier = keys.get(name);
    if (earlier) {
      const message = `\`${earlier.text.text}\` and \`${key.text.text}\` mean the same: write one of them`;
      walk.context.findings.error(CODES.bothSpellings, message, key.span, [`keep \`${name}\``]);
      continue;
    }
    const part = compilePart(value, { ...walk, path: [...walk.path, name] });
    entries.set(name, part);
    keys.set(name, key);
    isStatic &&= isStaticPart(part);
  }
  return {
    kind: 'map',
    entries,
    keys,
    span: node.span,
    isStatic,
  };
}

function isOmitted(name: string, walk: Walk): boolean {
  const { omit } = walk.options;
  return omit !== undefined && omit.length > 0 && omit.includes(patternOf({ ...walk, path: [...walk.path, name] }));
}

/** A setting with nothing behind it is as if absent; `null` is written out, and deeper down nothing is null as in JSON. */
function isAbsent(value: Node, walk: Walk): boolean {
  const isSetting = walk.options.where === 'config' || walk.options.where === 'retry';
  return isSetting && value.kind === 'scalar' && value.value === null && value.text.text === '';
}

/** A key is text as it stands: a placeholder in it is an error, so that nothing is sent with a placeholder in it. */
function readKey(key: ScalarNode, walk: Walk): string {
  const { text } = key;
  if (key.isRaw || !/\{\{|\$\{|<</.test(text.text)) return text.text;
  const template = compileKey(text.text, walk.context);
  if (template?.literal !== undefined) return template.literal;
  const help =
    'write the map as an expression, as in `body: "{{ {(name): value} }}"`, or tag it `!raw` to send it as it is';
  walk.context.findings.error(CODES.placeholder, 'a key cannot hold a placeholder', key.span, [help]);
  return text.text;
}

function compileKey(text: string, context: TextContext) {
  try {
    return compileTemplate(text, { functions: context.functions });
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    return undefined;
  }
}

function resolveAlias(word: string, walk: Walk): string {
  const aliases = walk.path.length === 0 ? walk.options.aliases : undefined;
  return aliases && Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word;
}

function findNames(named: PartOptions['expressions'], walk: Walk): ReadonlySet<string> | undefined {
  if (!named || named.size === 0) return undefined;
  const { path } = walk;
  const pattern = patternOf(walk);
  const found = named.get(pattern);
  if (found !== undefined || typeof path.at(-1) !== 'string') return found;
  return named.get(patternOf({ ...walk, path: [...path.slice(0, -1), '*'] })) ?? findInItem(named, pattern);
}

/** The same where the only item of a list stands in the list's place, which is a mistake of its own. */
function findInItem(named: NonNullable<PartOptions['expressions']>, pattern: string): ReadonlySet<string> | undefined {
  const bare = pattern.replaceAll('[]', '');
  for (const [known, names] of named) if (known.includes('[]') && known.replaceAll('[]', '') === bare) return names;
  return undefined;
}

function compileLate(node: Node, walk: Walk): Part {
  const part = compilePart(node, walk);
  const value = new LateValue(
    (env, host) => renderPart(part, env, host),
    () => toAuthored(part),
  );
  return { kind: 'ready', value, span: node.span };
}

function compileExpressionPart(node: ScalarNode, names: ReadonlySet<string>, walk: Walk): Part {
  // Settings of any name hold values, which other tools take as texts.
  const key = walk.options.expressions?.has('*') && typeof node.value === 'string' ? walk.path.at(-1) : undefined;
  const asText = typeof key === 'string' ? suggestQuotes(key, node.text.text) : undefined;
  const expression =
    typeof node.value === 'number' || node.value instanceof ExactNumber
      ? compileExpressionText(node.text, walk.context)
      : compileExpressionNode(node, `\`${walk.path.join('.')}\``, walk.context, asText);
  if (!expression) return { kind: 'ready', value: BROKEN, span: node.span };
  if (asText !== undefined && isDate(node.text.text))
    walk.context.findings.warn(CODES.foreignText, `\`${node.text.text}\` is a difference of numbers here`, node.span, [
      asText,
    ]);
  const refs = findNameRefs(expression.expression, expression.text, walk.options.where, names);
  walk.refs.push(...inSetting(refs, walk).map((ref) => (asText === undefined ? ref : { ...ref, asText })));
  noteSeen(expression.expression, expression.text, names, walk);
  return { kind: 'ready', value: expression, span: node.span };
}

function compileScalar(node: ScalarNode, walk: Walk): Part {
  const isLiteral = typeof node.value !== 'string' || node.isRaw || walk.options.verbatim?.includes(patternOf(walk));
  if (isLiteral) return { kind: 'ready', value: node.value, span: node.span };
  const template = compileTemplateText(node.text, walk.context);
  if (!template) return { kind: 'ready', value: BROKEN, span: node.span };
  if (template.isLiteral) return { kind: 'ready', value: template.literal, span: node.span };
  walk.refs.push(...inSetting(findNameRefs(template, node.text, walk.options.where, walk.lateNames), walk));
  noteSeen(template, node.text, walk.lateNames, walk);
  return { kind: 'template', template, text: node.text, span: node.span };
}

function noteSeen(
  compiled: Expression | Template,
  text: TextAt,
  names: ReadonlySet<string> | undefined,
  walk: Walk,
): void {
  if (!names || names.size === 0) return;
  const refs = findNameRefs(compiled, text, walk.options.where).filter(({ name }) => names.has(name));
  walk.seenRefs.push(...refs.map((ref) => ({ ref, at: walk.path })));
}

function inSetting(refs: readonly NameRef[], { path: [setting], lateNames }: Walk): NameRef[] {
  const late = lateNames && { isLate: true };
  return refs.map((ref) => (setting === undefined ? ref : { ...ref, setting: String(setting), ...late }));
}

/** `match.where`, `until[]`: a path as patterns are written. */
function patternOf(walk: Walk): string {
  return walk.path
    .map((key) => (typeof key === 'number' ? '[]' : key))
    .join('.')
    .replaceAll('.[]', '[]');
}
