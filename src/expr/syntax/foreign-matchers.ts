import { foldWord } from '../values/nearest.ts';

/** How a comparison is written here, and its opposite; `$1` is the value, `$2` what it is held against. */
interface Matcher {
  readonly holds: string;
  readonly fails: string;
}

/** What other languages call a comparison, by how it is written here and how its opposite is. */
const matchers: readonly [string, string, string][] = [
  [
    '$1 == $2',
    '$1 != $2',
    'toBe toEqual toStrictEqual equal equals eq eql equalTo isEqualTo is deepEqual deepEquals toBeEqual resemble JSONEqual same exactly',
  ],
  ['$1 != $2', '$1 == $2', 'isNotEqualTo notEqual notEquals ne neq differentFrom'],
  [
    '$1 contains $2',
    'not ($1 contains $2)',
    'toContain contain contains containing include includes including toInclude toContainString containSubstring',
  ],
  [
    '$2 in $1',
    '$2 not in $1',
    'toContainEqual toHaveProperty property hasProperty containsKey containKey hasKey haveKey key',
  ],
  ['$1 in $2', '$1 not in $2', 'in oneOf toBeOneOf anyOf isIn isAnyOf'],
  ['$1 matches $2', 'not ($1 matches $2)', 'toMatch match matches matching matchesPattern matchRegex regex'],
  ['$1 startsWith $2', 'not ($1 startsWith $2)', 'startWith startsWith startingWith beginWith beginsWith'],
  ['$1 endsWith $2', 'not ($1 endsWith $2)', 'endWith endsWith endingWith'],
  ['$1 >= $2', '$1 < $2', 'toBeGreaterThanOrEqual greaterOrEqual atLeast least gte ge isGreaterThanOrEqualTo'],
  ['$1 > $2', '$1 <= $2', 'toBeGreaterThan above greaterThan isGreaterThan gt moreThan bigger larger'],
  ['$1 <= $2', '$1 > $2', 'toBeLessThanOrEqual lessOrEqual atMost most lte le isLessThanOrEqualTo'],
  ['$1 < $2', '$1 >= $2', 'toBeLessThan below lessThan isLessThan lt fewerThan smaller'],
  ['date($1) < date($2)', 'date($1) >= date($2)', 'happenBefore before'],
  ['date($1) > date($2)', 'date($1) <= date($2)', 'happenAfter after'],
  ['approx($1, $2, 0.01)', 'not approx($1, $2, 0.01)', 'toBeCloseTo closeTo isCloseTo almostEqual'],
  ['len($1) == $2', 'len($1) != $2', 'toHaveLength length lengthOf hasSize hasLength size count'],
  ['matches_partial($1, $2)', 'not matches_partial($1, $2)', 'toMatchObject objectContaining'],
  ['type($1) == $2', 'type($1) != $2', 'a an type isInstanceOf toBeInstanceOf instanceOf'],
  ['is_string($1)', 'not is_string($1)', 'string isString'],
  ['is_number($1)', 'not is_number($1)', 'number numeric isNumber isFloat'],
  ['is_int($1)', 'not is_int($1)', 'integer int isInteger isInt'],
  ['is_bool($1)', 'not is_bool($1)', 'boolean bool isBoolean'],
  ['is_array($1)', 'not is_array($1)', 'array list collection isArray isList isCollection'],
  ['is_map($1)', 'not is_map($1)', 'object map dict isObject isMap'],
  ['is_uuid($1)', 'not is_uuid($1)', 'uuid guid isUuid'],
  ['is_iso_date($1)', 'not is_iso_date($1)', 'date datetime isIsoDate isDate'],
  [
    '$1 == nil',
    '$1 != nil',
    'toBeNull toBeUndefined null nil none undefined absent missing isNull notExist notExists doesNotExist',
  ],
  ['$1 != nil', '$1 == nil', 'toBeDefined exist exists defined present isNotNull toExist'],
  ['$1 == true', '$1 == false', 'toBeTruthy toBeTrue true isTrue ok'],
  ['$1 == false', '$1 == true', 'toBeFalsy toBeFalse false isFalse'],
  ['len($1) == 0', 'len($1) > 0', 'empty blank isEmpty toBeEmpty'],
  ['len($1) > 0', 'len($1) == 0', 'isNotEmpty'],
  ['$1 == 0', '$1 != 0', 'zero zeroValue'],
];

/** Words that say nothing by themselves. */
const FILLERS = new Set(
  'should must shall will to be been is are was were does do did has have had than that it a an the of or with expected'.split(
    ' ',
  ),
);
const NEGATIONS = new Set(['not', 'isnt', 'doesnt', 'shouldnt', 'mustnt', 'arent', 'never']);

/** What a matcher may be made of at most, as `is not greater than or equal to`. */
const MOST_WORDS = 8;

const byWord = new Map<string, Matcher>();
for (const [holds, fails, words] of matchers) {
  for (const word of words.split(' ')) {
    byWord.set(foldWord(word), { holds, fails });
    const pieces = splitWords(word).map(({ text }) => text);
    const core = pieces.filter(isTelling).join('');
    if (core !== '' && !byWord.has(core) && !pieces.some((piece) => NEGATIONS.has(piece)))
      byWord.set(core, { holds, fails });
  }
}

/** The comparison that another language calls so. */
export function findMatcher(word: string): Matcher | undefined {
  return byWord.get(foldWord(word));
}

/** The comparison with its sides filled in; of a side that is not known stands `…`. */
export function writeMatcher(
  { holds, fails }: Matcher,
  { isNot, value, expected = '…' }: { isNot: boolean; value: string; expected?: string | undefined },
): string {
  return (isNot ? fails : holds).replaceAll(/\$([12])/g, (_, number) => (number === '1' ? value : expected));
}

const VALUE = /((?:[\p{L}_$][\p{L}\p{Nd}_$]*)(?:\??\.[\p{L}_][\p{L}\p{Nd}_]*|\[[^[\]]*\]|\([^()]*\))*)\s+(?:not\s+)?$/u;
const EXPECTED =
  /^\s*(?:[=:]+\s*|([<>]=?)\s*)?\(?\s*("[^"\n]*"|'[^'\n]*'|\[[^[\]\n]*\]|\{[^{}\n]*\}|-?[\p{L}\p{Nd}_$][\p{L}\p{Nd}_$.[\]]*)/u;
const VALUE_LIKE = /^(?:["'[{\d-]|(?:nil|null|true|false)$|.*\.)/;
/** How an assertion in words is written, `body.id ShouldNotEqual 3`, `name starts with "A"`: the words begin at the offset. */
export function suggestForPhrase(source: string, offset: number): string | undefined {
  const [head, rest] = [source.slice(Math.max(0, offset - 200), offset), source.slice(offset, offset + 200)];
  const value = VALUE.exec(head)?.[1];
  if (value === undefined) return undefined;
  const pieces = splitWords(rest);
  const isNegated = /\bnot\s+$/.test(head);
  const isVenom = /^Should[A-Z]/.test(rest);
  let best: { readonly written: string } | undefined;
  for (let count = 1; count <= pieces.length; count++) {
    const words = pieces.slice(0, count).map(({ text }) => text);
    const matcher = readWords(words);
    if (!matcher) continue;
    const [, sign, expected] = EXPECTED.exec(rest.slice(pieces[count - 1]?.end)) ?? [];
    const isNot = isNegated !== words.some((word) => NEGATIONS.has(word));
    if (matcher.holds.includes('$2') && expected === undefined) continue;
    // What follows a mere `is` may be one more word.
    if (!hasTelling(words) && !VALUE_LIKE.test(expected ?? '')) continue;
    const kind = matcher.holds.startsWith('type(') && expected !== undefined ? findMatcher(expected) : undefined;
    const side = writeExpected(matcher, expected, { rest: rest.slice(pieces[count - 1]?.end), isVenom });
    const written = writeMatcher(kind ?? matcher, { isNot, value: writeResult(value), expected: side });
    best = { written: sign === undefined ? written : written.replace(/ [=!]= /, ` ${sign} `) };
  }
  return best && `write \`${best.written}\``;
}

/** A path into the result as Venom has it, `result.bodyjson.id`: below `body`. */
function writeResult(path: string): string {
  const [, key = '', rest = ''] = /^result\.(\w+)(.*)$/s.exec(path) ?? [];
  return OF_VENOM.has(key) ? `${OF_VENOM.get(key)}${rest}` : path;
}

const OF_VENOM: ReadonlyMap<string, string> = new Map([
  ['statuscode', 'status'],
  ['body', 'body'],
  ['bodyjson', 'body'],
  ['headers', 'headers'],
  ['timeseconds', 'duration_ms / 1000'],
]);

/** What a value is held against: a bare word is a text where one is wanted (behind Venom's `Should…` always), and several are a list. */
function writeExpected({ holds }: Matcher, expected: string | undefined, phrase: Phrase): string | undefined {
  if (expected === undefined) return undefined;
  const isWord = /^[A-Za-z_]\w*$/.test(expected) && !/^(?:true|false|nil|null)$/.test(expected);
  if (TEXT_TESTS.test(holds) ? isWord || /^-?\d[\w.]*$/.test(expected) : isWord && phrase.isVenom)
    return `"${expected}"`;
  if (holds !== '$1 in $2' || /^[[{]/.test(expected)) return expected;
  const items = phrase.rest.trim().split(/\s*,\s*|\s+/);
  return items.every((item) => /^(?:-?\d+(?:\.\d+)?|"[^"]*"|'[^']*')$/.test(item)) ? `[${items.join(', ')}]` : expected;
}

/** What follows the words of a comparison. */
interface Phrase {
  readonly rest: string;
  readonly isVenom: boolean;
}

const TEXT_TESTS = /^\$1 (?:contains|startsWith|endsWith|matches) \$2$/;

/** The matcher that words mean together; `is` and `should be` alone are a comparison. */
function readWords(words: readonly string[]): Matcher | undefined {
  if (!hasTelling(words))
    return words.some((word) => /^(?:is|be|isnt|are)$/.test(word)) ? findMatcher('is') : undefined;
  return findMatcher(words.filter(isTelling).join('')) ?? findMatcher(words.join(''));
}

function hasTelling(words: readonly string[]): boolean {
  return words.some(isTelling);
}

function isTelling(word: string): boolean {
  return !FILLERS.has(word) && !NEGATIONS.has(word);
}

/** The words that text begins with, capitals and `_` parting them too. */
function splitWords(text: string): readonly { readonly text: string; readonly end: number }[] {
  const pieces: { text: string; end: number }[] = [];
  const pattern = /\s*_*([A-Z]*[a-z]+|[A-Z]+)('t)?/y;
  for (let end = 0; pieces.length < MOST_WORDS; end = pattern.lastIndex) {
    pattern.lastIndex = end;
    const [, word, not] = pattern.exec(text) ?? [];
    if (word === undefined) break;
    pieces.push({ text: `${word.toLowerCase()}${not === undefined ? '' : 't'}`, end: pattern.lastIndex });
  }
  return pieces;
}
