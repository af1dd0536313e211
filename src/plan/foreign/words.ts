import type { Meaning } from '../read/keys.ts';

/** Actions that come with a later version, by what they begin with, and what to do until then. */
const LATER_ACTIONS: readonly { readonly at: RegExp; readonly help: string }[] = [
  {
    at: /^contract(?:_|$)/,
    help: 'until then, `matches_schema(body, "schema.json")` checks an answer against a JSON Schema',
  },
  { at: /^(?:spans|metrics)$/, help: 'until then, use a `poll` for what it would check' },
];

/** Actions that other tools have and that are not planned, and what stands nearest. */
const OTHER_HELP: ReadonlyMap<string, string> = new Map([
  ...['mock_server_stop', 'mock_stop', 'stub_stop'].map(toPair('a stub ends with its flow: leave the step out')),
  ...['mock', 'mock_server', 'stub', 'stub_start', 'wiremock'].map(toPair('a stub is started by `mock_server_start`')),
  ...['fault', 'chaos', 'toxiproxy', 'toxic', 'fault_inject', 'inject_fault'].map(
    toPair('faults of a proxy are set by `fault_set` and ended by `fault_clear`'),
  ),
  ...['fault_proxy_stop', 'proxy_stop'].map(toPair('a proxy ends with its flow: leave the step out')),
  ...['docker', 'docker_stop', 'docker_start', 'docker_kill', 'container_stop', 'container_start', 'compose'].map(
    toPair(
      'services of testmesh.yaml are changed by `service_stop`, `service_start`, `service_restart` and `service_kill`',
    ),
  ),
  ...['effects', 'agree'].map(
    toPair('it is no action but a key: `effects:` of a step or of the flow, `agree:` of the flow'),
  ),
  ...['transform', 'map', 'extract', 'calculate', 'variable', 'set_variable', 'set_variables'].map(
    toPair('`set` gives variables from expressions, `output:` takes them from a result'),
  ),
  ...['graphql', 'graphql_request'].map(
    toPair('write `http_request` with `method: POST` and `body: {query: …, variables: …}`'),
  ),
  ...['exec', 'shell', 'script', 'bash', 'command', 'javascript', 'python'].map(
    toPair('run programs outside the flow; make values with expressions, in `set`'),
  ),
  ...['retry', 'wait_until', 'eventually'].map(
    toPair('`poll` repeats a step until something holds, `for_each` runs steps for each item of a list'),
  ),
  ...['loop', 'while', 'until', 'do_while', 'do_until', 'doWhile', 'repeat_until', 'paginate', 'pagination'].map(
    toPair(
      '`repeat` does steps until a condition holds, with values that go on from round to round; `for_each` does them for each item of a list',
    ),
  ),
  ...['times', 'repeat_times'].map(
    toPair(
      'a number of rounds is `action: for_each` with `items: "{{1..5}}"`; rounds until a condition holds are `repeat`',
    ),
  ),
  ['kafka', '`kafka_producer` sends messages, `kafka_consumer` waits for them'],
  ['redis', 'there are `redis.get`, `redis.set`, `redis.del`, `redis.exists` and `redis.command`'],
]);

/** Protocols and services that no action speaks, as the first word of actions elsewhere. */
const OTHER_PROTOCOLS: ReadonlySet<string> = new Set(
  'grpc websocket sse mongodb mongo amqp rabbitmq browser s3 sqs sns dynamodb elasticsearch mqtt nats smtp ftp sftp ssh'.split(
    ' ',
  ),
);
const NO_PROTOCOL = 'there is no such action: the protocols are HTTP, SQL, Kafka and Redis';

/** Words that other tools have for actions. */
const OTHER_ACTIONS: ReadonlyMap<string, string> = new Map([
  ...['wait', 'sleep', 'pause'].map(toPair('delay')),
  ...['http', 'request', 'rest', 'fetch', 'curl'].map(toPair('http_request')),
  ...['get', 'post', 'put', 'patch', 'delete'].map(toPair('http_request')),
  ...['publish', 'produce', 'send_message'].map(toPair('kafka_producer')),
  ...['consume', 'subscribe', 'receive', 'receive_message'].map(toPair('kafka_consumer')),
  ...['sql', 'query', 'db', 'postgres', 'postgresql', 'mysql', 'mariadb'].map(toPair('database_query')),
  ...['print', 'echo'].map(toPair('log')),
  ...['start', 'stop', 'restart', 'kill'].map((verb) => [`${verb}_service`, `service_${verb}`] as const),
  ...['verify', 'configure', 'reset'].flatMap((verb) =>
    ['mock', 'stub'].flatMap((noun) =>
      [`${noun}_${verb}`, `${verb}_${noun}`].map((word) => [word, `mock_server_${verb}`] as const),
    ),
  ),
  ...['fault_reset', 'fault_remove', 'fault_stop', 'fault_end', 'clear_fault', 'clear_faults'].map(
    toPair('fault_clear'),
  ),
  ...['proxy', 'proxy_start', 'fault_proxy', 'start_proxy'].map(toPair('fault_proxy_start')),
  ...['foreach', 'forEach'].map(toPair('for_each')),
  ...['branch', 'switch'].map(toPair('if')),
  ...['call', 'include'].map(toPair('run_flow')),
]);

/** A method in the place of an action. */
const VERB = /^(?:http[._])?(get|head|post|put|patch|delete|options)$/i;

/** Commands of Redis that flows ask for by an action of their own. */
const REDIS_COMMANDS: ReadonlySet<string> = new Set(
  `APPEND DECR DECRBY EXPIRE FLUSHALL FLUSHDB HDEL HEXISTS HGET HGETALL HLEN HMGET HMSET HSET INCR INCRBY KEYS LLEN LPOP LPUSH
  LRANGE MGET MSET PEXPIRE PERSIST PING PTTL PUBLISH RPOP RPUSH SADD SCAN SCARD SETEX SETNX SISMEMBER SMEMBERS SREM TTL XADD XLEN
  XRANGE ZADD ZCARD ZRANGE ZREM ZSCORE`.split(/\s+/),
);

const STEP_KEYS: ReadonlyMap<string, string> = new Map([
  ...['expect', 'expects', 'check', 'checks', 'validate', 'verify', 'should'].map(toPair('assert')),
  ...['extract', 'capture', 'captures', 'register', 'export', 'store'].map(toPair('output')),
  ...['if', 'condition'].map(toPair('when')),
  ...['with', 'params', 'args', 'request'].map(toPair('config')),
  ...['type', 'uses', 'run'].map(toPair('action')),
]);

/** Keys of a step for which there is no single key, and what does the same. */
const STEP_HELP: Map<string, Meaning> = new Map<string, Meaning>([
  ...[
    'continue_on_error',
    'continueOnError',
    'continue_on_failure',
    'ignore_errors',
    'ignore_error',
    'allow_failure',
  ].map((word) => [word, { help: 'write `on_error: continue`', insteadOf: 'on_error' }] as const),
  ...['loop', 'for_each', 'foreach', 'forEach', 'with_items', 'items', 'matrix'].map(
    (word) =>
      [word, { help: 'write `action: for_each`, with `items:` and the step below `steps:` in its `config:`' }] as const,
  ),
  ...['response', 'expected_response', 'expect_response'].map(
    (word) =>
      [
        word,
        { help: 'an answer is tested with `assert`, as in `assert: [status == 200]`', insteadOf: 'assert' },
      ] as const,
  ),
  ...['depends_on', 'dependsOn', 'needs', 'requires'].map(
    (word) => [word, { help: 'steps run in the order in which they are written: leave it out' }] as const,
  ),
]);

/** Keys of a step of other tools that are written in another way here, and the key that does the same, where one does. */
const STEP_WAYS: readonly (readonly [words: string, help: string, key?: string])[] = [
  ['retries max_retries maxRetries attempts retry_count', 'write `retry: {max_attempts: 3}`', 'retry'],
  ['delay wait sleep pause think_time', 'a pause is a step of its own: `action: delay`, `config: {duration: 1s}`'],
  [
    'before setup pre pre_request before_step',
    'what goes before is a step before it, or stands below `setup:` of the flow',
  ],
  [
    'after teardown post finally always ensure',
    'write `cleanup:`, whose steps run in the end; or `teardown:` of the flow',
    'cleanup',
  ],
  ['catch rescue on_failure onFailure', 'write `on_error: continue`, and a next step with `when`', 'on_error'],
  ['tags tag labels group', 'tags are of a flow: `tags: [smoke]` beside its `name:`'],
  [
    'vars variables env environment',
    'variables are declared below `env:` of the flow; a step with `action: set` makes more',
  ],
  ['title label summary', 'did you mean `name`?', 'name'],
  ['disabled disable ignore pending', 'write `skip: "why"`', 'skip'],
  ['enabled run_if only_if', 'write `when: CONDITION`', 'when'],
  ['skip_if skipIf unless skip_when', 'write `when: not (CONDITION)`', 'when'],
  ['only focus', 'a step is run alone by `--only STEP_ID` of `testmesh run`'],
  ['parallel async background concurrent', 'write `action: parallel`, with `branches:` in its `config:`'],
  [
    'repeat while do_while doWhile paginate',
    'write `action: repeat`, with `steps:`, `until:` or `while:`, and `max:` in its `config:`',
  ],
  ['times', 'write `action: for_each`, with `items: "{{1..5}}"` and the step below `steps:` in its `config:`'],
  ['until poll wait_until waitUntil eventually', 'write `action: poll`, with `step:` and `until:` in its `config:`'],
  ['print debug', 'a line is written by a step with `action: log`'],
  ['failed_when fail_when', 'a result is tested with `assert`, as in `assert: [status == 200]`', 'assert'],
  [
    'expect_failure throws should_fail xfail raises',
    'write `expect_error: {kind: …}`; a refusal is tested with `assert: [status == 400]`',
    'expect_error',
  ],
  [
    'no_log sensitive secret secrets',
    'names below `secrets:` of the flow are masked, and captures with `secret: true`',
  ],
  [
    'topics tables others',
    'what may change stands below `effects:`, as in `effects: {topics: {order.placed: 1}, others: none}`',
  ],
  ['agree', 'it is a key of the flow: write it beside `steps:`'],
  ['message', 'an assertion has one: `assert: [{expression: status == 200, message: "…"}]`'],
];
for (const [words, help, insteadOf] of STEP_WAYS)
  for (const word of words.split(' ')) STEP_HELP.set(word, { help, insteadOf });

/** The same of a flow. */
const FLOW_WAYS: readonly (readonly [words: string, help: string])[] = [
  ['base_url baseUrl host url', 'write `env: {BASE_URL: …}`, and `{{BASE_URL}}` in each address'],
  ['matrix parameters examples iterations dataset', 'rows are given by `data:`, and the flow runs once for each'],
  [
    'include includes import imports use extends',
    'a flow is called by a step: `action: run_flow`, `config: {flow: other.yaml}`',
  ],
  ['before_each beforeEach after_each afterEach hooks', 'a flow has `setup:` and `teardown:`, a step `cleanup:`'],
  ['retries retry', 'a step is tried again: `retry: {max_attempts: 3}` of the step'],
  [
    'parallel concurrency workers',
    'flows run beside each other by `--workers 4`; a flow with `serial: true` runs alone',
  ],
  ['disabled', 'write `skip: "why"`'],
  [
    'defaults default config settings headers auth',
    'each step has its own settings; an anchor (`x-common: &common`, `<<: *common`) shares them',
  ],
  ['version apiVersion kind metadata', 'leave it out: a flow has `name:` and `steps:`'],
  ['title', 'did you mean `name`?'],
  [
    'runners runner',
    'an address is a variable, `env: {URL: …}`, and each step names its action: `action: http_request`, `config: {url: "{{URL}}/path"}`',
  ],
  ['author owner', 'write it into `description:`'],
];
const FLOW_HELP = new Map(
  FLOW_WAYS.flatMap(([words, help]) => words.split(' ').map((word) => [word, { help }] as const)),
);

const FLOW_KEYS: ReadonlyMap<string, string> = new Map([
  ...['vars', 'variables'].map(toPair('env')),
  ...['tests', 'testcases', 'stages', 'tasks', 'jobs'].map(toPair('steps')),
  ...['before', 'before_all', 'beforeAll'].map(toPair('setup')),
  ...['after', 'after_all', 'afterAll'].map(toPair('teardown')),
]);

const INPUT_WORDS: ReadonlySet<string> = new Set(['input', 'inputs', 'params', 'parameters']);

/** What to do in the place of an action that comes with a later version; undefined when none does by this word. */
export function suggestUntilLater(action: string): string | undefined {
  return LATER_ACTIONS.find(({ at }) => at.test(action))?.help;
}

/** Whether an action's name is a word that other tools have. */
export function isOtherAction(word: string): boolean {
  const isKnown =
    OTHER_ACTIONS.has(word) || VERB.test(word) || OTHER_HELP.has(word) || OTHER_PROTOCOLS.has(firstWord(word));
  return isKnown || readRedisCommand(word) !== undefined;
}

function firstWord(action: string): string {
  return action.split(/[._-]/)[0] ?? '';
}

/** `EXPIRE` of `redis.expire`. */
function readRedisCommand(word: string): string | undefined {
  const command = /^redis[._](\w+)$/i.exec(word)?.[1]?.toUpperCase();
  return command !== undefined && REDIS_COMMANDS.has(command) ? command : undefined;
}

/** What stands nearest to an action of other tools, by its whole name or its first word: `mysql_query`, `grpc.call`. */
export function suggestForOtherAction(action: string): string | undefined {
  const command = readRedisCommand(action);
  if (command !== undefined) return `\`redis.command\` sends any command: \`command: [${command}, …]\``;
  const first = firstWord(action);
  const [, verb] = VERB.exec(action) ?? [];
  if (verb !== undefined)
    return `write \`action: http_request\`, and \`method: ${verb.toUpperCase()}\` below \`config:\``;
  if (OTHER_PROTOCOLS.has(first)) return NO_PROTOCOL;
  const twin = OTHER_ACTIONS.get(action) ?? OTHER_ACTIONS.get(first);
  return OTHER_HELP.get(action) ?? (twin === undefined ? OTHER_HELP.get(first) : `did you mean \`${twin}\`?`);
}

/** The action that a key of a step names in other tools. */
export function findTwinAction(word: string): string | undefined {
  return STEP_HELP.has(word) ? undefined : OTHER_ACTIONS.get(word);
}

/** What a key of a step means in other tools. */
export function explainOtherStepKey(word: string): Meaning | undefined {
  return STEP_HELP.get(word) ?? toMeaning(STEP_KEYS.get(word));
}

/** What a key means in other tools that stands beside scenarios of a load. */
export function explainOtherLoadKey(word: string): Meaning | undefined {
  if (word !== 'config') return FLOW_HELP.get(word);
  return {
    help: 'scenarios say how flows are run, each by `exec: flow.yaml`: the address is a variable of the flow (`env: {URL: …}`), how long and how many stand in a scenario (`executor`, `vus`, `duration`), and what is asked in steps (`action: http_request`)',
  };
}

/** What a key of a flow means in other tools. */
export function explainOtherFlowKey(word: string): Meaning | undefined {
  if (INPUT_WORDS.has(word))
    return { help: 'what a caller gives becomes variables: use them by name, or declare them under `env:`' };
  return toMeaning(FLOW_KEYS.get(word)) ?? FLOW_HELP.get(word);
}

function toMeaning(meant: string | undefined): Meaning | undefined {
  return meant === undefined ? undefined : { help: `did you mean \`${meant}\`?`, insteadOf: meant };
}

function toPair(meant: string): (word: string) => readonly [string, string] {
  return (word) => [word, meant];
}
