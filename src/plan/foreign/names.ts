import { suggestForOutcome } from '../../expr/index.ts';
import { COMPANION_ROOTS } from '../../model/companions/companion.ts';

/** Names that other tools have built in, with what stands for them here. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ...['EXECUTION_ID', 'TEST_ID', 'JOB_ID', 'BUILD_ID', 'run_id', 'runId'].map(toPair('write `RUN_ID`')),
  ...['GUID', 'RANDOM_UUID', 'UUID4', '$guid', '$randomUUID'].map(
    toPair('write `UUID`, or `uuid()` for a new one at each place'),
  ),
  ['now', 'write `now()`'],
  ...['cookies', 'cookie'].map(toPair('a cookie stands in the header of the answer: `headers["set-cookie"]`')),
  ...['__VU', '__ITER', '$iteration'].map(
    toPair('a flow runs once: a count is the `index` of the steps inside of a `for_each`'),
  ),
  ...['NOW', 'CURRENT_TIME', 'CURRENT_TIMESTAMP'].map(
    toPair('write `ISO_TIMESTAMP`, `TIMESTAMP` (seconds) or `now()`'),
  ),
  ...['TIMESTAMP_MS', 'EPOCH_MS', '$timestamp'].map(
    toPair('write `TIMESTAMP`, which counts seconds, or `now().UnixMilli()`'),
  ),
  ...['TODAY', 'CURRENT_DATE'].map(toPair('write `DATE`')),
  ...['RANDOM', 'RANDOM_INT', 'RANDOM_NUMBER', '$randomInt', 'randomInt', 'random_int'].map(
    toPair('write `random_int(1, 1000)`'),
  ),
  ...['RANDOM_STRING', 'RANDOM_ALPHANUMERIC'].map(toPair('write `random_string(8)`')),
  ['console', 'the action `log` writes a line: `{action: log, config: {message: "{{status}}"}}`'],
  ['RANDOM_EMAIL', 'write `faker("internet.email")`'],
]);

const MEMBERS: ReadonlySet<string> = new Set(
  'vars variables captures captured outputs saved inputs input secrets globals'.split(' '),
);

/** The kinds of made-up data that other tools know by one word. */
const FAKER_KINDS: Readonly<Record<string, string>> = {
  name: 'person.fullName',
  fullname: 'person.fullName',
  firstname: 'person.firstName',
  lastname: 'person.lastName',
  email: 'internet.email',
  username: 'internet.username',
  password: 'internet.password',
  url: 'internet.url',
  ip: 'internet.ip',
  phone: 'phone.number',
  phonenumber: 'phone.number',
  address: 'location.streetAddress',
  street: 'location.streetAddress',
  city: 'location.city',
  country: 'location.country',
  zip: 'location.zipCode',
  zipcode: 'location.zipCode',
  company: 'company.name',
  product: 'commerce.productName',
  price: 'commerce.price',
  word: 'lorem.word',
  sentence: 'lorem.sentence',
  paragraph: 'lorem.paragraph',
  uuid: 'string.uuid',
  number: 'number.int',
  date: 'date.recent',
};

/** What stands here for a built-in name of another tool: `FAKER.email`, `EXECUTION_ID`, `vars.user_id`. */
export function suggestForFlowName(
  name: string,
  path: readonly (string | number)[],
  isKnown: (name: string) => boolean,
): string | undefined {
  if (/^faker$/i.test(name)) return suggestFaker(name, path);
  if (/^\$?random$/i.test(name)) return suggestRandom(name, path) ?? suggestFaker(name, path);
  if (HOLDERS.has(`${name}.${path[0]}`)) return suggestForFlowName('env', path.slice(1), isKnown);
  const [key] = path;
  if (name === 'current' && key === 'res') return suggestForOwn(path.slice(1));
  if (/^(?:__)?env$/i.test(name) && typeof key === 'string' && isKnown(key))
    return `variables need no prefix: write \`${key}\``;
  if (/^(?:__)?env$/i.test(name) && typeof key === 'string')
    return `declare it, \`env: {${key}: "\${${key}}"}\`, and write \`${key}\`; or write \`env("${key}")\``;
  if (MEMBERS.has(name) && typeof key === 'string') return `variables need no prefix: write \`${key}\``;
  if (OF_PROJECT.has(name) && typeof key === 'string')
    return `testmesh.yaml has none under \`${name}:\`; it is looked for in the working directory and above it`;
  return NAMES.get(name) ?? (OUTCOME.test(name) ? suggestForOutcome(name) : suggestMade(name));
}

/** Of the conditions on earlier steps those that are no names of data. */
const OUTCOME = /^(?:always|on_?(?:error|fail(?:ed|ure)|success))$/i;

/** `current.res.status`: the answer of the step itself. */
function suggestForOwn([key = 'body', ...rest]: readonly (string | number)[]): string {
  const tail = rest.map((one) => (typeof one === 'number' ? `[${one}]` : `.${one}`)).join('');
  return `what the step gave needs no prefix: write \`${key === 'rawBody' ? 'body' : key}${tail}\``;
}

/** What other tools call the environment of the process. */
const HOLDERS: ReadonlySet<string> = new Set(['process.env', 'tavern.env_vars', 'karate.env', 'os.environ']);

/** Names of generators, by what is left of them without `$`, `new`, `random`: `newUuid`, `$randomFirstName`, `$isoTimestamp`. */
function suggestMade(name: string): string | undefined {
  const [, sign = '', verb = '', kind = ''] = MADE.exec(name.replaceAll('_', '')) ?? [];
  const folded = kind.toLowerCase();
  // A short name without `$` may be the author's own.
  if (sign === '' && verb === '' && !OWN_KINDS.test(folded)) return undefined;
  const meant = GENERATORS.find(([words]) => words.test(folded))?.[1];
  if (meant !== undefined) return meant;
  const data = FAKER_KINDS[folded];
  if (data !== undefined) return `write \`faker("${data}")\``;
  return sign === '$' && verb !== ''
    ? 'made-up data is a function: `faker("internet.email")`, `random_string(8)`'
    : undefined;
}

const MADE = /^(\$?)(new|random|rand|generate|gen|make|create|local)?([A-Za-z]\w*)$/i;
const OWN_KINDS =
  /^(?:uuid(?:v?\d|\w)?|guid|isotimestamp|isodate|isodatetime|unixtime|unixtimestamp|timestampms|currenttimestamp)$/;
const GENERATORS: readonly (readonly [RegExp, string])[] = [
  [/^(?:uuid(?:v?\d|\w)?|guid)$/, 'write `UUID`, or `uuid()` for a new one at each place'],
  [/^(?:int|integer|number|num|float|digit|digits)$/, 'write `random_int(1, 1000)`'],
  [/^(?:string|str|text|alphanumeric|alphabetic|alpha|hex|hexadecimal|char|chars)$/, 'write `random_string(8)`'],
  [/^(?:bool|boolean)$/, 'write `random_int(0, 1) == 1`'],
  [/^(?:iso\w*|datetime|date|time|now)$/, 'write `ISO_TIMESTAMP`, or `now()` for another layout'],
  [
    /^(?:unix\w*|timestamp\w*|currenttimestamp|epoch\w*)$/,
    'write `TIMESTAMP`, which counts seconds, or `now().UnixMilli()`',
  ],
];

/** Names that only testmesh.yaml gives. */
const OF_PROJECT: ReadonlySet<string> = new Set([...Object.values(COMPANION_ROOTS), 'mocks']);

/** `random.uuid`, `random.int`. */
function suggestRandom(name: string, [word = '']: readonly (string | number)[]): string | undefined {
  const folded = String(word).replaceAll('_', '').toLowerCase();
  const say = (call: string): string => `\`${name}${word === '' ? '' : `.${word}`}\` is written \`${call}\``;
  if (/^(?:uuid|uuid4|guid)$/.test(folded)) return say('uuid()');
  if (/^(?:int|integer|number|numeric|float)?$/.test(folded)) return say('random_int(1, 1000)');
  return /^(?:string|alphanumeric|alphabetic|hex|hexadecimal|word)$/.test(folded) ? say('random_string(8)') : undefined;
}

function suggestFaker(name: string, path: readonly (string | number)[]): string {
  const words = path.filter((key) => typeof key === 'string');
  const kind = FAKER_KINDS[words.join('').replaceAll('_', '').toLowerCase()];
  const call = `faker("${kind ?? (words.length > 1 ? words.join('.') : 'internet.email')}")`;
  return `made-up data is a function: \`${[name, ...words].join('.')}\` is written \`${call}\``;
}

function toPair(help: string): (name: string) => readonly [string, string] {
  return (name) => [name, help];
}
