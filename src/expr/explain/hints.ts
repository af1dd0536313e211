import type { Difference } from '../compare/difference.ts';
import { describeMeant } from '../compile/free-names.ts';
import type { Env, Host } from '../evaluate/frame.ts';
import { emptyHost, type FunctionDef } from '../evaluate/function-def.ts';
import type { Round, Trace } from '../evaluate/trace.ts';
import { listChildren, type Node, type NodeOf } from '../syntax/ast.ts';
import { findDashedKey } from '../syntax/dashed-key.ts';
import { describeType } from '../values/describe.ts';
import type { ExprError } from '../values/error.ts';
import { isList, isMap, readKey, type Value } from '../values/value.ts';
import { isWritten, orderSides } from './explain-difference.ts';
import { selectRounds } from './explain-loops.ts';
import { isPath, textOf } from './explain-parts.ts';
import { type Access, describeBadAccess, describeMissingKey, takeKey } from './hints-access.ts';
import { suggestForConstant } from './hints-constant.ts';
import { listDifferenceHints } from './hints-difference.ts';
import { describeOperands, describeOrder, describeTest } from './hints-operator.ts';
import { relateValues } from './hints-pair.ts';
import { isQuoting, markQuote, quoteValue, withoutMarks } from './quote-value.ts';

/** What hints are drawn from: the tree, the values its nodes had, and what came out. */
interface HintInput {
  ast: Node;
  source: string;
  trace: Trace;
  env: Env;
  host: Host | undefined;
  functions: ReadonlyMap<string, FunctionDef>;
  differences: readonly Difference[];
  /** In a loop: where its item stands. */
  item?: string;
  value?: Value;
  error?: ExprError;
}

export interface CollectedHints {
  readonly hints: readonly string[];
  /** Those of them that quote a value, or a part of one. */
  readonly quotes: readonly string[];
}

const maxHints = 8;

/** Says what may be meant by an expression that did not give true, the surest first. */
export function collectHints(input: HintInput): CollectedHints {
  const { value, error } = input;
  const hints = new Set<string>();
  const found = error && describeErrorAt(input, input.ast, error);
  if (found !== undefined) hints.add(found);
  if (error === undefined && typeof value !== 'boolean') hints.add(describeNotBool(input, value ?? null));
  visit(input, input.ast, hints);
  // What an error says by itself is for all cases: it comes after what is known of this one.
  if (found === undefined && error?.hint !== undefined) hints.add(markQuote(error.hint));
  for (const hint of listDifferenceHints(input.differences, { known: hints, ast: input.ast })) hints.add(hint);
  const reported = [...hints].slice(0, maxHints);
  return { hints: reported.map(withoutMarks), quotes: reported.filter(isQuoting).map(withoutMarks) };
}

function describeNotBool({ source, ast }: HintInput, value: Value): string {
  const text = shorten(source);
  const type = `the value is ${describeType(value)}, not bool`;
  const constant = suggestForConstant(ast, source);
  if (constant !== undefined) return `${type}: ${constant}`;
  if (value === null) return `${type}: compare it with something, as in \`${text} != nil\``;
  if (isList(value)) return `${type}: compare it with something, as in \`len(${text}) > 0\``;
  if (isMap(value)) return `${type}: compare a part of it, or test \`${text} != nil\``;
  return `${type}: compare it with something, as in \`${text} == ${quoteValue(value, 40)}\``;
}

/** What was meant at the place of an error. */
function describeErrorAt(input: HintInput, node: Node, error: ExprError): string | undefined {
  if (node.at === error.offset && node.atLength === error.length) {
    const found = describeErrorOf(input, node);
    if (found !== undefined) return found;
  }
  for (const child of listChildren(node)) {
    if (child.kind === 'predicate') {
      // The item whose predicate ended with the error.
      const round = input.trace.findLoop(node)?.rounds.find((candidate) => candidate.value === undefined);
      const found = round && describeErrorAt(enterRound(input, node, round), child.body, error);
      if (found !== undefined) return found;
    } else {
      const found = describeErrorAt(input, child, error);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function describeErrorOf(input: HintInput, node: Node): string | undefined {
  if (node.kind === 'member' || node.kind === 'index') {
    const object = resolve(input, node.object);
    if (object === undefined) return undefined;
    const key = node.kind === 'index' ? (takeKey(node) ?? input.trace.values.get(node.index)) : node.name;
    if (object === null) return describeNil(input, node.object);
    return describeBadAccess({ object, key, text: writePlace(input, node.object) });
  }
  if (node.kind === 'call') {
    const nil = node.args.find((arg) => input.trace.values.get(arg) === null);
    return nil ? describeNil(input, nil) : describeNoArray(input, node);
  }
  if (node.kind !== 'binary') return undefined;
  const key = findDashedKey(node);
  if (key !== undefined) return describeMeant({ as: 'key', text: key.text });
  const left = readValue(input, node.left);
  const right = readValue(input, node.right);
  if (left === undefined || right === undefined) return undefined;
  const texts = { leftText: writeNode(input, node.left), rightText: writeNode(input, node.right) };
  return describeOperands({ operator: node.operator, left, right, ...texts });
}

/** How the items are reached of what stands where an array is needed. */
function describeNoArray(input: HintInput, { args: [list] }: NodeOf<'call'>): string | undefined {
  const value = list && readValue(input, list);
  if (!list || value === undefined || !/ needs an array, got /.test(input.error?.message ?? '')) return undefined;
  const text = writeNode(input, list);
  if (isMap(value)) return `\`${text}\` is a map: its values are \`values(${text})\``;
  const isJson = typeof value === 'string' && /^\s*\[/.test(value);
  return isJson ? `\`${text}\` is a text that begins like JSON: read it with \`fromJSON(${text})\`` : undefined;
}

/** Looks at what was evaluated and did not hold. */
function visit(input: HintInput, node: Node, hints: Set<string>, behind: readonly string[] = []): void {
  const { trace } = input;
  if (node.kind === 'binary') addOperatorHint(input, node, hints);
  if (node.kind === 'member' || node.kind === 'index') addKeyHint({ ...input, behind }, node, hints);
  if (node.kind === 'call') addCallHints(input, node, hints);
  const isAnd = node.kind === 'binary' && node.operator === 'and';
  for (const child of listChildren(node)) {
    if (child.kind === 'predicate') continue;
    const names = node.kind === 'member' ? [node.name, ...behind] : [];
    if (!isAnd || trace.values.get(child) !== true) visit(input, child, hints, names);
  }
}

function addOperatorHint(input: HintInput, node: NodeOf<'binary'>, hints: Set<string>): void {
  const { operator } = node;
  if (input.trace.values.get(node) !== false) return;
  const sides = orderSides(node);
  const left = readValue(input, operator === '==' ? sides.actual : node.left);
  const right = readValue(input, operator === '==' ? sides.expected : node.right);
  if (left === undefined || right === undefined) return;
  const leftText = writeNode(input, operator === '==' ? sides.actual : node.left);
  const rightText = writeNode(input, node.right);
  const hint =
    operator === '=='
      ? describeUnequal(input, { actual: left, expected: right, text: leftText }, sides)
      : operator === '<' || operator === '>' || operator === '<=' || operator === '>='
        ? describeOrder({ operator, left, right, leftText, rightText, item: input.item })
        : describeTest({ operator, left, right, leftText, rightText });
  if (hint !== undefined) hints.add(hint);
}

function describeUnequal(
  input: HintInput,
  pair: { actual: Value; expected: Value; text: string },
  sides: { actual: Node; expected: Node },
): string | undefined {
  const other = isWritten(sides.expected) ? undefined : writeNode(input, sides.expected);
  const hint = relateValues({ ...pair, other })?.hint;
  if (hint !== undefined) return hint;
  const { actual: node } = sides;
  if (pair.actual === null && pair.expected !== null) return describeNil(input, node);
  // What was expected may come from a name that holds nothing.
  return pair.expected === null && other !== undefined ? `the expected value, \`${other}\`, is nil` : undefined;
}

/** The value of a node; one that stands in the expression need not have been evaluated. */
function readValue({ trace }: HintInput, node: Node): Value | undefined {
  return node.kind === 'literal' ? node.value : trace.values.get(node);
}

/** Says of a nil that it is in the data; one that comes from a missing key is reported by the key. */
function describeNil(input: HintInput, node: Node): string | undefined {
  const place = writePlace(input, node);
  if (node.kind === 'name') return `\`${place}\` is nil: there is no value`;
  return isKeyThere(input, node) ? `\`${place}\` is there, and it is nil (null)` : undefined;
}

function isKeyThere(input: HintInput, node: Node): boolean {
  if (node.kind === 'name') return true;
  if (node.kind === 'chain') return isKeyThere(input, node.body);
  if (node.kind !== 'member' && node.kind !== 'index') return false;
  const object = resolve(input, node.object);
  const key = takeKey(node);
  return object !== undefined && typeof key === 'string' && isMap(object) && readKey(object, key) === null;
}

function addKeyHint(
  input: HintInput & Pick<Access, 'behind'>,
  node: NodeOf<'member'> | NodeOf<'index'>,
  hints: Set<string>,
): void {
  const { behind = [] } = input;
  const object = resolve(input, node.object);
  if (object === undefined) return;
  const hint = describeMissingKey({ object, text: writePlace(input, node.object), key: takeKey(node), behind });
  if (hint !== undefined) hints.add(hint);
}

/** What a function says by itself, and what the items of a loop say. */
function addCallHints(input: HintInput, node: NodeOf<'call'>, hints: Set<string>): void {
  const { trace, functions, host } = input;
  const value = trace.values.get(node);
  const loop = trace.findLoop(node);
  const predicate = node.args.find((arg) => arg.kind === 'predicate');
  if (loop && predicate?.kind === 'predicate') {
    const [round] = selectRounds(node.name, loop, value).filter((candidate) => candidate.value !== true);
    if (round) visit(enterRound(input, node, round), predicate.body, hints);
    return;
  }
  const [list] = node.args;
  const items = predicate && list && trace.values.get(list);
  if (list && items !== undefined && isList(items) && items.length === 0) {
    hints.add(`\`${writeNode(input, list)}\` is an empty array: there is no item to look at`);
  }
  const args = node.args.map((arg) => trace.values.get(arg));
  const known = args.filter((arg) => arg !== undefined);
  const explain = functions.get(node.name)?.explain;
  if (value !== false || explain === undefined || known.length < args.length) return;
  try {
    for (const line of explain(known, host ?? emptyHost)) hints.add(markQuote(line));
  } catch {
    // A call that cannot be explained is reported by its parts alone.
  }
}

/** The same within a loop, for one of its items. */
function enterRound(input: HintInput, call: Node, { trace, position }: Round): HintInput {
  const list = call.kind === 'call' ? call.args[0] : undefined;
  const path = list !== undefined && isPath(list) ? writePlace(input, list) : '#';
  return { ...input, trace, item: `${path}[${position}]` };
}

/** Where a node's value stands; in a loop the item's place takes the place of what is written for it. */
function writePlace(input: HintInput, node: Node): string {
  const text = textOf(input.source, node);
  if (input.item === undefined || !/^(?:#|\.|$)/.test(text)) return writeNode(input, node);
  return shorten(`${input.item}${text.replace(/^#/, '')}`);
}

/** The value of a node; inside a chain of optional dots it is looked up again, which only reads. */
function resolve(input: HintInput, node: Node): Value | undefined {
  const traced = input.trace.values.get(node);
  if (traced !== undefined) return traced;
  if (node.kind === 'name') return input.env.get(node.name);
  if (node.kind === 'chain') return resolve(input, node.body);
  if (node.kind !== 'member') return undefined;
  const object = resolve(input, node.object);
  return object !== undefined && isMap(object) ? readKey(object, node.name) : undefined;
}

function writeNode(input: HintInput, node: Node): string {
  // An item of a loop need not be written at all.
  return shorten(textOf(input.source, node)) || '#';
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
