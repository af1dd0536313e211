import { findNearestKey, foldWord } from '../values/nearest.ts';

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
  ['float', 'number toNumber parseFloat toFloat double'],
  ['int', 'parseInt toInt integer'],
  ['type', 'typeof getType'],
  ['uniq', 'unique distinct'],
  ['date', 'datetime parseDate toDate strptime'],
  ['uuid', 'uuid4 uuidv4 guid generateUuid randomUuid newUuid createUuid'],
  ['`random_int($1, $2)`', 'random rand randInt randomInt randomNumber'],
  ['base64', 'base64encode b64encode b64enc encodeBase64 toBase64 btoa'],
  ['base64_decode', 'b64decode b64dec decodeBase64 fromBase64 atob'],
  ['url_encode', 'urlquery encodeURIComponent encodeURI encodeUri quoteUrl percentEncode'],
  ['sha256', 'sha256sum sha hash digest'],
  ['`sha256($1)`, the one hash that there is', 'sha1 sha1sum sha512 sha512sum sha384 md5 md5sum'],
  ['`hmac_sha256($1, $2)`', 'hmac hmacSha hmacSha1 hmacSha512 sign'],
  ['toJSON', 'stringify jsonEncode toJsonString'],
  ['fromJSON', 'parseJson jsonDecode jsonParse'],
  ['is_map', 'isObject isDict'],
  ['is_array', 'isList'],
  ['`$1 contains $2`, or `$2 in $1`', 'includes include has contain'],
  ['`$1 matches $2`', 'test regex match regexMatch matchesRegex re'],
  ['`$2 in $1`', 'hasKey containsKey hasOwnProperty hasProperty'],
  ['`$1 != nil`', 'exists isset defined isDefined notNull isNotNull present assertNotNull'],
  ['`$1 == nil`', 'isNull isNil isNone isUndefined assertNull'],
  ['`len($1) == 0`', 'empty isEmpty'],
  ['`len($1) > 0`', 'notEmpty isNotEmpty'],
  ['`$1 == $2`', 'equals equal eq assertEquals assertEqual assertSame'],
  ['`$1 != $2`', 'assertNotEquals assertNotEqual assertNotSame'],
  ['`$1`', 'assert assertTrue verify ensure require'],
  ['`not ($1)`', 'assertFalse'],
  ['`$1 contains $2`', 'assertContains'],
  ['`matches_schema($1, $2)`', 'schema jsonSchema validSchema validateSchema matchesJsonSchema matchSchema'],
  ['is_map', 'isJson validJson'],
  ['`1..3`', 'range sequence seq'],
  ['`$1 ?? $2`', 'coalesce ifnull nvl default'],
  ['`$1 ** $2`', 'pow power'],
  ['`$1 ** 0.5`', 'sqrt'],
  ['`$1 % $2`', 'mod modulo'],
  ['`flatten(map($1, $2))`', 'flatMap'],
  ['`now().Unix()`', 'timestamp time'],
  ['`$1[0:4]`', 'substring substr slice'],
];

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

/** How a call of a function of another language is written here; `args` are its arguments as they are written. */
export function suggestForFunction(name: string, args: readonly string[]): string | undefined {
  if (args.length === 0 && suggestForOutcome(name) !== undefined) return suggestForOutcome(name);
  if (pathFunctions.has(foldWord(name))) return suggestForPath(args);
  if (/^(?:isinstance|instanceof)$/.test(foldWord(name))) return suggestForType(args);
  return write(byWord.get(foldWord(name)), args);
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
  return write(byWord.get(findNearestKey(foldWord(name), byWord.keys()) ?? ''), args);
}

function write(meant: string | undefined, args: readonly string[]): string | undefined {
  if (meant === undefined) return undefined;
  if (!meant.startsWith('`')) return `did you mean \`${meant}\`?`;
  return `write ${meant.replace(/\$(\d)/g, (_, number: string) => args[Number(number) - 1] ?? (number === '1' ? 'a' : 'b'))}`;
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
  if (/^(?:slice|substr|substring)$/.test(word))
    return `write \`${text}[${args.length > 0 ? args.join(':') : '0'}${args.length > 1 ? '' : ':'}]\``;
  if (dateMethodPattern.test(name) && type === 'string')
    return `convert it to a date: \`date(${text}).${name}(${args.join(', ')})\``;
  const plain = methodNames.get(word) ?? byWord.get(word);
  if (plain === undefined) return undefined;
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
  ['entries', 'toPairs'],
  ['sorted', 'sort'],
  ['flat', 'flatten'],
  ['gettime', '`date($1).UnixMilli()`'],
  ['toisostring', 'string'],
  ['tofixed', '`round($1)`'],
  ['valueof', '`$1`'],
]);
