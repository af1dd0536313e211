import { findNearest } from '../../util/suggest.ts';
import type { Meaning } from '../read/keys.ts';
import { DOUBLES, explainCleared, type ForeignSetting } from './doubles.ts';
import { DSN } from './shapes.ts';

/** Settings of other tools: their words, the known key that is meant, and how it is written where a key alone does not say it. */
const SETTINGS: readonly ForeignSetting[] = [
  ...DOUBLES,
  // Requests.
  ['json data payload content raw jsonBody requestBody text graphql', 'body'],
  ['params queryParams queryParameters queryString urlParams qs search parameters', 'query'],
  [
    'pathParams pathVariables pathParameters segments',
    'max_redirects',
    'write them in the address: `url: "http://host/users/{{ID}}"`',
  ],
  ['file bodyFile', 'body_file'],
  [
    'file bodyFile bodyFromFile payloadFile',
    'body',
    `write \`body: '{{file("body.json")}}'\`, which is the text of a file`,
  ],
  ['file queryFile sqlFile', 'query', 'write `query: {file: q.sql}`'],
  ['request req httpRequest', 'url', 'write its settings right below `config:`, as in `config: {method: GET, url: …}`'],
  [
    'contentType accept userAgent acceptEncoding authorization referer',
    'headers',
    'it is a header: write it below `headers:`',
  ],
  ['uri endpoint address addr href baseUrl path host', 'url'],
  ['verb type httpMethod', 'method'],
  ['header httpHeaders requestHeaders', 'headers'],
  ['allowRedirects followLocation redirect redirects followRedirect location', 'follow_redirects'],
  ['maxRedirs redirectLimit', 'max_redirects'],
  ['files upload uploads attachments multipartForm formData parts', 'multipart'],
  ['urlencoded formParams formUrlencoded fields', 'form'],
  [
    'insecure verify verifySsl sslVerify strictSsl rejectUnauthorized skipTlsVerify insecureSkipVerify ignoreVerifySsl ignoreSsl ignoreSslErrors ignoreCertificateErrors ignoreHttpsErrors noVerify verifyTls skipVerify skipTls allowInsecure sslVerification ssl k',
    'tls',
    'write `tls: {insecure: true}` to take any certificate',
  ],
  ['cert clientCert certificate cacert ca', 'tls', 'write `tls: {ca: ca.pem, cert: client.pem, key: client.key}`'],
  ['oauth oauth2', 'auth', 'write `auth: {oauth2: {token_url: …, client_id: …, client_secret: …}}`'],
  ['bearer token bearerToken', 'auth', 'write `auth: {bearer: "{{TOKEN}}"}`'],
  [
    'basicAuth basic user username password credentials authentication',
    'auth',
    'write `auth: {basic: {username: …, password: …}}`',
  ],
  ['apiKey', 'auth', 'write `auth: {api_key: {header: X-Api-Key, value: …}}`'],
  ['cookie', 'cookies', 'write `cookies: {name: value}`'],
  ['outputFile saveTo download saveAs', 'save_to'],
  ['http_version httpVersion version', 'http2', 'write `http2: true`; HTTP/1.1 is what is spoken without it'],
  [
    'compress gzip compressed',
    'headers',
    'answers are unpacked anyway; `headers: {accept-encoding: gzip}` asks for it',
  ],
  // Parts of them.
  ['token jwt', 'bearer'],
  ['user login', 'username'],
  ['pass secret', 'password'],
  [
    'verify rejectUnauthorized skipVerify insecureSkipVerify',
    'insecure',
    'write `insecure: true` to take any certificate',
  ],
  ['caFile caCert caBundle cacert root', 'ca'],
  // Databases.
  ['dsn uri url databaseUrl connectionString db', 'connection'],
  [
    'host hostname port user username password pass driver engine dialect server database dbname type',
    'connection',
    DSN,
  ],
  ['sql statement stmt statements queries command commands script sqls', 'query'],
  ['args arguments bindings bind values parameters vars', 'params'],
  ['limit maxResults', 'max_rows'],
  // Kafka.
  ['broker bootstrap bootstrapServers bootstrapServer servers hosts addrs addresses brokerList', 'brokers'],
  ['topics channel queue subject', 'topic'],
  ['filter where selector expect matching contains condition', 'match'],
  ['maxMessages minMessages limit messages expectedCount numMessages total', 'count'],
  [
    'offset from startOffset start position',
    'since',
    'write `since: earliest` for all that is there, `since: flow` for what came since the flow began',
  ],
  ['payload body data content msg event', 'value'],
  ['partitionKey messageKey', 'key'],
  ['consumerGroup groupId', 'group'],
  [
    'securityProtocol',
    'sasl',
    'write `sasl: {mechanism: …, username: …, password: …}`, and `tls: true` for an encrypted connection',
  ],
  ['type method saslMechanism', 'mechanism'],
  ['username password mechanism', 'sasl', 'write `sasl: {mechanism: …, username: …, password: …}`'],
  // Waits and tries.
  ['every period pollInterval pollEvery wait pause delay sleep', 'interval'],
  ['condition stopWhen waitUntil successWhen while assert expect', 'until'],
  ['attempts attempt retries tries looks times maxRetries count max limit', 'max_attempts'],
  ['steps do request task', 'step'],
  [
    'maxTime maxDuration wait waitTime waitTimeout pollTimeout within deadline maxWait timeoutMs timeoutSeconds',
    'timeout',
  ],
  ['interval wait pause sleep every', 'delay'],
  ['ms milliseconds seconds secs time for wait sleep minutes', 'duration', 'write `duration: 5s`'],
  // Controls.
  ['doWhile loopWhile asLongAs', 'while'],
  ['doUntil loopUntil repeatUntil endWhen breakWhen break stop', 'until'],
  [
    'times',
    'max',
    'a number of rounds is `action: for_each` with `items: "{{1..5}}"`; the most that there may be until the condition holds is `max: 20`',
  ],
  ['maxRounds maxIterations maxLoops maxPages iterations rounds count attempts maxAttempts limit', 'max'],
  [
    'state vars variables init initial initially start with keep remember accumulator cursor',
    'carry',
    'write `carry: {cursor: ""}`: each name with its first value',
  ],
  ['loop', 'steps', 'the steps of a round stand below `steps:`; `max: 20` is the most rounds that there may be'],
  ['in list over collection values loopOver withItems range array of each foreach', 'items'],
  ['as loopVar var variable item itemVar name', 'item_name'],
  ['index indexVar idx counter i', 'index_name'],
  ['do body tasks run actions each task', 'steps'],
  ['parallel concurrency concurrent limit workers batch', 'max_concurrent'],
  ['ignoreErrors continueOnFailure', 'continue_on_error'],
  ['failFast stopOnError', 'fail_fast'],
  ['if expression expr test when cond', 'condition'],
  ['otherwise', 'else'],
  ['elif elseIf elsif', 'else', 'write a step with `action: if` below `else:`'],
  ['do steps', 'then'],
  ['with args inputs params vars variables parameters arguments env data', 'input'],
  ['file path ref uses template scenario call', 'flow'],
  // The rest.
  ['text msg print echo line', 'message'],
  ['expiry expire ex expires expiration', 'ttl'],
  ['val data', 'value'],
  ['cmd args', 'command'],
  ['endpoints stubs mappings expectations mocks paths responses', 'routes'],
  ['times calls called exactly', 'count'],
  ['url uri endpoint', 'path'],
  ['code statusCode', 'status'],
  [
    'status statusCode code body json jsonBody headers reply answer respond returns',
    'response',
    'write it below `response:`, as in `response: {status: 200, body: {id: 1}}`',
  ],
  ['that expect conditions expressions checks', 'assertions'],
  ['target backend destination', 'upstream'],
  ['port listenPort', 'listen'],
  ['duration lasts', 'for'],
  ['callback callbacks webhook webhooks', 'then', 'write `then: [{after: 200ms, http: {url: …}}]`'],
];
const VERB = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|get|head|post|put|patch|delete)(?:\s+(\S+))?$/;

/** `GET: http://host/x`, and `GET /x:` of a route: a method as a key. */
function explainVerb(word: string, known: readonly string[]): Meaning | undefined {
  const [, method, place] = VERB.exec(word) ?? [];
  const setting = ['url', 'path'].find((key) => known.includes(key));
  if (method === undefined || setting === undefined || !known.includes('method')) return undefined;
  return { help: `write \`method: ${method.toUpperCase()}\` and \`${setting}: ${place ?? '…'}\``, insteadOf: setting };
}

const byWord = new Map<string, (readonly [key: string, help?: string])[]>();
for (const [words, ...meant] of SETTINGS)
  for (const word of words.split(' ')) byWord.set(fold(word), [...(byWord.get(fold(word)) ?? []), meant]);

/** What a setting of other tools means among the known ones; of several that it may mean the first that is not given yet. */
export function explainOtherSetting(
  word: string,
  known: readonly string[],
  isGiven: (key: string) => boolean,
): Meaning | undefined {
  const verb = explainVerb(word, known);
  if (verb) return verb;
  const cleared = explainCleared(word, known);
  if (cleared !== undefined) return { help: cleared };
  if (
    /^(?:json_?path|where|condition|expression|expr|equals|predicate)$/i.test(word) &&
    known.includes('where') &&
    !known.includes(word)
  )
    return { help: `a condition is \`where:\`, as in \`{where: 'value.id == 3'}\`` };
  // Keys of a message are below its parts.
  if (
    known.includes('value') &&
    known.includes('where') &&
    !byWord.get(fold(word))?.some(([key]) => known.includes(key)) &&
    findNearest(word, known) === undefined
  )
    return { help: `a field of the message stands below \`value:\`, as in \`{value: {${word}: …}}\`` };
  const [key, help] = byWord.get(fold(word))?.find(([one]) => known.includes(one) && !isGiven(one)) ?? [];
  return key === undefined ? undefined : { help: help ?? `did you mean \`${key}\`?`, insteadOf: key };
}

export const NO_XPATH = 'XML and HTML are texts: `{regex: "<id>(.*?)</id>", from: body}` takes a part of one';

/** Where other tools take a value from, `{header: X-Token}`; `value` is what stands behind the word. */
export function explainOtherCapture(word: string, value: string): Meaning | undefined {
  const named = value === '' ? '…' : value;
  switch (fold(word)) {
    case 'header':
    case 'headers':
    case 'responseheader':
      return { help: `write \`headers["${named}"]\` as the path`, insteadOf: 'path' };
    case 'cookie':
    case 'cookies':
    case 'setcookie':
      return { help: `write \`{regex: "${named}=([^;]+)", from: headers["set-cookie"]}\``, insteadOf: 'path' };
    case 'xpath':
    case 'css':
    case 'html':
      return { help: NO_XPATH, insteadOf: 'path' };
    case 'status':
    case 'statuscode':
      return { help: 'write `status` as the path', insteadOf: 'path' };
    case 'jsonpath':
    case 'json':
    case 'body':
    case 'jmespath':
    case 'jq':
    case 'expression':
    case 'expr':
    case 'value':
    case 'selector':
      return { help: 'did you mean `path`?', insteadOf: 'path' };
    case 'pattern':
    case 're':
    case 'match':
      return { help: 'did you mean `regex`?', insteadOf: 'regex' };
    case 'group':
    case 'index':
      return { help: 'the first group of the pattern is what is taken: leave it out' };
    case 'as':
    case 'name':
    case 'variable':
    case 'var':
      return { help: 'the variable is the key of the capture: `output: {token: $.body.token}`' };
    case 'source':
    case 'in':
      return { help: 'did you mean `from`?' };
    default:
      return undefined;
  }
}

const TESTED = 'a result is tested with `assert:` beside `config`';
/** What is tested of a result, by a setting that its action has. */
const EXAMPLES: Readonly<Record<string, string>> = {
  method: 'status == 200',
  connection: 'row_count == 1',
  topic: 'count == 1',
};

/** What is no setting of an action, but stands beside them. */
const BESIDE: readonly (readonly [words: string, help: string])[] = [
  [
    'status statusCode expectedStatus expectedStatusCode expect expected expectedResponse expectRows expectedRows rowCount response validate check checks assertions that',
    TESTED,
  ],
  ['retries retryCount maxRetries attempts', 'a step is tried again with `retry: {max_attempts: 3}` beside `config`'],
  ['capture captures extract register export store', 'values are taken with `output:` beside `config`'],
  ['effects', 'what may change stands beside `config`: `effects: {topics: {order.placed: 1}, others: none}`'],
  ['agree', '`agree:` is a key of the flow: write it beside `steps:`'],
  ['condition if', 'a step is left out with `when:` beside `config`'],
  [
    'httpErrors raiseForStatus failOnStatus failOnStatusCode failOnHttpError failOnError throwOnError throwHttpErrors',
    'an answer of any status passes: test it with `assert: [status == 200]` beside `config`',
  ],
  ['ignoreErrors continueOnError', 'a step goes on with `on_error: continue` beside `config`'],
];
const besideByWord = new Map(
  BESIDE.flatMap(([words, help]) => words.split(' ').map((word) => [fold(word), { help }] as const)),
);

/** What a word below `config` means that is none of its settings, but a key of the step. */
export function explainBeside(word: string, known: readonly string[]): Meaning | undefined {
  const beside = besideByWord.get(fold(word));
  const example = Object.keys(EXAMPLES).find((key) => known.includes(key));
  if (beside?.help !== TESTED || example === undefined) return beside;
  return { help: `${TESTED}, as in \`assert: [${EXAMPLES[example]}]\`` };
}

function fold(word: string): string {
  return word.replaceAll(/[_.-]/g, '').toLowerCase();
}

/** What is written for a condition on which others try again, where a step has a policy. */
export function explainInPolicy(policy: string, word: string): string | undefined {
  if (policy !== 'retry' || !/^(?:until|while|when|condition|retry_?(?:on|if|until|when)|on|if)$/i.test(word))
    return undefined;
  return 'a step is tried again while it fails; to repeat it until something holds write `action: poll`, with `step:` and `until:` in its `config:`';
}
