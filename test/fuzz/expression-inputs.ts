import { readFileSync } from 'node:fs';
import { type Draws, mutate } from './draws.ts';

const CASES: readonly string[] = readFileSync(new URL('../expr/expr-cases.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).expr);

/** Pieces of expressions. */
export const EXPRESSION_WORDS: readonly string[] =
  `body status items total list text user n nil true false null 0 1 7 -1 2.5 1e3 0x1F 1e400
  99999999999999999999 9007199254740993 .1234567890123456789 "a" 'b' \`c\` "\\\\u0041" + - * / % ** ^ == != < > <= >= && || ! and or not in
  matches contains startsWith endsWith ?? ?: ? : ?. . .. ( ) [ ] { } {{ }} \${ << >> , ; | # #acc #index let if else $env len( map( filter(
  all( any( reduce( sum( sort( groupBy( sortBy( take( split( replace( repeat( join( flatten( concat( toJSON( fromJSON( date( duration( int(
  float( string( get( keys( values( uuid( json( base64( matches_partial( same_items( approx( is_uuid( faker( random_int( matches_schema(
  .price .id .Year() [0] [-1] [1:] [:2] .length __proto__ constructor prototype toString = === // /* */ _ é 日 x => function this`.split(
    /\s+/,
  );

/** An expression: grown by the grammar, a case with changes, or pieces in any order. */
export function makeExpression(draws: Draws): string {
  switch (draws.below(3)) {
    case 0:
      return grow(draws, 5);
    case 1:
      return mutate(draws.pick(CASES), EXPRESSION_WORDS, draws);
    default:
      return Array.from({ length: 1 + draws.below(14) }, () => draws.pick(EXPRESSION_WORDS)).join(
        draws.pick(['', ' ']),
      );
  }
}

const LEAVES = [
  '1',
  '0',
  '-2',
  '2.5',
  '9007199254740993',
  'nil',
  'true',
  'false',
  '"a"',
  '"7"',
  'body',
  'status',
  'items',
  'list',
  'text',
  'user',
  'n',
  '[]',
  '{}',
  '#',
  'now()',
  '"\\d+"',
];
const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '==',
  '!=',
  '<',
  '>=',
  'and',
  'or',
  'in',
  'matches',
  'contains',
  'startsWith',
  '??',
  '..',
];
const LOOPS = [
  'all',
  'any',
  'none',
  'one',
  'filter',
  'map',
  'find',
  'findIndex',
  'count',
  'sum',
  'groupBy',
  'sortBy',
  'reduce',
];
const CALLS = [
  'len',
  'type',
  'string',
  'int',
  'float',
  'upper',
  'trim',
  'keys',
  'values',
  'sort',
  'reverse',
  'uniq',
  'flatten',
  'first',
  'last',
  'toJSON',
  'fromJSON',
  'sum',
  'max',
  'abs',
  'round',
  'date',
  'duration',
  'json',
  'base64',
  'is_iso_date',
];
const CALLS_OF_TWO = [
  'split',
  'join',
  'take',
  'repeat',
  'indexOf',
  'concat',
  'get',
  'same_items',
  'matches_partial',
  'contains_all',
  'bitand',
  'replace',
];
const MEMBERS = ['.id', '.price', '.items', '?.id', '[0]', '[-1]', '["id"]', '[1:2]', '.in', '.Year()', '.Hours()'];

function grow(draws: Draws, depth: number): string {
  if (depth === 0) return draws.pick(LEAVES);
  const inner = (): string => grow(draws, depth - 1 - draws.below(2 > depth - 1 ? 1 : 2));
  switch (draws.below(12)) {
    case 0:
    case 1:
      return `${inner()} ${draws.pick(OPERATORS)} ${inner()}`;
    case 2:
      return `(${inner()})${draws.pick(MEMBERS)}`;
    case 3:
      return `${draws.pick(CALLS)}(${inner()})`;
    case 4:
      return `${draws.pick(CALLS_OF_TWO)}(${inner()}, ${inner()})`;
    case 5:
      return `${draws.pick(LOOPS)}(${inner()}, ${inner()})`;
    case 6:
      return `[${inner()}, ${inner()}]`;
    case 7:
      return `{a: ${inner()}, "b c": ${inner()}}`;
    case 8:
      return `(${inner()}) ? ${inner()} : ${inner()}`;
    case 9:
      return `let v = ${inner()}; v`;
    case 10:
      return `${draws.pick(['not ', '-', '!'])}(${inner()})`;
    default:
      return `${inner()} | ${draws.pick(CALLS)}()`;
  }
}
