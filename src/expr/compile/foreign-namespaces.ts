import { listBuiltinNames } from '../builtins/builtin-table.ts';
import { foldWord } from '../values/nearest.ts';
import { suggestForComparison, suggestForFunction } from './foreign-functions.ts';

/** Objects and modules on which other languages have their functions. */
const NAMESPACES: ReadonlySet<string> = new Set(
  `Math JSON Object Array Date Number String Boolean RegExp re math json random uuid crypto time datetime dt _ lodash assert should
  System os Integer Double Long Objects Arrays Collections Pattern StringUtils UUID Buffer moment dayjs base64 hashlib CryptoJS
  encoding console LocalDate Instant`.split(/\s+/),
);

/** Functions of them that are written otherwise than by a function of that name; `$1` is the first argument. */
const MEMBERS: ReadonlyMap<string, string> = new Map([
  ['json.parse', 'fromJSON($1)'],
  ['json.loads', 'fromJSON($1)'],
  ['json.stringify', 'toJSON($1)'],
  ['json.dumps', 'toJSON($1)'],
  ['date.now', 'now().UnixMilli()'],
  ['date.parse', 'date($1).UnixMilli()'],
  ['date.today', 'now().Format("2006-01-02")'],
  ['datetime.now', 'now()'],
  ['datetime.strptime', 'date($1)'],
  ['time.time', 'now().Unix()'],
  ['time.now', 'now()'],
  ['system.currenttimemillis', 'now().UnixMilli()'],
  ['re.match', '$2 matches $1'],
  ['re.search', '$2 matches $1'],
  ['re.fullmatch', '$2 matches $1'],
  ['re.findall', '$2 matches $1'],
  ['pattern.matches', '$2 matches $1'],
  ['re.sub', 'replace($3, $1, $2)'],
  ['object.entries', 'toPairs($1)'],
  ['object.fromentries', 'fromPairs($1)'],
  ['array.isarray', 'is_array($1)'],
  ['number.isinteger', 'is_int($1)'],
  ['number.isnan', 'not is_number($1)'],
  ['math.isnan', 'not is_number($1)'],
  ['math.isclose', 'approx($1, $2, 0.01)'],
  ['number.parseint', 'int($1)'],
  ['number.parsefloat', 'float($1)'],
  ['math.trunc', 'int($1)'],
  ['math.pow', '$1 ** $2'],
  ['math.sqrt', '$1 ** 0.5'],
  ['math.random', 'random_int(0, 1000)'],
  ['math.fabs', 'abs($1)'],
  ['random.random', 'random_int(0, 1000)'],
  ['random.randint', 'random_int($1, $2)'],
  ['random.randrange', 'random_int($1, $2)'],
  ['random.int', 'random_int($1, $2)'],
  ['random.string', 'random_string($1)'],
  ['random.uuid', 'uuid()'],
  ['random.choice', '$1[random_int(0, len($1) - 1)]'],
  ['crypto.randomuuid', 'uuid()'],
  ['uuid.uuid4', 'uuid()'],
  ['uuid.v4', 'uuid()'],
  ['uuid.randomuuid', 'uuid()'],
  ['_.get', '$1[$2]'],
  ['lodash.get', '$1[$2]'],
  ['base64.b64encode', 'base64($1)'],
  ['base64.b64decode', 'base64_decode($1)'],
  ['os.getenv', 'env($1)'],
  ['system.getenv', 'env($1)'],
  ['objects.equals', '$1 == $2'],
  ['moment.utc', 'now()'],
]);

/** `Math.floor(x)`, `re.match("a", s)`: how the call that begins at the place is written here; undefined where none does. */
export function suggestForNamespace(source: string, offset: number): string | undefined {
  const line = /^[^\n]*/.exec(source.slice(offset, offset + 300))?.[0] ?? '';
  const [head, owner = '', member = ''] = /^([A-Za-z_]\w*)\.([A-Za-z_]\w*)\(/.exec(line) ?? [];
  if (head === undefined || !NAMESPACES.has(owner)) return undefined;
  const args = readArguments(line.slice(head.length));
  if (!args) return undefined;
  const written = MEMBERS.get(`${owner.toLowerCase()}.${foldWord(member)}`);
  if (written !== undefined && (!written.includes('$2') || args.length > 1))
    return `write \`${written.replace(/\$(\d)/g, (_, number: string) => args[Number(number) - 1] ?? '…')}\``;
  const own = [...listBuiltinNames()].find((name) => foldWord(name) === foldWord(member));
  if (own !== undefined) return `functions need no prefix: write \`${own}(${args.join(', ')})\``;
  const hint = suggestForFunction(member, args) ?? suggestForComparison(member, args);
  const other = /^did you mean `(\w+)`\?$/.exec(hint ?? '')?.[1];
  return other === undefined ? hint : `write \`${other}(${args.join(', ')})\``;
}

/** The arguments of a call behind its bracket, as they are written; undefined when it does not end there. */
function readArguments(text: string): readonly string[] | undefined {
  const args: string[] = [];
  let depth = 0;
  let from = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (/["'`]/.test(character)) quote = character;
    else if (/[([{]/.test(character)) depth++;
    else if (depth > 0 && /[)\]}]/.test(character)) depth--;
    else if (depth === 0 && /[,)]/.test(character)) {
      args.push(text.slice(from, at).trim());
      from = at + 1;
      if (character === ')') return args.filter((arg) => arg !== '');
    }
  }
  return undefined;
}
