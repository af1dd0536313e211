import { findMatcher, writeMatcher } from '../syntax/foreign-matchers.ts';
import { findMisspelt, foldWord } from '../values/nearest.ts';

/** What stands here for functions of other languages; what is in backticks is written as it is. */
const meanings: readonly [string, string][] = [
  ['len', 'size length strlen'],
  ['upper', 'toUpperCase toUpper uppercase ucase'],
  ['lower', 'toLowerCase toLower lowercase lcase'],
  ['trim', 'strip'],
  ['any', 'some'],
  ['all', 'every'],
  ['mean', 'avg average'],
  ['string', 'str toString'],
  ['float', 'number toNumber toFloat double'],
  ['`float($1)`', 'parseFloat'],
  ['int', 'toInt integer trunc'],
  ['`int($1)`', 'parseInt'],
  ['type', 'typeof getType'],
  ['uniq', 'unique distinct'],
  ['date', 'datetime parseDate toDate strptime fromISOFormat'],
  ['first', 'head'],
  ['sort', 'sorted'],
  ['sortBy', 'sort_by orderBy order_by'],
  ['reverse', 'reversed'],
  ['is_uuid', 'isUuid4 isGuid'],
  ['groupBy', 'group_by'],
  ['uuid', 'uuid4 uuidv4 guid generateUuid randomUuid newUuid createUuid'],
  ['`random_int($1, $2)`', 'rand randInt randomInt randomNumber randrange'],
  ['base64', 'base64encode b64encode b64enc encodeBase64 toBase64 btoa'],
  ['base64_decode', 'b64decode b64dec decodeBase64 fromBase64 atob'],
  ['url_encode', 'urlquery encodeURIComponent encodeURI encodeUri quoteUrl percentEncode'],
  ['sha256', 'sha256sum sha hash digest'],
  ['`sha256($1)`, the one hash that there is', 'sha1 sha1sum sha512 sha512sum sha384 md5 md5sum'],
  ['`hmac_sha256($1, $2)`', 'hmac hmacSha hmacSha1 hmacSha512 sign'],
  ['toJSON', 'stringify jsonEncode toJsonString'],
  ['fromJSON', 'parse parseJson jsonDecode jsonParse'],
  ['is_map', 'isObject isDict'],
  ['is_array', 'isList'],
  ['`$1 contains $2` for a text, `$2 in $1` for a list or map', 'includes include has contain'],
  ['`$1 startsWith $2`', 'starts_with'],
  ['`$1 endsWith $2`', 'ends_with'],
  ['`$1 matches $2`', 'test regex match regexMatch matchesRegex matchRegex re reMatch reSearch $regex'],
  ['`$1 matches "^[0-9]+$"`', 'isDigit isDigits isNumeric isDecimal'],
  ['`$1 matches "^[A-Za-z]+$"`', 'isAlpha'],
  ['`$1 matches "^[A-Za-z0-9]+$"`', 'isAlnum isAlphanumeric'],
  ['`$1 matches "^[^@ ]+@[^@ ]+$"`', 'isEmail email'],
  ['`$1 matches "^https?://"`', 'isUrl isUri'],
  ['`trim($1) == ""`', 'isBlank isSpace'],
  ['`is_iso_date($1)`', 'isDate isDatetime'],
  ['`not is_number($1)`', 'isNaN'],
  ['is_number', 'isFinite isFloat isDouble'],
  ['is_int', 'isInteger'],
  ['is_bool', 'isBoolean'],
  ['`$1 in [true, "true"]`', 'bool boolean toBool toBoolean'],
  ['`$2 in $1`', 'hasKey containsKey hasOwnProperty hasProperty'],
  ['`$1 != nil`', 'exists isset defined isDefined notNull isNotNull present assertNotNull'],
  ['`$1 == nil`', 'isNull isNil isNone isUndefined assertNull undefined null none nil'],
  ['`len($1) == 0`', 'empty isEmpty'],
  ['`len($1) > 0`', 'notEmpty isNotEmpty'],
  [
    '`$1 == $2`',
    'equals equal eq assertEquals assertEqual assertSame isEqual deepEqual isDeepEqual strictEqual deepStrictEqual',
  ],
  ['`$1 != $2`', 'assertNotEquals assertNotEqual assertNotSame'],
  ['`$1`', 'assert assertTrue verify ensure require'],
  ['`not ($1)`', 'assertFalse'],
  ['`$1 contains $2`', 'assertContains'],
  ['`matches_schema($1, $2)`', 'schema jsonSchema validSchema validateSchema matchesJsonSchema matchSchema'],
  ['is_map', 'isJson validJson'],
  ['`$1 ?? $2`', 'coalesce ifnull nvl default'],
  ['`$1 ** $2`', 'pow power'],
  ['`$1 ** 0.5`', 'sqrt'],
  ['`$1 % $2`', 'mod modulo'],
  ['`flatten(map($1, $2))`', 'flatMap'],
  ['`now().Unix()`', 'timestamp time epoch unix unixTime epochSeconds'],
  ['`now().UnixMilli()`', 'epochMillis timestampMs currentTimeMillis'],
  ['`now().Format("2006-01-02")`', 'today currentDate'],
  ['`now()`', 'currentTimestamp utcnow dayjs moment'],
  ['`$1[1:]`', 'tail'],
  ['`$1[$2]`', 'nth'],
  ['`map($1, #[$2])`', 'pluck'],
  ['`concat($1, [$2])`', 'append push'],
  ['`$1 + $2`', 'strcat'],
  ['`approx($1, $2, 0.01)`', 'isClose almostEqual'],
  ['`$2 <= $1 <= $3`', 'between inRange isBetween'],
  ['`headers[$1]`', 'header getHeader'],
  ['`env($1)`', 'getenv environ'],
  ['replace', 'gsub replaceAll'],
];

/** What no expression does, by the words that other languages have for it. */
const ELSEWHERE: readonly (readonly [words: string, help: string])[] = [
  ['sleep wait delay pause', 'a pause is a step of its own: `action: delay`, `config: {duration: 1s}`'],
  [
    'print println puts echo printf log',
    'a line is written by a step of its own: `action: log`, `config: {message: …}`',
  ],
  ['format sprintf', 'texts are joined with `+`, as in `"order " + string(7)`'],
];
const elsewhere = new Map(ELSEWHERE.flatMap(([words, help]) => words.split(' ').map((word) => [word, help] as const)));

/** What other tools put into the condition of a step. */
const OUTCOMES =
  /^(?:always|fail(?:ed|ure)|success(?:ful)?|succeeded|cancell?ed|(?:on|any|is)(?:error|fail(?:ed|ure)|success))$/;

/** What stands here for a condition on what earlier steps came to. */
export function suggestForOutcome(name: string): string | undefined {
  if (!OUTCOMES.test(foldWord(name))) return undefined;
  return 'no condition asks how earlier steps ended: what is to run in any case stands under `teardown:`, and `on_error: continue` goes on after a failed step';
}

const byWord = new Map(
  meanings.flatMap(([meant, words]) => words.split(' ').map((word) => [foldWord(word), meant] as const)),
);

/** How a call of a function of another language is written here, with the `not` before it; `args` are its arguments as they are written. */
export function suggestForFunction(name: string, args: readonly string[], isNot = false): string | undefined {
  if (args.length === 0 && suggestForOutcome(name) !== undefined) return suggestForOutcome(name);
  if (pathFunctions.has(foldWord(name))) return suggestForPath(args);
  if (/^(?:isinstance|instanceof)$/.test(foldWord(name))) return suggestForType(args);
  return (
    suggestForShape(foldWord(name), args) ??
    elsewhere.get(foldWord(name)) ??
    write(deny(byWord.get(foldWord(name)), isNot), args)
  );
}

const OPPOSITES: ReadonlyMap<string, string> = new Map([
  ['== 0', '> 0'],
  ['> 0', '== 0'],
  ['==', '!='],
  ['!=', '=='],
  ...['in', 'startsWith', 'endsWith', 'matches', 'contains'].map((word) => [word, `not ${word}`] as const),
]);

/** The opposite of a test of two sides: `not` would take the first of them alone. */
function deny(meant: string | undefined, isNot: boolean): string | undefined {
  return isNot
    ? meant?.replace(/(?<=^`\S+ )(?:(?:==|>) 0|[!=]=|[a-zA-Z]+)(?= \S|`$)/, (test) => OPPOSITES.get(test) ?? test)
    : meant;
}

/** What depends on how many arguments there are, or on what they are. */
function suggestForShape(word: string, args: readonly string[]): string | undefined {
  const [value = 'x', from = '0', to] = args;
  if (/^(?:slice|substring)$/.test(word)) return `write \`${value}[${from}:${to ?? ''}]\``;
  if (word === 'substr') return `write \`${value}[${from}:${to === undefined ? '' : addUp(from, to)}]\``;
  if (word === 'charat') return `write \`${value}[${from}:${addUp(from, '1')}]\``;
  if (/^(?:range|sequence|seq)$/.test(word))
    return `write \`${args.length > 1 ? value : '0'}..${addUp(args.length > 1 ? from : value, '-1')}\``;
  if (word === 'random' || (word === 'rand' && args.length < 2))
    return `write \`random_int(${args.length > 1 ? args.join(', ') : `0, ${args[0] ?? '1000'}`})\``;
  if (/^(?:moment|dayjs)$/.test(word) && args.length > 0) return `write \`date(${value})\``;
  if (word === 'round' || word === 'tofixed') return `write \`${writeRounded(value, args[1])}\``;
  return undefined;
}

/** `2`, `1` are `3`; what is no number stays a sum. */
function addUp(one: string, other: string): string {
  const sum = Number(one) + Number(other);
  return Number.isInteger(sum) ? String(sum) : `${one} + ${other}`.replace('+ -', '- ');
}

/** To so many digits: the language rounds to whole numbers alone. */
export function writeRounded(value: string, digits = '0'): string {
  if (digits === '0') return `round(${value})`;
  const factor = /^[1-9]$/.test(digits) ? `1${'0'.repeat(Number(digits))}` : `10 ** ${digits}`;
  return `round(${/^[\w.[\]()"]+$/.test(value) ? value : `(${value})`} * ${factor}) / ${/^\d+$/.test(factor) ? factor : `(${factor})`}`;
}

/** A function that is named as a comparison is elsewhere: `gt(x, 1)`, `oneOf(x, list)`. */
export function suggestForComparison(
  name: string,
  [value, expected]: readonly string[],
  isNot = false,
): string | undefined {
  const matcher = findMatcher(name);
  if (!matcher || value === undefined || (matcher.holds.includes('$2') && expected === undefined)) return undefined;
  return `write \`${writeMatcher(matcher, { isNot, value, expected })}\``;
}

const typeWords: { readonly [word: string]: string } = {
  int: 'int',
  integer: 'int',
  float: 'float',
  str: 'string',
  string: 'string',
  bool: 'bool',
  boolean: 'bool',
  list: 'array',
  array: 'array',
};

/** `isinstance(body.id, int)` */
function suggestForType([value = 'x', type = '']: readonly string[]): string {
  const word = type.replaceAll(/["']/g, '').toLowerCase();
  return `write \`type(${value}) == "${Object.hasOwn(typeWords, word) ? typeWords[word] : 'map'}"\``;
}

/** Functions that take a JSONPath. */
const pathFunctions = new Set(['jsonpath', 'jp', 'jmespath', 'jq', 'jsonvalue', 'getpath', 'extract']);

/** `jsonPath("$.items[0].id")`: of a body, unless another value stands beside the path. */
function suggestForPath(args: readonly string[]): string {
  const at = args.findIndex((arg) => /^["']\s*[$.]/.test(arg));
  const [, tail = ''] = /^["']\s*\$?((?:\.\w+|\[\d+\])+)\s*["']$/.exec(args[at] ?? '') ?? [];
  const owner = args.find((_, index) => index !== at) ?? 'body';
  const path = tail.startsWith(`.${owner}`) ? tail.slice(1) : `${owner}${tail}`;
  return tail === '' ? 'a value is reached by its path, as in `body.items[0].id`' : `write \`${path}\``;
}

/** The same of a name that is nearly that of such a function. */
export function suggestNearly(name: string, args: readonly string[]): string | undefined {
  return write(byWord.get(findMisspelt(foldWord(name), [...byWord.keys()]) ?? ''), args);
}

function write(meant: string | undefined, args: readonly string[]): string | undefined {
  if (meant === undefined) return undefined;
  if (!meant.startsWith('`')) return `did you mean \`${meant}\`?`;
  return `write ${meant.replace(/\$(\d)/g, (_, number: string) => args[Number(number) - 1] ?? 'abc'.charAt(Number(number) - 1))}`;
}

/** How a method that values of other languages have is written here, for a value as it is written and of its type. */
export function suggestForMethod(
  name: string,
  value: { text: string; type: string },
  args: readonly string[],
): string | undefined {
  const word = foldWord(name);
  const { text, type } = value;
  const [first = '…'] = args;
  const all = [text, ...args].join(', ');
  if (/^(?:includes?|contains?|has|haskey|containskey|hasownproperty)$/.test(word))
    return `write \`${type === 'string' ? `${text} contains ${first}` : `${first} in ${text}`}\``;
  if (type === 'array' && /^(?:last)?index(?:of)?$/.test(word)) return suggestForPosition(text, first, word);
  if (/^(?:match(?:es)?|test|search)$/.test(word)) return `write \`${text} matches ${first}\``;
  if (word === 'startswith' || word === 'endswith')
    return `write \`${text} ${word === 'startswith' ? 'startsWith' : 'endsWith'} ${first}\``;
  if (pathFunctions.has(word)) return suggestForPath([...args, text]);
  if (word === 'equals') return `write \`${text} == ${first}\``;
  if (word === 'count' && args.length === 0) return `write \`len(${text})\``;
  if (word === 'isempty') return `write \`len(${text}) == 0\``;
  if (word === 'get' || word === 'at') return `write \`${text}[${first}]\``;
  const isText = type === 'string';
  if (word === 'count')
    return `write \`${isText ? `len(split(${text}, ${first})) - 1` : `count(${text}, # == ${first})`}\``;
  if (isText && /^(?:find|index)$/.test(word)) return `write \`indexOf(${all})\``;
  if (isText && word === 'concat') return `write \`${[text, ...args].join(' + ')}\``;
  if (word === 'in') return `write \`${text} in ${first}\``;
  const shaped = suggestForShape(word, [text, ...args]);
  if (shaped !== undefined) return shaped;
  if (dateMethodPattern.test(name) && type === 'string')
    return `convert it to a date: \`date(${text}).${name}(${args.join(', ')})\``;
  const plain = methodNames.get(word) ?? byWord.get(word);
  if (plain === undefined) return elsewhere.get(word) ?? suggestForComparison(word, [text, ...args]);
  return plain.startsWith('`') ? write(plain, [text, ...args]) : `write \`${plain}(${all})\``;
}

/** Where an item stands in a list: mostly that it is there is meant. */
function suggestForPosition(list: string, item: string, word: string): string {
  const find = word.startsWith('last') ? 'findLastIndex' : 'findIndex';
  return `write \`${item} in ${list}\`, or \`${find}(${list}, # == ${item})\` for its position`;
}

const dateMethodPattern =
  /^(?:Year|Month|Day|Hour|Minute|Second|Weekday|YearDay|Unix|UnixMilli|Format|In|UTC|AddDate)$/;
const methodNames = new Map([
  ['replaceall', 'replace'],
  ['tolocaleuppercase', 'upper'],
  ['tolocalelowercase', 'lower'],
  ['trimstart', 'trim'],
  ['trimend', 'trim'],
  ['lstrip', 'trim'],
  ['rstrip', 'trim'],
  ['entries', 'toPairs'],
  ['sorted', 'sort'],
  ['flat', 'flatten'],
  ['gettime', '`date($1).UnixMilli()`'],
  ['toisostring', '`$1.UTC().Format("2006-01-02T15:04:05Z")`'],
  ['isoformat', '`$1.UTC().Format("2006-01-02T15:04:05Z")`'],
  ['valueof', '`$1`'],
]);
