import { foldWord } from '../values/nearest.ts';
import { suggestForPhrase } from './foreign-matchers.ts';

const COMPARE = 'compare with `==`, `!=`, `>`, `contains` or `matches`, without other words';

/** Words that other languages have where an operator stands, and how it is written here. */
const words = new Map<string, string>([
  ['equals', 'compare with `==`'],
  ['equal', 'compare with `==`'],
  ['eq', 'compare with `==`'],
  ['equalto', 'compare with `==`'],
  ['ne', 'compare with `!=`'],
  ['neq', 'compare with `!=`'],
  ['isnt', 'compare with `!=`'],
  ['notequals', 'compare with `!=`'],
  ...['should', 'must', 'shall', 'to'].map((word): [string, string] => [word, COMPARE]),
  ['gt', 'write `>`'],
  ['gte', 'write `>=`'],
  ['ge', 'write `>=`'],
  ['lt', 'write `<`'],
  ['lte', 'write `<=`'],
  ['le', 'write `<=`'],
  ['mod', 'write `%`'],
  ['div', 'write `/`, and `int(…)` around it for whole numbers'],
  ['exists', 'compare with `!= nil`'],
  ['exist', 'compare with `!= nil`'],
  ['xor', 'write `(a or b) and not (a and b)`'],
  ['like', 'write `matches` with a regular expression, or `contains`'],
  ['regex', 'write `matches`'],
  ['match', 'write `matches`'],
  ['includes', 'write `contains` for text, `x in list` for a list'],
  ['include', 'write `contains` for text, `x in list` for a list'],
  ['contain', 'write `contains` for text, `x in list` for a list'],
  ['has', 'write `"key" in map` for a key, `x in list` for an item'],
  ['beginswith', 'write `startsWith`'],
  ['startwith', 'write `startsWith`'],
  ['endwith', 'write `endsWith`'],
  ['notin', 'write `not in`'],
  ...['icontains', 'containsignorecase'].map((word): [string, string] => [word, 'write `lower(x) contains "a"`']),
  ...['iequals', 'equalsignorecase', 'equalfold'].map((word): [string, string] => [word, 'write `lower(x) == "a"`']),
  ['between', 'write `1 <= x <= 5`, or `x in 1..5`'],
  ['instanceof', 'compare `type(x) == "map"`'],
  ['then', 'write `condition ? a : b`, or `if condition { a } else { b }`'],
  ['for', 'a list is mapped with `map(list, .name)`, its items are chosen with `filter(list, .price > 10)`'],
  ['as', 'a value is converted by a function: `int(x)`, `float(x)`, `string(x)`'],
  ['where', 'items are chosen with `filter(list, .price > 10)`'],
]);

const operators = ['not', 'in', 'or', 'and', 'matches', 'contains', 'startsWith', 'endsWith'];
const signs: { readonly [word: string]: string } = { and: ' or `&&`', or: ' or `||`', not: ' or `!`' };

/** How a word is written that stands where an operator belongs. */
export function suggestForWord(
  source: string,
  token: { text: string; offset: number; end: number },
): string | undefined {
  const { text, offset, end } = token;
  const folded = foldWord(text);
  const operator = operators.find((word) => foldWord(word) === folded);
  if (operator !== undefined) return `write \`${operator}\`${signs[operator] ?? ''}`;
  const written = suggestForPhrase(source, offset);
  if (written !== undefined) return written;
  if (folded === 'is') return /^\s+not\b/i.test(source.slice(end)) ? 'compare with `!=`' : 'compare with `==`';
  return words.get(folded) ?? words.get(folded.replace(/^(?:should|must)?(?:is|be)?/, ''));
}

const names: ReadonlyMap<string, string> = new Map<string, string>([
  ...['undefined', 'None', 'NULL', 'Null', 'Nil', 'NIL'].map((word): [string, string] => [word, 'did you mean `nil`?']),
  ...['yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word): [string, string] => [word, 'a bool is written `true`']),
  ...['no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word): [string, string] => [word, 'a bool is written `false`']),
  ...['True', 'TRUE'].map((word): [string, string] => [word, 'did you mean `true`?']),
  ...['False', 'FALSE'].map((word): [string, string] => [word, 'did you mean `false`?']),
  ['Math', 'functions need no prefix: `abs(x)`, `round(x)`, `max(a, b)`'],
  ['JSON', 'functions need no prefix: `toJSON(x)`, `fromJSON(text)`'],
  ['Object', 'functions need no prefix: `keys(map)`, `values(map)`'],
  ['Array', 'functions need no prefix: `is_array(x)`'],
  ['Date', 'functions need no prefix: `now()`, `date(text)`'],
  ['moment', 'functions need no prefix: `now()`, `date(text)`'],
  ['datetime', 'functions need no prefix: `now()`, `date(text)`'],
  ['Number', 'functions need no prefix: `int(text)`, `float(text)`'],
  ['String', 'functions need no prefix: `string(x)`'],
]);

/** What is meant by a name that other languages have. */
export function suggestForName(name: string): string | undefined {
  return names.get(name);
}
