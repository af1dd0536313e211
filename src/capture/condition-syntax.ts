import { ExprError, parseJson } from '../expr/index.ts';
import { makeFunction, STANDARD_FUNCTIONS } from './condition-functions.ts';
import { type Term, toOperand } from './condition-terms.ts';
import { readOwnCondition } from './own-condition.ts';
import { compileOwn, listOwnNames, toOwn } from './own-expression.ts';
import { createSyntaxError, type PathReader, RefusalError } from './path-reader.ts';
import { readSegments } from './path-syntax.ts';
import { type Comparator, type Condition, isSingular, type PathPlace } from './query.ts';

/** Thrown where a condition leaves the grammar of RFC 9535, so that it is read as an expression of our own. */
class MismatchError extends Error {}

const COMPARATOR = /==|!=|<=|>=|<|>/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])/y;
/** What only looks like one, where nothing is calculated with it. */
const ODD_NUMBER =
  /[-+ \t\n\r]*\.?\d\w*(?:\.(?!\.)\w*)*(?:(?<=[eE])[-+]+[\w.]*)?(?:(?<=\.)|(?=[ \t\n\r]*(?:[\]),]|&&|\|\||[=!<>])))/y;
/** One that holds no quotes and braces, so that its end is plain to see. */
const PLAIN_PLACEHOLDER = /\{\{[^{}"'`]*\}\}|\$\{[^{}"'`:]*\}|<<[\p{L}_$][^<>"'`]*>>/uy;
const PLACEHOLDER = /\{\{|\$\{|<<[\p{L}_$]/u;
const WORD = /[A-Za-z_]\w*/y;
/** A name of the flow with members of it, as far as they are plain. */
const MEMBERS = /(?:\.[A-Za-z_]\w*|\[(?:\d+|"[^"\\]*"|'[^'\\]*')\])*(?![\w(?.[])/y;
/** Words that are no names in our own language. */
const RESERVED = new Set([
  'nil',
  'not',
  'and',
  'or',
  'in',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'let',
  'if',
]);
const LITERALS: Readonly<Record<string, null | boolean>> = { true: true, false: false, null: null };

/** Reads the condition of a filter, from behind its `?`: by RFC 9535, else as an expression of our own. @throws ExprError */
export function readCondition(reader: PathReader): Condition {
  const mark = reader.at - 1;
  reader.skipBlanks();
  if (reader.char === ']' || reader.char === ',')
    throw createSyntaxError('the filter has no condition', mark, 1, 'write `[?@.price > 10]`');
  const start = reader.at;
  const known = reader.names.length;
  try {
    return readStandard(reader);
  } catch (error) {
    if (error instanceof RefusalError || !(error instanceof ExprError || error instanceof MismatchError)) throw error;
    reader.at = start;
    reader.names.length = known;
    return readOwn(reader, error);
  }
}

/** What is wrong is reported by the reading that got further. */
function readOwn(reader: PathReader, standard: Error): Condition {
  try {
    return readOwnCondition(reader);
  } catch (error) {
    const isFurther = standard instanceof ExprError && error instanceof ExprError && standard.offset >= error.offset;
    throw isFurther ? standard : error;
  }
}

function readStandard(reader: PathReader): Condition {
  const parser = new ConditionParser(reader);
  const condition = parser.readOr();
  reader.skipBlanks();
  if (reader.char !== ']' && reader.char !== ',' && reader.char !== '') throw new MismatchError();
  return parser.hasNames ? toOwnTests(condition) : condition;
}

/** With names of the flow in it, a condition is one of our own, in which a lone `@.vip` is its value. */
function toOwnTests(condition: Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, parts: condition.parts.map(toOwnTests) };
    case 'not':
      return { ...condition, part: toOwnTests(condition.part) };
    case 'exists': {
      const { query, offset, length } = condition;
      return isSingular(query) ? { kind: 'holds', query, offset, length } : condition;
    }
    default:
      return condition;
  }
}

/** The grammar of RFC 9535, §2.3.5, with names of the flow where values may stand. */
class ConditionParser {
  hasNames = false;
  readonly #reader: PathReader;

  constructor(reader: PathReader) {
    this.#reader = reader;
  }

  readOr(): Condition {
    return this.#readParts('or', '||', () => this.#readParts('and', '&&', () => this.#readBasic()));
  }

  #readParts(kind: 'or' | 'and', sign: string, read: () => Condition): Condition {
    const reader = this.#reader;
    reader.skipBlanks();
    const offset = reader.at;
    const first = read();
    const parts = [first];
    for (;;) {
      const end = reader.at;
      reader.skipBlanks();
      if (!reader.takeText(sign)) {
        reader.at = end;
        return parts.length === 1 ? first : { kind, parts, offset, length: end - offset };
      }
      reader.skipBlanks();
      parts.push(read());
    }
  }

  #readBasic(): Condition {
    const reader = this.#reader;
    const offset = reader.at;
    if (!reader.takeText('!')) return reader.char === '(' ? this.#readGroup() : this.#readComparison();
    reader.skipBlanks();
    const part = reader.char === '(' ? this.#readGroup() : toTest(this.#readTerm());
    return { kind: 'not', part, offset, length: reader.at - offset };
  }

  #readGroup(): Condition {
    const reader = this.#reader;
    reader.at++;
    const condition = reader.nest(() => this.readOr());
    reader.skipBlanks();
    if (!reader.takeText(')')) throw new MismatchError();
    return condition;
  }

  #readComparison(): Condition {
    const reader = this.#reader;
    const left = this.#readTerm();
    const end = reader.at;
    reader.skipBlanks();
    const comparator = reader.take(COMPARATOR) as Comparator | undefined;
    if (comparator === undefined) {
      reader.at = end;
      return toTest(left);
    }
    reader.skipBlanks();
    const right = this.#readTerm();
    const place = { offset: left.offset, length: reader.at - left.offset };
    return { kind: 'compare', comparator, left: toOperand(left), right: toOperand(right), ...place };
  }

  #readTerm(): Term {
    const reader = this.#reader;
    const offset = reader.at;
    const { char } = reader;
    if (reader.take(PLAIN_PLACEHOLDER) !== undefined) return this.#makeOwn(offset);
    const finish = (): PathPlace => ({ offset, length: reader.at - offset });
    if (char === '@' || (char === '$' && !/[\w{]/.test(reader.source[offset + 1] ?? ''))) {
      reader.at++;
      const segments = readSegments(reader, false, readCondition);
      const place = finish();
      return { kind: 'query', query: { isRelative: char === '@', segments, ...place }, ...place };
    }
    if (char === '"' || char === "'") {
      const value = reader.readQuoted();
      // A text with placeholders is filled in, as in every expression.
      if (PLACEHOLDER.test(value)) return this.#makeOwn(offset);
      return { kind: 'literal', value, ...finish() };
    }
    const number = reader.take(NUMBER);
    if (number !== undefined) return { kind: 'literal', value: parseJson(number), ...finish() };
    const odd = reader.take(ODD_NUMBER);
    if (odd !== undefined)
      throw new RefusalError(`\`${odd}\` is not a number as JSON writes it`, { ...finish(), hint: hintAtNumber(odd) });
    return this.#readWord();
  }

  #readWord(): Term {
    const reader = this.#reader;
    const offset = reader.at;
    const word = reader.take(WORD);
    if (word === undefined || RESERVED.has(word)) throw new MismatchError();
    if (reader.char === '(') return this.#readFunction(word, offset);
    const literal = LITERALS[word];
    if (literal !== undefined) return { kind: 'literal', value: literal, offset, length: word.length };
    if (/^(?:true|false|null|none|undefined)$/i.test(word)) throw refuseLiteral(word, offset);
    if (reader.take(MEMBERS) === undefined) throw new MismatchError();
    return this.#makeOwn(offset);
  }

  /** What was read from an offset on, as an expression of our own: names of the flow alone stand there. */
  #makeOwn(offset: number): Term {
    const reader = this.#reader;
    const text = reader.source.slice(offset, reader.at);
    const expression = compileOwn(text, offset, reader.functions);
    reader.names.push(...listOwnNames(expression, offset));
    this.hasNames = true;
    const place = { offset, length: text.length };
    return { kind: 'own', own: toOwn(expression, { ...place, text, queries: [] }), ...place };
  }

  #readFunction(name: string, offset: number): Term {
    const reader = this.#reader;
    if (!STANDARD_FUNCTIONS.has(name)) throw new MismatchError();
    const terms: Term[] = [];
    reader.at++;
    reader.skipBlanks();
    while (!reader.takeText(')')) {
      if (terms.length > 0) {
        if (!reader.takeText(',')) throw new MismatchError();
        reader.skipBlanks();
      }
      terms.push(reader.nest(() => this.#readTerm()));
      reader.skipBlanks();
    }
    const term = makeFunction(name, terms, { offset, length: reader.at - offset });
    // Our own `count(list, predicate)` over names of the flow.
    if (!term) throw new MismatchError();
    return term;
  }
}

function hintAtNumber(odd: string): string {
  const value = Number(odd.replaceAll(/\s/g, ''));
  return `write for example \`${Number.isFinite(value) ? value : 1.5}\``;
}

function refuseLiteral(word: string, offset: number): RefusalError {
  const isNothing = /^(?:none|undefined)$/i.test(word);
  const hint = isNothing ? 'write `null`, or `!@.name` for what is missing' : `write \`${word.toLowerCase()}\``;
  return new RefusalError(`\`${word}\` is not a literal`, { offset, length: word.length, hint });
}

function toTest(term: Term): Condition {
  const { offset, length } = term;
  if (term.kind === 'query') return { kind: 'exists', query: term.query, offset, length };
  if (term.kind === 'test') return term.condition;
  if (term.kind === 'function') {
    const hint = `compare it, for example \`${term.name}(…) > 0\``;
    throw new RefusalError(`\`${term.name}\` gives a value, which is not a condition`, { offset, length, hint });
  }
  throw new MismatchError();
}
