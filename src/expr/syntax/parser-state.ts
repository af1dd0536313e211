import { ExprError } from '../values/error.ts';
import { LIMITS } from '../values/limits.ts';
import type { Node, NodeShape, Place } from './ast.ts';
import { suggestForCall, suggestSpelling } from './foreign-syntax.ts';
import { suggestForWord } from './foreign-words.ts';
import { isOperator, readToken, type Token } from './lexer.ts';

/** The rules that other rules call; handed in so that the files of the parser need not import each other. */
interface Grammar {
  parseSequence(state: ParserState): Node;
  parseExpression(state: ParserState, precedence: number): Node;
  parsePostfix(state: ParserState, node: Node): Node;
}

/** Where the parser stands, and the few things every rule does with tokens and nodes. */
export class ParserState {
  readonly source: string;
  readonly hasPlaceholders: boolean;
  readonly grammar: Grammar;
  token: Token;
  previousEnd: number;
  predicateDepth = 0;
  private nesting = 0;
  private nodeCount = 0;

  constructor(source: string, start: number, options: { hasPlaceholders: boolean; grammar: Grammar }) {
    this.source = source;
    this.hasPlaceholders = options.hasPlaceholders;
    this.grammar = options.grammar;
    this.previousEnd = start;
    this.token = readToken(source, start, this);
  }

  next(): Token {
    const token = this.token;
    this.moveTo(token.end);
    return token;
  }

  /** Goes on reading at the offset. */
  moveTo(offset: number): void {
    this.previousEnd = offset;
    this.token = readToken(this.source, offset, this);
  }

  isAtEnd(): boolean {
    return this.token.kind === 'end';
  }

  is(operator: string): boolean {
    return isOperator(this.token, operator);
  }

  accept(operator: string): boolean {
    if (!this.is(operator)) return false;
    this.next();
    return true;
  }

  expect(operator: string, after: string): Token {
    if (!this.is(operator)) throw this.createUnexpected(`expected \`${operator}\` ${after}`);
    return this.next();
  }

  /** Notes that a rule goes one level deeper; the depth is bounded. */
  enter(): void {
    this.nesting++;
    if (this.nesting > LIMITS.nesting) {
      const { offset } = this.token;
      throw new ExprError('syntax', `nested deeper than ${LIMITS.nesting} levels`, { offset, length: 1 });
    }
  }

  /** Notes that a rule is done and gives its node. */
  leave(node: Node): Node {
    this.nesting--;
    return node;
  }

  /** Makes a node that reaches from the offset to the last token read; `depth` is that of its deepest child. */
  create<S extends NodeShape>(shape: S, offset: number, depth: number, at?: Token): S & Place & { depth: number } {
    this.nodeCount++;
    const length = this.previousEnd - offset;
    if (this.nodeCount > LIMITS.nodes) throw this.createLimitError(`has more than ${LIMITS.nodes} parts`, offset);
    if (depth >= LIMITS.treeDepth) throw this.createLimitError(`is deeper than ${LIMITS.treeDepth} operators`, offset);
    const node = shape as S & Place & { depth: number };
    node.offset = offset;
    node.length = length;
    node.at = at === undefined ? offset : at.offset;
    node.atLength = at === undefined ? length : at.end - at.offset;
    node.depth = depth + 1;
    return node;
  }

  createUnexpected(expectation: string): ExprError {
    const { token } = this;
    if (token.kind === 'end') {
      return new ExprError('syntax', `the expression ends too early: ${expectation}`, {
        offset: token.offset,
        length: 1,
      });
    }
    const length = Math.max(token.end - token.offset, 1);
    const found = this.source.slice(token.offset, token.offset + Math.min(length, 40));
    const hint = suggestFor(token, this.source);
    return new ExprError('syntax', `unexpected \`${found}\`: ${expectation}`, { offset: token.offset, length, hint });
  }

  private createLimitError(message: string, offset: number): ExprError {
    return new ExprError('syntax', `the expression ${message}`, { offset, length: 1 });
  }
}

/** `body.name == Grace`, and the words up to the end of the condition. */
const BARE_WORD = /^\s*(.*(?:[=!]=|\b(?:contains|startsWith|endsWith))\s*)([A-Za-z_]\w*)\s+$/s;
const MORE_WORDS = /^[\w'-]+(?:\s+(?!(?:and|or)\b)[\w'-]+)*(?=\s*$|\s+(?:and|or)\b)/;

/** Two conditions that nothing joins, or a text of several words without quotes. */
function suggestForJoint(source: string, { offset }: Token): string | undefined {
  const [, before = '', word] = BARE_WORD.exec(source.slice(0, offset)) ?? [];
  const [rest] = (word !== undefined && MORE_WORDS.exec(source.slice(offset))) || [];
  if (rest !== undefined) return `where a text is meant, put it in quotes: \`${before}"${word} ${rest}"\``;
  const isCompared = /(?:[=!]=|[<>]=?|\b(?:in|contains|matches)\b)\s*(?:[\w.]+|"[^"]*"|'[^']*')\s+$/.test(
    source.slice(0, offset),
  );
  return isCompared ? 'join conditions with `and` or `or`' : undefined;
}

/** `"body.name == "Ann""`: quotes around the whole end before the text in it. */
function suggestForQuotes(source: string, { offset }: Token): string | undefined {
  const inner = /^\s*"(.*[=!<>(\s]"[^"]*")"\s*$/s.exec(source)?.[1];
  if (inner === undefined || source[offset - 1] !== '"' || (inner.match(/"/g)?.length ?? 0) % 2 !== 0) return undefined;
  return `the quotes around the whole make a text of it: write \`${inner}\``;
}

function suggestFor(token: Token, source: string): string | undefined {
  const spelling = suggestSpelling(source, token.offset);
  if (spelling !== undefined || token.kind === 'operator' || token.kind === 'word') return spelling;
  const word = token.kind === 'name' ? (suggestForQuotes(source, token) ?? suggestForWord(source, token)) : undefined;
  return word ?? suggestForCall(source, token.offset) ?? suggestForJoint(source, token);
}
