/** Words of other tools, a key that is known where they may stand (which they mean, unless they are told otherwise), and how that is written here. */
export type ForeignSetting = readonly [words: string, key: string, help?: string];

const IN_RESPONSE = 'write it below `response:`, as in `response: {status: 200, body: {id: 1}}`';
const IN_MATCH = 'write it below `match:`, as in `match: {query: {q: x}, headers: {accept: text/html}, body: {id: 1}}`';
const IN_HTTP = 'write it as `{after: 200ms, http: {method: POST, url: …, body: {…}}}`';
const STATES =
  'a state has a name: `state: {cart: paid}` is matched, and `sets: {cart: shipped}` holds after the answer';
const FAULTS = 'write what is to happen below `faults:`, as in `faults: {latency: 200ms, jitter: 20ms}`';
const NO_CONDITION = 'a condition is `where:`, as in `where: \'request.headers["accept"] contains "json"\'`';

/** The words that WireMock, MockServer, mountebank, nock and Toxiproxy have for routes of stubs and for faults. */
export const DOUBLES: readonly ForeignSetting[] = [
  // Of a verify, which has `scope`.
  ['request req httpRequest match', 'scope', 'write `method:`, `path:`, `headers:` and `body:` right below `config:`'],
  ['atLeast minCount', 'scope', 'write `count: {min: 1}`'],
  ['atMost maxCount', 'scope', 'write `count: {max: 1}`'],
  ['route endpoint', 'scope', 'write `method:` and `path:`'],
  ['stub mock mockServer name', 'server'],
  // Of a stub.
  ['openapi swagger info components', 'from', 'an OpenAPI document is a file of its own: `from: api.yaml`'],
  // Of a route, which has `sets`.
  ['request req httpRequest', 'path', 'write `method:` and `path:` in the route itself'],
  ['urlPath', 'path'],
  ['urlPattern urlPathPattern urlRegex pathPattern pathRegexp', 'path_regex'],
  ['scenario scenarioName requiredScenarioState requiredState whenState', 'state', STATES],
  ['newScenarioState newState setState nextState', 'sets', STATES],
  [
    'priority weight order',
    'sets',
    'the first route in the list that matches answers: put it higher, and leave it out',
  ],
  [
    'persist persistent timeToLive ttl',
    'sets',
    'a route answers any number of times: leave it out, or write `times: 2`',
  ],
  ['once', 'times', 'write `times: 1`'],
  ['httpResponse', 'response', IN_RESPONSE],
  ['headers', 'response', IN_RESPONSE],
  [
    'bodyPatterns queryParameters queryParams query params headers form predicates conditions formParameters',
    'sets',
    IN_MATCH,
  ],
  // Of an answer.
  [
    'fixedDelayMilliseconds fixedDelay delayDistribution delayMs latency wait sleep',
    'body_file',
    'write `delay: 50ms`, or `delay: {min: 50ms, max: 2s}`',
  ],
  ['bodyFileName filePath', 'body_file'],
  [
    'template transformers transformerParameters',
    'body_file',
    'a body is a template: `body: {id: "{{request.params.id}}"}`',
  ],
  // Of what an answer follows.
  ['delay wait in sleep', 'kafka', 'did you mean `after`?'],
  ['url uri method headers body webhook callback request httpRequest action config', 'kafka', IN_HTTP],
  ['topic brokers value event message publish', 'kafka', 'write it as `{kafka: {brokers: …, topic: …, value: {…}}}`'],
  // Of what a part of a request has to be, which has `absent` alone.
  ['equalTo equals eq is value equalToIgnoreCase', 'absent', 'write the text alone, as in `accept: text/html`'],
  ['contains matches doesNotMatch regex pattern like in not hasExactly includes startsWith', 'absent', NO_CONDITION],
  [
    'present exists any required',
    'absent',
    'that it is there is a condition: `where: \'request.headers["accept"] != nil\'`',
  ],
  ['missing undefined', 'absent'],
  // Of a number of things.
  ['exactly exact equals eq', 'min', 'write the number alone: `count: 1`'],
  ['atLeast least minimum gte from lower', 'min'],
  ['atMost most maximum lte to upper', 'max'],
  // Of faults, and of what sets them.
  ['name', 'proxy'],
  ['toxic toxics type attributes', 'faults', FAULTS],
  ['latency jitter bandwidth reset down slice slow_close limit status withhold_acks', 'faults', FAULTS],
  ['toxicity percentage percent probability rate ratio chance', 'share', 'write `share: 0.3`, which is 30 %'],
  ['path method', 'share', 'write `match: {method: GET, path: /users/:id}`'],
  ['stream', 'direction', 'write `direction: up` for what is asked, `direction: down` for what is answered'],
  ['lag ping', 'latency'],
  ['abort httpStatus code error body', 'slow_close', 'write `status: {code: 503}`'],
  [
    'loss packetLoss drop blackhole',
    'slow_close',
    '`timeout: true` takes connections and stays silent, `down: true` refuses them',
  ],
  ['rate speed throttle', 'slow_close', 'write `bandwidth: 10KB`, which is so much a second'],
  // Of a proxy.
  ['faults fault toxics toxic latency down', 'preserve_host', 'faults are set by a step: `action: fault_set`'],
  // Of what says that a service is ready.
  ['url uri address endpoint path healthcheck', 'tcp', 'write `http: "http://localhost:5003/health"`'],
  ['port host hostname', 'tcp', 'write `tcp: "localhost:5432"`'],
  ['message line pattern regex output stdout', 'tcp', 'write `log: "listening on"`, which is a pattern'],
  ['interval retries period delay attempts wait', 'tcp', 'it is looked for until the `timeout`: write `timeout: 60s`'],
  [
    'exec command cmd test script',
    'tcp',
    'no command is run: write `http: "http://localhost:5003/health"`, `tcp: "localhost:5432"` or `log: "listening on"`',
  ],
  // Of a service.
  ['name services container', 'service'],
];

const OF_FAULTS =
  /^(?:faults?|names?|toxics?|type|match|direction|share|for|latency|jitter|bandwidth|timeout|reset|down|slice|slow_?close|limit|status|withhold_?acks)$/i;

/** What is written where a fault is named to what takes a proxy alone, for it ends all faults of that. */
export function explainCleared(word: string, known: readonly string[]): string | undefined {
  if (known.length !== 1 || known[0] !== 'proxy' || !OF_FAULTS.test(word)) return undefined;
  return 'all faults of the proxy end: write `config: {proxy: pg}`; for one that ends by itself write `for: 5s` where it is set';
}
