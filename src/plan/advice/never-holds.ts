import { listChildren, type Node, type NodeOf } from '../../expr/index.ts';
import { type ExpressionAt, isExpressionAt } from '../../model/expression-at.ts';
import { findNearest } from '../../util/suggest.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';

type Kind = 'bool' | 'number' | 'string' | 'array' | 'map';

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

const RESULT_KINDS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  http_request: { status: 'number', duration_ms: 'number', size: 'number', headers: 'map' },
  database_query: {
    rows: 'array',
    row_count: 'number',
    rows_affected: 'number',
    columns: 'array',
    duration_ms: 'number',
  },
  kafka_consumer: { messages: 'array', count: 'number', seen: 'number', duration_ms: 'number' },
  poll: { attempts: 'number', waited_ms: 'number' },
};

const CALL_KINDS = new Map<string, Kind>([
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
  const kinds = Object.assign({}, ...listActions(step).map((name) => RESULT_KINDS[name]));
  const authored = step.authored as Readonly<Record<string, unknown>> | null | undefined;
  const untilList = [authored?.['until']].flat().filter(isExpressionAt);
  for (const condition of step.assert) warnComparisons(condition, kinds, findings);
  for (const condition of untilList) warnComparisons(condition, kinds, findings);
  if (step.when) warnComparisons(step.when, {}, findings);
}

function listActions(step: PlannedStep): string[] {
  return [...step.children.flatMap(listActions), step.action.name];
}

type Kinds = Readonly<Record<string, Kind>>;

function warnComparisons({ expression, text }: ExpressionAt, kinds: Kinds, findings: Findings): void {
  const visit = (node: Node): void => {
    const said = node.kind === 'binary' ? describeComparison(node, kinds) : undefined;
    if (said) findings.warn(CODES.neverHolds, said.message, text.locate(node.offset, node.length), said.help);
    for (const child of listChildren(node)) visit(child);
  };
  visit(expression.ast);
}

function describeComparison(node: NodeOf<'binary'>, kinds: Kinds): { message: string; help: string[] } | undefined {
  const { operator, left, right } = node;
  if (operator !== '==' && operator !== '!=') return undefined;
  const outcome = operator === '==' ? 'can never hold' : 'always holds';
  const word = findWrongTypeWord(left, right) ?? findWrongTypeWord(right, left);
  if (word !== undefined) {
    const meant = OTHER_TYPE_WORDS[word.toLowerCase()] ?? findNearest(word, TYPE_WORDS);
    const help = meant
      ? `did you mean ${meant.startsWith('"') ? meant : `"${meant}"`}?`
      : `it gives ${TYPE_WORDS.map((each) => `"${each}"`).join(', ')}`;
    return { message: `this ${outcome}: \`type(…)\` never gives "${word}"`, help: [help] };
  }
  const [a, b] = [findKind(left, kinds), findKind(right, kinds)];
  if (a === undefined || b === undefined || a === b) return undefined;
  const message = `this ${outcome}: the left side is ${withArticle(a)}, the right side ${withArticle(b)}`;
  return {
    message,
    help: [suggestSame(left, right) ?? 'values of different kinds are never equal: there is no conversion'],
  };
}

function findWrongTypeWord(call: Node, literal: Node): string | undefined {
  if (call.kind !== 'call' || call.name !== 'type' || literal.kind !== 'literal') return undefined;
  const { value } = literal;
  return typeof value === 'string' && !TYPE_WORDS.includes(value) ? value : undefined;
}

/** The kind of a value that is sure before the run. */
function findKind(node: Node, kinds: Kinds): Kind | undefined {
  switch (node.kind) {
    case 'literal':
      return kindOfLiteral(node.value);
    case 'call':
      return CALL_KINDS.get(node.name);
    case 'name':
      return Object.hasOwn(kinds, node.name) ? kinds[node.name] : undefined;
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

function kindOfLiteral(value: unknown): Kind | undefined {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? undefined : 'number';
}

/** `"200"` for a number: `200`. */
function suggestSame(left: Node, right: Node): string | undefined {
  const literal = [left, right].find((node) => node.kind === 'literal');
  const value = literal?.kind === 'literal' ? literal.value : undefined;
  return typeof value === 'string' && /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(value)
    ? `write \`${value}\`, without quotes`
    : undefined;
}

function withArticle(kind: Kind): string {
  return kind === 'array' ? 'an array' : `a ${kind}`;
}

function listKinds(kind: Kind, names: string): [string, Kind][] {
  return names.split(' ').map((name) => [name, kind]);
}
