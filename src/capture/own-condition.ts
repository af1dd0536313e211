import { type ExprError, type Expression, listChildren, type Node, type NodeOf, printNode } from '../expr/index.ts';
import { checkPattern } from './i-regexp.ts';
import { compileOwn, listOwnNames, toOwn, toQuery } from './own-expression.ts';
import { createSyntaxError, type PathReader } from './path-reader.ts';
import type { Comparator, ComputedMember, Condition, Operand, OwnExpression, PathPlace, Query } from './query.ts';

const COMPARATORS: ReadonlySet<string> = new Set<Comparator>(['==', '!=', '<', '<=', '>', '>=']);

/**
 * Reads a condition that RFC 9535 does not know as an expression of our own language over `@`. Its comparisons are those of the
 * RFC all the same: what is missing equals nothing but what is missing, and loses no item to an error.
 * @throws ExprError when it is not an expression either
 */
export function readOwnCondition(reader: PathReader): Condition {
  const offset = reader.at;
  const text = reader.source.slice(offset, findEnd(reader.source, offset));
  const expression = compileOwn(text, offset, reader.functions);
  if (isConstant(expression.ast)) {
    const message = `the condition \`${text.trim()}\` is the same for every item`;
    throw createSyntaxError(message, offset, text.trimEnd().length, 'the item is `@`: for example `[?@.price > 10]`');
  }
  const condition = new Lowering(expression, text, { offset, reader }).lower(expression.ast);
  reader.names.push(...listOwnNames(expression, offset));
  reader.at += text.length;
  return condition;
}

/** Whether the tree is made of literals alone. */
function isConstant(node: Node): boolean {
  const isOfLiterals = ['literal', 'unary', 'binary', 'comparison'].includes(node.kind);
  return isOfLiterals && listChildren(node).every(isConstant);
}

/** Where the condition ends: at a comma or bracket that is not within quotes or pairs. */
function findEnd(source: string, start: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let at = start; at < source.length; at++) {
    const char = source[at] ?? '';
    if (quote !== undefined) {
      if (char === '\\' && quote !== '`') at++;
      else if (char === quote) quote = undefined;
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else if ('[({'.includes(char)) depth++;
    else if (depth === 0 && (char === ']' || char === ',')) return at;
    else if ('])}'.includes(char)) depth--;
  }
  return source.length;
}

/** Takes an expression apart into what is logic, what compares, and what only our own language can evaluate. */
class Lowering {
  readonly #whole: Expression;
  readonly #text: string;
  readonly #offset: number;
  readonly #reader: PathReader;

  constructor(whole: Expression, text: string, { offset, reader }: { offset: number; reader: PathReader }) {
    this.#whole = whole;
    this.#text = text;
    this.#offset = offset;
    this.#reader = reader;
  }

  lower(node: Node): Condition {
    const place = this.#placeOf(node);
    if (node.kind === 'unary' && node.operator === 'not')
      return { kind: 'not', part: this.lower(node.operand), ...place };
    if (node.kind === 'comparison') return this.#lowerChain(node, place);
    if (node.kind === 'binary') {
      const { operator, left, right } = node;
      if (operator === 'and' || operator === 'or')
        return { kind: operator, parts: [this.lower(left), this.lower(right)], ...place };
      if (isComparator(operator)) return this.#compare(operator, [left, right], place);
    }
    if (node.kind === 'call' && (node.name === 'match' || node.name === 'search'))
      return this.#lowerPattern(node, place);
    const query = toQuery(node, this.#offset, true);
    return query ? { kind: 'holds', query, ...place } : { kind: 'own', own: this.#toOwn(node), ...place };
  }

  /** `1 < @.a <= 5` */
  #lowerChain(node: Extract<Node, { kind: 'comparison' }>, place: PathPlace): Condition {
    const { operators, operands } = node;
    if (!operators.every(isComparator)) return { kind: 'own', own: this.#toOwn(node), ...place };
    const parts = operators.map((operator, at) => this.#compare(operator, operands.slice(at, at + 2), place));
    return { kind: 'and', parts, ...place };
  }

  #compare(comparator: Comparator, sides: readonly Node[], place: PathPlace): Condition {
    const [left, right] = sides.map((side) => this.#lowerOperand(side));
    if (!left || !right) throw new Error('a comparison has two sides');
    return { kind: 'compare', comparator, left, right, ...place };
  }

  /** As RFC 9535 has it, where it stands in a condition of our own. */
  #lowerPattern({ name, args }: NodeOf<'call'>, place: PathPlace): Condition {
    const [text, pattern] = args;
    if (!text || !pattern) throw new Error(`\`${name}\` takes two arguments`);
    const operand = this.#lowerOperand(pattern);
    if (operand.kind === 'literal' && typeof operand.value === 'string')
      checkPattern(operand.value, this.#placeOf(pattern));
    return { kind: 'pattern', isWhole: name === 'match', text: this.#lowerOperand(text), pattern: operand, ...place };
  }

  #lowerOperand(node: Node): Operand {
    if (node.kind === 'literal') return { kind: 'literal', value: node.value };
    const [first] = node.kind === 'call' && node.name === 'length' ? node.args : [];
    if (first) return { kind: 'length', of: this.#lowerOperand(first) };
    const query = toQuery(node, this.#offset);
    return query ? { kind: 'query', query } : (this.#lowerMember(node) ?? { kind: 'own', own: this.#toOwn(node) });
  }

  #lowerMember(node: Node): ComputedMember | undefined {
    if ((node.kind !== 'member' && node.kind !== 'index') || node.isOptional) return undefined;
    const query = toQuery(node.object, this.#offset);
    const of: Operand | undefined = query ? { kind: 'query', query } : this.#lowerMember(node.object);
    if (!of) return undefined;
    const key: Operand =
      node.kind === 'member' ? { kind: 'literal', value: node.name } : this.#lowerOperand(node.index);
    return { kind: 'member', of, key, own: this.#toOwn(node) };
  }

  #toOwn(node: Node): OwnExpression {
    const text = this.#text.slice(node.offset, node.offset + node.length);
    const about = { ...this.#placeOf(node), text, queries: this.#listQueries(node) };
    if (node === this.#whole.ast) return toOwn(this.#whole, about);
    return toOwn(compileOwn(printNode(node), about.offset, this.#reader.functions), about);
  }

  #listQueries(node: Node): readonly Query[] {
    const query = toQuery(node, this.#offset, true);
    if (query) return [query];
    if (node.kind === 'binary' && node.operator === '..' && toQuery(node.left, this.#offset))
      throw this.#refuseDescent(node);
    return listChildren(node).flatMap((child) => this.#listQueries(child));
  }

  #refuseDescent(node: Node): ExprError {
    const { offset, length } = this.#placeOf(node);
    const hint = 'write it without the names and words that RFC 9535 lacks, for example `[?count(@..tag) > 0]`';
    return createSyntaxError(
      '`..` searches all levels only in a condition that RFC 9535 can read',
      offset,
      length,
      hint,
    );
  }

  #placeOf(node: Node): PathPlace {
    return { offset: node.offset + this.#offset, length: node.length };
  }
}

function isComparator(operator: string): operator is Comparator {
  return COMPARATORS.has(operator);
}
