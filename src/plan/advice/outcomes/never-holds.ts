import { listChildren, type Node, type NodeOf, suggestForConstant, writeMarked } from '../../../expr/index.ts';
import type { ResultKind, SureKind } from '../../../model/action/result.ts';
import type { ExpressionAt } from '../../../model/expression-at.ts';
import type { Span } from '../../../model/source-file.ts';
import { findNearest } from '../../../util/suggest.ts';
import { listChildKinds } from '../../flow/result-kinds.ts';
import { listJudgements } from '../../names/judgements.ts';
import type { PlannedStep, ResultKinds } from '../../read/context.ts';
import { CODES, type Findings } from '../../read/findings.ts';
import { describeConstant, describeEmptyComparison, describeJoined, type Judging } from './always-holds.ts';
import { describeChained } from './chained.ts';
import { describeAllTaken, type Said } from './holds-of-all.ts';
import { describeSameForEach } from './same-for-each.ts';

/** What `type(x)` can give. */
const TYPE_WORDS = ['nil', 'bool', 'int', 'float', 'string', 'array', 'map', 'time.Time', 'time.Duration'];
const OTHER_TYPE_WORDS: Readonly<Record<string, string>> = {
  text: 'string',
  number: '"int" or "float"',
  integer: 'int',
  double: 'float',
  boolean: 'bool',
  null: 'nil',
  undefined: 'nil',
  list: 'array',
  slice: 'array',
  object: 'map',
  dict: 'map',
  date: 'time.Time',
  duration: 'time.Duration',
};

/** The types by kind, as `type(x)` says them. */
const KIND_WORDS: Readonly<Record<SureKind, readonly string[]>> = {
  bool: ['bool'],
  number: ['int', 'float'],
  string: ['string'],
  array: ['array'],
  map: ['map'],
};

const CALL_KINDS = new Map<string, SureKind>([
  ...listKinds('number', 'len count sum mean median abs ceil floor round int float indexOf lastIndexOf findIndex'),
  ...listKinds('string', 'string upper lower trim join toJSON toBase64 json base64 sha256 hmac_sha256 type uuid'),
  ...listKinds(
    'bool',
    'all any none one hasPrefix hasSuffix matches_partial matches_schema same_items contains_all approx',
  ),
  ...listKinds('bool', 'is_uuid is_iso_date is_int is_number is_string is_array is_map is_bool'),
  ...listKinds('array', 'filter map sort sortBy split keys values uniq concat flatten reverse'),
]);

/** Warns of comparisons whose outcome is the same whatever comes back: they check nothing, or fail always. */
export function warnNeverHolds(step: PlannedStep, findings: Findings): void {
  for (const condition of step.assert) warnComparisons(condition, step.resultKinds, findings);
  const childKinds = listChildKinds(step.action, step.children);
  for (const condition of listJudgements(step)) warnComparisons(condition, childKinds, findings);
  if (step.when) warnComparisons(step.when, NO_RESULT, findings);
}

const NO_RESULT: ResultKinds = new Map();

/** Conditions of which there is nothing to say, by what is known of the result: steps share both where they are written alike. */
const quiet = new WeakMap<ResultKinds, WeakSet<ExpressionAt['expression']>>();

function warnComparisons(condition: ExpressionAt, known: ResultKinds, findings: Findings): void {
  const { expression } = condition;
  const seen = quiet.get(known);
  if (seen?.has(expression)) return;
  const before = findings.list.length;
  judgeComparisons(condition, known, findings);
  if (findings.list.length > before) return;
  if (seen) seen.add(expression);
  else quiet.set(known, new WeakSet([expression]));
}

function judgeComparisons({ expression, text }: ExpressionAt, kinds: ResultKinds, findings: Findings): void {
  const whole = findKind(expression.ast, kinds);
  if (whole && whole.kind !== 'bool') {
    const help = suggestForConstant(expression.ast, text.text) ?? 'there is no truthiness: compare it with something';
    const { offset, length } = expression.ast;
    const message = `this can never hold: it is ${withArticle(whole)}, not a bool`;
    findings.warn(CODES.neverHolds, message, text.locate(offset, length), [help]);
  }
  const judgeWith = (known: ResultKinds): Scope => ({
    known,
    judging: { source: text.text, isPure: expression.isPure, ...describeNames(known) },
  });
  // A condition for running may be switched off by hand.
  const constant = kinds === NO_RESULT ? undefined : describeConstant(expression.ast, judgeWith(kinds).judging);
  if (constant) {
    const { offset, length } = constant.node;
    findings.warn(CODES.neverHolds, constant.message, text.locate(offset, length), [constant.help]);
    return;
  }
  const describeItemless = (node: NodeOf<'call'>): Said | undefined => {
    const said = describeSameForEach(node, { source: text.text, isPure: expression.isPure });
    // Of a name that is unknown it is said there.
    return said && hasError(findings, text.locate(said.node.offset, said.node.length)) ? undefined : said;
  };
  const visit = (node: Node, scope: Scope, joined?: string): void => {
    const operator = node.kind === 'binary' ? node.operator : undefined;
    const { known, judging } = scope;
    const found =
      node.kind === 'binary'
        ? describeBinary(node, known, { judging, isInside: operator === joined })
        : node.kind === 'comparison'
          ? describeChained(node, text.text)
          : node.kind === 'call'
            ? [describeAllTaken(node), describeItemless(node)].filter((said) => said !== undefined)
            : [];
    for (const { node: at, message, help } of found)
      findings.warn(CODES.neverHolds, message, text.locate(at.offset, at.length), [help]);
    // What `let` calls like a key of the result is something else behind it.
    const inner =
      node.kind === 'let' ? judgeWith(new Map([...scope.known].filter(([name]) => name !== node.name))) : scope;
    for (const child of listChildren(node)) visit(child, inner, operator);
  };
  visit(expression.ast, judgeWith(kinds));
}

function hasError({ list }: Findings, { file, start, end }: Span): boolean {
  return list.some(
    ({ severity, span }) => severity === 'error' && span?.file === file && span.start >= start && span.end <= end,
  );
}

/** What names are where a comparison stands. */
interface Scope {
  readonly known: ResultKinds;
  readonly judging: Judging;
}

function describeNames(kinds: ResultKinds): Pick<Judging, 'nameOtherKind' | 'isCount'> {
  return {
    nameOtherKind: (node) => {
      const known = findKind(node, kinds);
      return known && known.kind !== 'bool' ? withArticle(known) : undefined;
    },
    isCount: (name) => kinds.get(name) === 'number',
  };
}

function describeBinary(
  node: NodeOf<'binary'>,
  kinds: ResultKinds,
  { judging, isInside }: { readonly judging: Judging; readonly isInside: boolean },
): readonly Said[] {
  if (node.operator === 'or' || node.operator === 'and') return isInside ? [] : describeJoined(node, judging);
  const said = describeComparison(node, kinds, judging.source) ?? describeEmptyComparison(node, judging);
  return said ? [said] : [];
}

function describeComparison(node: NodeOf<'binary'>, kinds: ResultKinds, source: string): Said | undefined {
  const { operator, left, right } = node;
  if (operator !== '==' && operator !== '!=') return undefined;
  const marked = operator === '==' ? writeMarked(source.slice(node.offset, node.offset + node.length)) : undefined;
  if (marked) {
    const message = 'this can never hold: the marker of another tool is a text like any other here';
    return { node, message, help: `write \`${marked}\`` };
  }
  const outcome = operator === '==' ? 'can never hold' : 'always holds';
  const wrong = describeTypeWord(left, right, kinds) ?? describeTypeWord(right, left, kinds);
  if (wrong) return { node, message: `this ${outcome}: ${wrong.message}`, help: wrong.help };
  const never = describeNeverNil(left, right, kinds) ?? describeNeverNil(right, left, kinds);
  if (never) return { node, message: `this ${outcome}: ${never.message}`, help: never.help };
  const [a, b] = [findKind(left, kinds), findKind(right, kinds)];
  if (!a || !b || a.kind === b.kind || (a.mayBeNil && b.mayBeNil)) return undefined;
  const message = `this ${outcome}: the left side is ${withArticle(a)}, the right side ${withArticle(b)}`;
  const help = suggestNot(node, source) ?? suggestSame(left, right);
  return { node, message, help: help ?? 'values of different kinds are never equal: there is no conversion' };
}

/** A word that `type(…)` never gives, or not of this value. */
function describeTypeWord(call: Node, literal: Node, kinds: ResultKinds): Omit<Said, 'node'> | undefined {
  if (call.kind !== 'call' || call.name !== 'type' || literal.kind !== 'literal') return undefined;
  const { value: word } = literal;
  if (typeof word !== 'string') return undefined;
  if (!TYPE_WORDS.includes(word)) {
    const meant = OTHER_TYPE_WORDS[word.toLowerCase()] ?? findNearest(word, TYPE_WORDS);
    const help = meant
      ? `did you mean ${meant.startsWith('"') ? meant : `"${meant}"`}?`
      : `it gives ${TYPE_WORDS.map((each) => `"${each}"`).join(', ')}`;
    return { message: `\`type(…)\` never gives "${word}"`, help };
  }
  const known = call.args[0] && findKind(call.args[0], kinds);
  if (!known) return undefined;
  const words = [...KIND_WORDS[known.kind], ...(known.mayBeNil ? ['nil'] : [])];
  if (words.includes(word)) return undefined;
  return {
    message: `its value is ${withArticle(known)}`,
    help: `it gives ${words.map((each) => `"${each}"`).join(' or ')}`,
  };
}

/** `rows != nil`: a key of the result that always has a value. */
function describeNeverNil(side: Node, nil: Node, kinds: ResultKinds): Omit<Said, 'node'> | undefined {
  if (side.kind !== 'name' || nil.kind !== 'literal' || nil.value !== null) return undefined;
  const known = findKind(side, kinds);
  if (!known || known.mayBeNil) return undefined;
  return {
    message: `\`${side.name}\` is always ${withArticle(known)}, never nil`,
    help: suggestCheck(side.name, known),
  };
}

function suggestCheck(name: string, { kind }: KnownKind): string {
  if (kind === 'bool') return `write \`${name}\` where it has to be true, \`not ${name}\` where it may not be`;
  if (kind === 'array')
    return `write \`len(${name}) > 0\` where there has to be something, \`len(${name}) == 0\` where nothing may be`;
  if (kind === 'map') return `compare what is in it, as in \`${name}["…"] == …\``;
  return `write the ${kind} that is expected: \`${name} == ${kind === 'string' ? '"…"' : '…'}\``;
}

/** What is known of a value before the run. */
interface KnownKind {
  readonly kind: SureKind;
  readonly mayBeNil: boolean;
}

function findKind(node: Node, kinds: ResultKinds): KnownKind | undefined {
  if (node.kind === 'name') return readKind(kinds.get(node.name));
  const kind = findSureKind(node);
  return kind && { kind, mayBeNil: false };
}

function readKind(given: ResultKind | undefined): KnownKind | undefined {
  if (given === undefined || given === 'any') return undefined;
  if (given === 'true') return { kind: 'bool', mayBeNil: false };
  return { kind: given.replace('?', '') as SureKind, mayBeNil: given.endsWith('?') };
}

function findSureKind(node: Node): SureKind | undefined {
  switch (node.kind) {
    case 'literal':
      return kindOfLiteral(node.value);
    case 'call':
      return CALL_KINDS.get(node.name);
    case 'list':
      return 'array';
    case 'map':
      return 'map';
    case 'text':
      return node.parts.length > 1 ? 'string' : undefined;
    case 'comparison':
      return 'bool';
    case 'unary':
      return node.operator === 'not' ? 'bool' : undefined;
    default:
      return undefined;
  }
}

function kindOfLiteral(value: unknown): SureKind | undefined {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? undefined : 'number';
}

/** `not status == 404`, where `not` takes only what is next to it. */
function suggestNot({ operator, left, right }: NodeOf<'binary'>, source: string): string | undefined {
  if (left.kind !== 'unary' || left.operator !== 'not') return undefined;
  const [operand, other] = [left.operand, right].map((side) => source.slice(side.offset, side.offset + side.length));
  const isNext = /^\s*[=!]=/.test(source.slice(left.operand.offset + left.operand.length));
  if (!isNext || left.operand.kind === 'binary') return undefined;
  const opposite = operator === '==' ? '!=' : '==';
  return `\`not\` belongs to \`${operand}\` alone: write \`${operand} ${opposite} ${other}\`, or \`not (${operand} ${operator} ${other})\``;
}

/** `"200"` for a number: `200`. */
function suggestSame(left: Node, right: Node): string | undefined {
  const literal = [left, right].find((node) => node.kind === 'literal');
  const value = literal?.kind === 'literal' ? literal.value : undefined;
  return typeof value === 'string' && /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(value)
    ? `write \`${value}\`, without quotes`
    : undefined;
}

function withArticle({ kind, mayBeNil }: KnownKind): string {
  return `${kind === 'array' ? 'an array' : `a ${kind}`}${mayBeNil ? ' or nil' : ''}`;
}

function listKinds(kind: SureKind, names: string): [string, SureKind][] {
  return names.split(' ').map((name) => [name, kind]);
}
