import { SPELLING_NAMES } from './speller.ts';

/** Flows that take a secret, `S`, to every place where values travel over HTTP and inside of testmesh, by name; at `URL` is a speller. */
export const HTTP_PLACES: Readonly<Record<string, string>> = {
  path: step('http_request', '{ url: "{{URL}}/{{url_encode(S)}}/x" }', 'assert: [status == 1]'),
  'raw-url': step('http_request', '{ url: "{{URL}}/{{S}}?q={{S}}#{{S}}" }', 'assert: [status == 1]'),
  'user-info': step('http_request', '{ url: "http://user:{{url_encode(S)}}@{{HOST}}/json" }', 'assert: [status == 1]'),
  'raw-user-info': step('http_request', '{ url: "http://user:{{S}}@{{HOST}}/json" }', 'assert: [status == 1]'),
  host: step('http_request', '{ url: "http://x{{S}}.invalid:1/" }', ''),
  query: step('http_request', '{ url: "{{URL}}/json", query: { text: "{{S}}" } }', 'assert: [status == 1]'),
  form: step(
    'http_request',
    '{ method: POST, url: "{{URL}}/plain", form: { text: "{{S}}" } }',
    'assert: ["body == 1"]',
  ),
  json: step(
    'http_request',
    '{ method: POST, url: "{{URL}}/json", body: { text: "{{S}}", list: ["x{{S}}y"] } }',
    'assert: ["body.deep == {}"]',
  ),
  header: step('http_request', '{ url: "{{URL}}/json", headers: { x-token: "{{S}}" } }', 'assert: [status == 1]'),
  bearer: step('http_request', '{ url: "{{URL}}/json", auth: { bearer: "{{S}}" } }', 'assert: [status == 1]'),
  basic: step(
    'http_request',
    '{ url: "{{URL}}/json", auth: { basic: { username: me, password: "{{S}}" } } }',
    'assert: [status == 1]',
  ),
  'api-key': step(
    'http_request',
    '{ url: "{{URL}}/json", auth: { api_key: { query: key, value: "{{S}}" } } }',
    'assert: [status == 1]',
  ),
  'basic-by-hand': step(
    'http_request',
    `{ method: POST, url: "{{URL}}/json", headers: { Authorization: "Basic {{base64('me:' + url_encode(S))}}" }, body: "header Basic {{base64('me:' + url_encode(S))}}" }`,
    'assert: [status == 1, "body.text == 1"]',
  ),
  envelope: step(
    'http_request',
    `{ method: POST, url: "{{URL}}/plain", body: { payload: '{{base64(json({"user": "ada", "pw": S}))}}' } }`,
    'assert: ["body == 1"]',
  ),
  'line-breaks': step(
    'http_request',
    `{ method: POST, url: "{{URL}}/plain", body: '{{replace(S, "\\\\n", "\\n")}}' }`,
    'assert: ["body == 1"]',
  ),
  multipart: step(
    'http_request',
    '{ method: POST, url: "{{URL}}/plain", multipart: { text: "{{S}}", more: { value: "{{S}}", filename: "{{S}}" } } }',
    'assert: [status == 1]',
  ),
  cookie: step('http_request', '{ url: "{{URL}}/json", cookies: { sid: "{{S}}" } }', 'assert: [status == 1]'),
  file: step(
    'http_request',
    '{ url: "{{URL}}/json", multipart: { text: { file: "{{S}}.txt" } } }',
    'assert: [status == 1]',
  ),
  proxy: step(
    'http_request',
    '{ url: "{{URL}}/json", proxy: "http://user:{{url_encode(S)}}@127.0.0.1:1" }',
    'assert: [status == 1]',
  ),
  ...Object.fromEntries(
    SPELLING_NAMES.map((name) => [
      `answer-${name}`,
      step(
        'http_request',
        `{ method: POST, url: "{{URL}}/${name}", headers: { content-type: text/plain }, body: "{{S}}" }`,
        'assert: ["body == 5", "len(body) == -1", "body.text.x == 1"]',
      ),
    ]),
  ),
  postgres: step(
    'database_query',
    '{ connection: "postgres://user:{{url_encode(S)}}@127.0.0.1:1/db", query: "SELECT :a", params: { a: "{{S}}" } }',
    '',
  ),
  'raw-postgres': step(
    'database_query',
    '{ connection: "postgres://user:{{S}}@127.0.0.1:1/db", query: "SELECT 1" }',
    '',
  ),
  mysql: step(
    'database_query',
    '{ connection: "mysql://user:{{url_encode(S)}}@127.0.0.1:1/db", query: "SELECT 1" }',
    '',
  ),
  redis: step('redis.set', '{ url: "redis://user:{{url_encode(S)}}@127.0.0.1:1", key: "{{S}}", value: "{{S}}" }', ''),
  'no-postgres': step('database_query', '{ connection: "{{S}}", query: "{{S}}" }', ''),
  kafka: step(
    'kafka_producer',
    '{ brokers: "127.0.0.1:1", topic: t, key: "{{S}}", value: { a: "{{S}}" }, headers: { h: "{{S}}" }, sasl: { mechanism: plain, username: u, password: "{{S}}" } }',
    'timeout: 1s',
  ),
  int: step('set', '{ a: "{{int(S)}}" }', ''),
  date: step('set', '{ a: "{{date(S)}}" }', ''),
  duration: step('set', '{ a: "{{duration(S)}}" }', ''),
  'wrong-types': step('set', '{ a: "{{S + 1}}" }', ''),
  'wrong-key': step('set', '{ a: "{{{S: S}[S].x}}" }', ''),
  'not-json': step('set', `{ a: "{{fromJSON(S + '{')}}" }`, ''),
  'not-base64': step('set', `{ a: "{{base64_decode(S + '!')}}" }`, ''),
  'not-a-token': step('set', '{ a: "{{jwt_decode(S)}}" }', ''),
  'no-pattern': step('set', `{ a: "{{S matches S + '('}}" }`, ''),
  'no-file': step('set', '{ a: "{{file(S)}}" }', ''),
  when: step('log', '{ message: x }', 'when: "{{S}} + 1"'),
  log: step('log', '{ message: "it is {{S}}", data: "{{ {(S): [S]} }}" }', ''),
  letters: step(
    'log',
    `{ message: "{{split(S, '')}} {{[S[:5], S[5:]]}}", data: { a: "{{split(S, '')}}", b: ["{{S[:3]}}", "{{S[3:7]}}", "{{S[7:]}}"] } }`,
    '',
  ),
  name: step('log', '{ message: x }', 'name: "Step {{S}}"'),
  compare: step(
    'assert',
    '{ data: { a: "x{{S}}y", n: "{{ {(S): 1} }}" }, assertions: ["a == S", "a contains (S + S)", "n == {}", "a startsWith S", "a matches \'^q\'", "a == (\'q\' + S)", "S in [1, 2]", "all([S], # == 1)", "a in n"] }',
    '',
  ),
  message: step('assert', '{ data: { a: 1 }, assertions: [{ expression: "a == 2", message: "not {{S}}" }] }', ''),
  'expected-error': step(
    'http_request',
    '{ url: "http://127.0.0.1:1/{{url_encode(S)}}" }',
    'expect_error: true\n    assert: ["error.message == S"]',
  ),
  each: step(
    'for_each',
    '{ items: ["{{S}}", 2], steps: [{ action: assert, config: { data: { b: "{{item}}" }, assertions: ["b == 2"] } }] }',
    '',
  ),
  poll: step(
    'poll',
    '{ timeout: 40ms, interval: 10ms, step: { action: http_request, config: { method: POST, url: "{{URL}}/json", body: "{{S}}" } }, until: ["body.text == 1", "len(body.list) == 2"] }',
    '',
  ),
  retry: step(
    'http_request',
    '{ method: POST, url: "{{URL}}/plain", body: "{{S}}" }',
    'retry: { max_attempts: 2, delay: 1ms }\n    assert: ["int(body) == 1"]',
  ),
  'no-match': step(
    'http_request',
    '{ method: POST, url: "{{URL}}/plain", body: "{{S}}" }',
    `output: { a: { regex: 'zq(\\d+)qz', from: body } }`,
  ),
  'no-path': step(
    'http_request',
    '{ method: POST, url: "{{URL}}/json", body: "{{S}}" }',
    'output: { a: $.body.text.x.y }',
  ),
  'no-item': step(
    'http_request',
    '{ method: POST, url: "{{URL}}/json", body: "{{S}}" }',
    'output: { a: "$.body.list[?int(@) > 1]", b: "$.body.zz" }',
  ),
  schema: step(
    'http_request',
    '{ method: POST, url: "{{URL}}/json", body: "{{S}}" }',
    `assert: ["matches_schema(body, {type: 'object', properties: {text: {type: 'integer'}, list: {maxItems: 0}}, additionalProperties: false})"]`,
  ),
};

/** Flows that learn a secret, the `text` that the speller knows, by a capture: of what failed, or gave up, or is tried again. */
export const CAPTURE_PLACES: Readonly<Record<string, string>> = {
  'failed-assertion': learn('assert: ["body.text == 1"]'),
  'failed-capture': learn('', ', b: $.body.zz'),
  'failed-attempts': learn('retry: { max_attempts: 2, delay: 1ms }\n    assert: ["body.text == 1"]'),
  passed: `${learn('assert: [status == 200]')}\n${step('assert', '{ data: { a: "{{a}}" }, assertions: ["a == 1"] }', '')}`,
  'gave-up': learnByPoll('until: ["body.text == 1"]'),
  stopped: learnByPoll('until: ["body.text == 1"], fail_when: "len(body.text) > 0"'),
  'look-failed': step(
    'poll',
    '{ timeout: 40ms, interval: 10ms, step: { action: http_request, config: { url: "{{URL}}/json" }, output: { a: { path: $.body.text, secret: true } }, assert: ["body.text == 1"] }, until: ["status == 1"] }',
    '',
  ),
  'broken-off': step(
    'http_request',
    '{ url: "{{URL}}/broken-off" }',
    'output: { a: { path: $.body.text, secret: true } }\n    assert: [status == 200]',
  ),
  'in-a-loop': step(
    'for_each',
    '{ items: [1, 2], steps: [{ action: http_request, config: { url: "{{URL}}/json" }, assert: ["body.text == 1"], output: { a: { path: $.body.text, secret: true } } }] }',
    '',
  ),
  'expected-error': step(
    'http_request',
    '{ url: "{{URL}}/json" }',
    'expect_error: true\n    output: { a: { path: $.body.text, secret: true } }',
  ),
};

/** Flows that take the secret from the middle of a text with its escapes, each the only one to learn it, and see it without them later. */
export const WRITTEN_PLACES: Readonly<Record<string, string>> = {
  'in HTML': learnWritten('html', '(?s)<p>(.*)</p>'),
  'in HTML with names': learnWritten('entities', '(?s)<p>(.*)</p>'),
  'in JSON': learnWritten('upper', '(?s)error: "(.*)"'),
  'in a URL': learnWritten('url', '(?s)see (.*)'),
};

function learnWritten(name: string, regex: string): string {
  const output = `output: { a: { regex: '${regex}', from: body, secret: true } }`;
  const taken = step('http_request', `{ url: "{{URL}}/${name}" }`, output);
  return `${taken}\n${step('http_request', '{ url: "{{URL}}/json" }', 'assert: ["body.text == 1", "body.text == a"]')}`;
}

function learn(more: string, output = ''): string {
  return step(
    'http_request',
    '{ url: "{{URL}}/json" }',
    `output: { a: { path: $.body.text, secret: true }${output} }\n    ${more}`,
  );
}

function learnByPoll(until: string): string {
  const look = '{ action: http_request, config: { url: "{{URL}}/json" } }';
  return step(
    'poll',
    `{ timeout: 40ms, interval: 10ms, step: ${look}, ${until} }`,
    'output: { a: { path: $.body.text, secret: true } }',
  );
}

function step(action: string, config: string, more: string): string {
  return `  - action: ${action}\n    config: ${config}\n    ${more}\n`;
}

/** The same for Postgres at `DB` and Kafka at `BROKERS`, with a topic of the run's own in `TOPIC`. */
export const SERVICE_PLACES: Readonly<Record<string, string>> = {
  parameter: query('SELECT :a::text AS a', 'assert: [row_count == 2, "first_row.a == 5"]'),
  column: query('SELECT :a::text AS password, 1 AS "x", array[:a::text] AS list', 'assert: [row_count == 2]'),
  'not-a-number': query('SELECT CAST(:a::text AS int)', ''),
  'not-json': query('SELECT CAST(:a::text AS json)', ''),
  'not-a-date': query('SELECT CAST(:a::text AS date)', ''),
  twice: query(
    'CREATE TEMP TABLE leak_twice (a text PRIMARY KEY); INSERT INTO leak_twice VALUES (:a); INSERT INTO leak_twice VALUES (:a)',
    '',
  ),
  check: query('CREATE TEMP TABLE leak_check (a text CHECK (length(a) < 2)); INSERT INTO leak_check VALUES (:a)', ''),
  raised: query("DO $$ BEGIN RAISE EXCEPTION 'not this one'; END $$; SELECT :a::text", ''),
  'pasted-text': step('database_query', `{ connection: "{{DB}}", query: "SELECT '{{S}}'::int" }`, ''),
  'no-database': step('database_query', '{ connection: "{{DB}}{{url_encode(S)}}", query: SELECT 1 }', ''),
  'no-user': step(
    'database_query',
    "{ connection: \"{{replace(DB, 'root:', url_encode(S) + ':')}}\", query: SELECT 1 }",
    '',
  ),
  'no-password': step(
    'database_query',
    "{ connection: \"{{replace(DB, ':admin@', ':' + url_encode(S) + '@')}}\", query: SELECT 1 }",
    '',
  ),
  'db-poll': step(
    'db_poll',
    '{ connection: "{{DB}}", query: "SELECT :a::text AS a", params: { a: "{{S}}" }, timeout: 300ms, interval: 50ms, condition: "first_row.a == 1" }',
    '',
  ),
  produced: step(
    'kafka_producer',
    '{ brokers: "{{BROKERS}}", topic: "{{TOPIC}}", key: "{{S}}", value: { a: "{{S}}", password: "{{S}}" }, headers: { h: "{{S}}", authorization: "Bearer {{S}}" } }',
    'assert: [partition == -1]',
  ),
  'no-match': `${send('{ text: "{{S}}" }')}${wait('{ value: { text: nothing } }')}`,
  'no-match-of-text': `${send('"is {{S}}"')}${wait('{ value: nothing, key: k }')}`,
  'no-match-of-this': `${send('{ text: other }')}${wait('{ value: { text: "{{S}}" }, key: "{{S}}", headers: { h: "{{S}}" } }')}`,
  matched: `${send('{ text: "{{S}}" }')}${wait('{ value: { text: "{{S}}" } }', 'assert: ["message.value.text == 1", "len(messages) == 9"]')}`,
  'no-topic': step('kafka_producer', '{ brokers: "{{BROKERS}}", topic: "{{S}}", value: x }', 'timeout: 3s'),
};

function query(text: string, more: string): string {
  return step(
    'database_query',
    `{ connection: "{{DB}}", query: ${JSON.stringify(text)}, params: { a: "{{S}}" } }`,
    more,
  );
}

function send(value: string): string {
  return step('kafka_producer', `{ brokers: "{{BROKERS}}", topic: "{{TOPIC}}", key: k, value: ${value} }`, '');
}

/** Flows in which `X`, which nobody calls a secret, stands where passwords and credentials do in a message that a wait does not take. */
export const PLACED_MESSAGES: Readonly<Record<string, string>> = {
  'near-miss': `${step(
    'kafka_producer',
    '{ brokers: "{{BROKERS}}", topic: "{{TOPIC}}", key: k, value: { password: "{{X}}" }, headers: { Authorization: "Bearer {{X}}" } }',
    '',
  )}${wait(`{ key: k, headers: { Authorization: Bearer other }, value: { password: other }, where: 'value.password == "other"' }`)}`,
};

function wait(match: string, more = ''): string {
  return step('kafka_consumer', `{ brokers: "{{BROKERS}}", topic: "{{TOPIC}}", match: ${match}, timeout: 2s }`, more);
}

const REVERSED = '{ connection: "{{DB}}", query: "SELECT reverse(:r) AS a", params: { r: "{{R}}" } }';
const LEARN_ROW = 'output: { a: { path: $.first_row.a, secret: true } }';

/** Flows that learn a secret from Postgres, which turns the text `R` round. */
export const LEARNED_ROWS: Readonly<Record<string, string>> = {
  failed: step('database_query', REVERSED, `${LEARN_ROW}\n    assert: ["first_row.a == 1"]`),
  'gave-up': step(
    'poll',
    `{ timeout: 200ms, interval: 50ms, step: { action: database_query, config: ${REVERSED} }, until: "first_row.a == 1" }`,
    LEARN_ROW,
  ),
};

/** The same for Redis at `REDIS`. */
export const REDIS_PLACES: Readonly<Record<string, string>> = {
  value: `${step('redis.set', '{ url: "{{REDIS}}", key: "k{{S}}", value: { a: "{{S}}" } }', '')}${step('redis.get', '{ url: "{{REDIS}}", key: "k{{S}}" }', 'assert: ["value == 1", "json.a == 2"]')}`,
  'wrong-type': `${step('redis.command', '{ url: "{{REDIS}}", command: [LPUSH, "l{{S}}", "{{S}}"] }', 'assert: ["value == 1"]')}${step('redis.get', '{ url: "{{REDIS}}", key: "l{{S}}" }', '')}`,
  'no-command': step('redis.command', '{ url: "{{REDIS}}", command: ["{{S}}", "{{S}}"] }', ''),
  'no-number': `${step('redis.set', '{ url: "{{REDIS}}", key: n, value: "{{S}}" }', '')}${step('redis.command', '{ url: "{{REDIS}}", command: [INCRBY, n, "{{S}}"] }', '')}`,
  'log-in': step('redis.command', '{ url: "{{REDIS}}", command: [AUTH, me, "{{S}}"] }', ''),
  'no-password': step(
    'redis.get',
    "{ url: \"{{replace(REDIS, '://', '://me:' + url_encode(S) + '@')}}\", key: k }",
    '',
  ),
};

/** A flow that learns a secret from messages that somebody else writes to `TOPIC`, and that its wait does not take. */
export const LEARNED_MESSAGES: Readonly<Record<string, string>> = {
  'not-taken': step(
    'kafka_consumer',
    '{ brokers: "{{BROKERS}}", topic: "{{TOPIC}}", since: earliest, match: { value: { is: nothing } }, timeout: 1s }',
    'output: { a: { path: $.message.value.text, secret: true } }',
  ),
};
