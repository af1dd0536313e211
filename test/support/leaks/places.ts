import { SPELLING_NAMES } from './speller.ts';

/** Flows that take a secret, `S`, to every place where values travel over HTTP and inside of testmesh, by name; at `URL` is a speller. */
export const HTTP_PLACES: Readonly<Record<string, string>> = {
  path: step('http_request', '{ url: "{{URL}}/{{url_encode(S)}}/x" }', 'assert: [status == 1]'),
  'raw-url': step('http_request', '{ url: "{{URL}}/{{S}}?q={{S}}#{{S}}" }', 'assert: [status == 1]'),
  'user-info': step('http_request', '{ url: "http://user:{{url_encode(S)}}@{{HOST}}/json" }', 'assert: [status == 1]'),
  'raw-user-info': step('http_request', '{ url: "http://user:{{S}}@{{HOST}}/json" }', 'assert: [status == 1]'),
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
