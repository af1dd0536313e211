import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

/** What is an error in a step: `message: help`. */
function errors(step: string): readonly string[] {
  const { diagnostics } = planText(`name: x\nsteps:\n  - { id: s, ${step} }\n`);
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message, help = [] }) => `${message}: ${help.join('; ')}`);
}

const request = (settings: string): string => `action: http_request, config: { url: "http://h", ${settings} }`;

describe('a map of names that is written as a list or as text', () => {
  it.each([
    ['headers: "Authorization: Bearer s3cr3t"', 'headers: {Authorization: …}'],
    ['headers: "Accept: a\\nX-Id: s3cr3t"', 'headers: {Accept: …, X-Id: …}'],
    [
      'headers: [{ name: Authorization, value: s3cr3t }, { name: Accept, value: b }]',
      'headers: {Authorization: …, Accept: …}',
    ],
    ['headers: [{ key: A, value: s3cr3t, enabled: true }]', 'headers: {A: …}'],
    ['headers: [{ Accept: s3cr3t }]', 'headers: {Accept: …}'],
    ['headers: [[A, s3cr3t], [B, c]]', 'headers: {A: …, B: …}'],
    ['headers: ["A: s3cr3t"]', 'headers: {A: …}'],
    ['query: "a=s3cr3t&b=2"', 'query: {a: …, b: …}'],
    ['query: "?a=s3cr3t"', 'query: {a: …}'],
    ['method: POST, form: [{ key: a, value: s3cr3t }]', 'form: {a: …}'],
    ['method: POST, form: "a=s3cr3t"', 'form: {a: …}'],
    ['cookies: "sid=s3cr3t; b=2"', 'cookies: {sid: …, b: …}'],
    ['cookies: [{ name: sid, value: s3cr3t, path: / }]', 'cookies: {sid: …}'],
    ['method: POST, multipart: [{ name: file, file: a.txt }]', 'multipart: {file: …}'],
  ])('%s', (settings, written) => {
    const [said = '', ...more] = errors(request(settings));
    expect(said).toContain(`write it as a map: \`${written}\``);
    expect(more).toEqual([]);
    if (!settings.startsWith('query') && !settings.includes('form')) expect(said).not.toContain('s3cr3t');
  });

  it.each(['headers: 5', 'headers: "x"', 'headers: [1, 2]', 'headers: []', 'query: "abc"'])(
    '%s says no names',
    (settings) => {
      expect(errors(request(settings)).join()).not.toContain('write it as a map');
    },
  );
});

describe('auth as other tools write it', () => {
  const basic = 'write `auth: {basic: {username: …, password: …}}`';
  const bearer = 'write `auth: {bearer: "{{TOKEN}}"}`';
  it.each([
    ['{ type: basic, username: a, password: b }', basic],
    ['{ username: a, password: b }', basic],
    ['{ user: a, pass: b }', basic],
    ['[a, b]', basic],
    ['"ada:s3cr3t"', basic],
    ['"Basic YTpi"', basic],
    ['{ type: bearer, token: s3cr3t }', bearer],
    ['{ scheme: Bearer, value: s3cr3t }', bearer],
    ['{ token: s3cr3t }', bearer],
    ['"Bearer s3cr3t"', bearer],
    ['{ bearer: { token: s3cr3t } }', bearer],
    ['{ type: apikey, key: X-Key, value: s3cr3t, in: header }', 'write `auth: {api_key: {header: X-Key, value: …}}`'],
    ['{ type: api_key, key: key, value: s3cr3t, add_to: query }', 'write `auth: {api_key: {query: key, value: …}}`'],
    ['{ type: oauth2, client_id: a, client_secret: s3cr3t, token_url: u }', 'write `auth: {oauth2: {token_url: …'],
    ['{ digest: { username: a, password: s3cr3t } }', 'what else a service wants is a header'],
  ])('%s is one error with the shape', (auth, way) => {
    const [said = '', ...more] = errors(request(`auth: ${auth}`));
    expect(said).toContain(way);
    expect(said).not.toContain('s3cr3t');
    expect(more).toEqual([]);
  });

  it('says of a key among known ones what it is', () => {
    expect(errors(request('auth: { basic: { username: a, password: b }, realm: x }'))).toEqual([
      'unknown key `realm` in `auth` of `http_request`: it takes `bearer`, `basic`, `api_key` and `oauth2`',
    ]);
  });
});

describe('one where several are wanted, a number where a map is', () => {
  const stub = (route: string): string => `action: mock_server_start, config: { routes: ${route} }`;
  it.each([
    [
      stub('[{ path: /x, then: { after: 1s, http: { method: POST, url: "http://h/{{request.body.id}}" } } }]'),
      'write a list: `then: [{after: …, http: …}]`',
    ],
    [
      stub('{ path: /x, response: { status: 200, body: "{{request.path}}" } }'),
      'write a list: `routes: [{path: …, response: …}]`',
    ],
    [stub('{ /x: { status: 200 } }'), 'write a list: `routes: [{path: /x, …}]`'],
    [`${request('method: GET')}, retry: 3`, 'write `retry: {max_attempts: 3}`'],
  ])('%s', (step, way) => {
    expect(errors(step)).toEqual([expect.stringContaining(`: ${way}`)]);
  });
});

describe('an assertion as other tools write it', () => {
  it.each([
    ['eq: [status, 200]', 'status == 200'],
    ['equals: [$.name, Ada]', 'body.name == "Ada"'],
    ['ne: [body.id, null]', 'body.id != nil'],
    ['contains: [body.name, A]', 'body.name contains "A"'],
    ['len_eq: [body.items, 3]', 'len(body.items) == 3'],
    ['lt: [duration_ms, 100]', 'duration_ms < 100'],
    ['in: [status, [200, 201]]', 'status in [200, 201]'],
    ['status: { eq: 200 }', 'status == 200'],
    ['status_code: { in: [200, 204] }', 'status in [200, 204]'],
    ['path: $.id, equals: 3', 'body.id == 3'],
    ['jsonpath: $.id, operator: gte, value: 3', 'body.id >= 3'],
    ['path: $.id, exists: true', 'body.id != nil'],
    ['property: body.tags, comparison: contains, expected: a', 'body.tags contains "a"'],
    ['status: 200', 'status == 200'],
  ])('{ %s }', (assertion, written) => {
    expect(errors(`${request('method: GET')}, assert: [{ ${assertion} }]`)).toEqual([
      `expected an assertion in \`assert\` (an expression), got a map: write it as an expression: \`- ${written}\``,
    ]);
  });

  it('is left to its keys where it is unclear', () => {
    expect(errors(`${request('method: GET')}, assert: [{ expresion: status == 200 }]`)).toEqual([
      'unknown key `expresion` in an assertion: did you mean `expression`?',
    ]);
  });
});

describe('a wait whose kind is its key', () => {
  it.each([
    ['tcp: "h:1"', 'write `type: tcp, host: h, port: 1`'],
    ['tcp: 5432', 'write `type: tcp, host: localhost, port: 5432`'],
    ['tcp: "tcp://127.0.0.1:1"', 'write `type: tcp, host: "127.0.0.1", port: 1`'],
    ['tcp: { host: h, port: 1 }', 'write `type: tcp, host: h, port: 1`'],
    ['http: "http://h:1/x"', 'write `type: http` and `url: "http://h:1/x"`'],
    ['http: { url: "http://h:1/x" }', 'write `type: http` and `url: "http://h:1/x"`'],
  ])('%s', (kind, way) => {
    expect(errors(`action: wait_for, config: { ${kind}, timeout: 1s }`)).toEqual([
      expect.stringMatching(/^unknown key `(?:tcp|http)` in `wait_for`: /),
    ]);
    expect(errors(`action: wait_for, config: { ${kind}, timeout: 1s }`)[0]).toContain(way);
  });
});

describe('settings in the shape that another tool has', () => {
  const query = (settings: string): string => `action: database_query, config: { ${settings} }`;
  const wait = (settings: string): string =>
    `action: kafka_consumer, config: { brokers: "h:1", topic: t, ${settings} }`;
  const poll = (until: string): string =>
    `action: poll, config: { timeout: 1s, until: ${until}, step: { ${request('method: GET')} } }`;
  const stub = (route: string): string => `action: mock_server_start, config: { routes: [${route}] }`;
  it.each([
    [
      'action: http_request, config: { url: { raw: "http://h" } }',
      'write the address as one text: `url: "http://host/path"`',
    ],
    [request('proxy: { host: h, port: 3128 }'), 'write its address: `proxy: http://host:3128`'],
    [request('tls: true'), 'leave it out: `https://` in the address is enough'],
    [request('tls: false'), 'write `tls: {insecure: true}` to take any certificate'],
    [request('query: { b: { c: 1 } }'), 'write `"b[c]": …`'],
    [request('headers: { A: { value: x } }'), 'write `A: …`, the value alone'],
    [request('path_params: { id: 1 }'), 'write them in the address: `url: "http://host/users/{{ID}}"`'],
    [request('body_file: x.json'), `write \`body: '{{file("body.json")}}'\`, which is the text of a file`],
    [request('content_type: text/plain'), 'it is a header: write it below `headers:`'],
    [request('ignore_verify_ssl: true'), 'write `tls: {insecure: true}` to take any certificate'],
    [
      request('http_errors: false'),
      'an answer of any status passes: test it with `assert: [status == 200]` beside `config`',
    ],
    [
      'action: http_request, config: { request: { url: "http://h" } }',
      'write its settings right below `config:`, as in `config: {method: GET, url: …}`',
    ],
    ['action: http_request, config: { GET: "http://h" }', 'write `method: GET` and `url: …`'],
    ['action: http_request, config: "GET http://h/{{RUN_ID}}"', 'write `config: {method: GET, url: …}`'],
    ['action: GET, config: { url: "http://h" }', 'write `action: http_request`, and `method: GET` below `config:`'],
    [
      'action: http_request, config: [{ url: "http://h" }, { method: GET }]',
      'write them without `- `: `config: {url: …, method: …}`',
    ],
    ['action: delay, config: 5s', 'write `config: {duration: 5s}`; it takes `duration`'],
    ['action: log, config: hello', 'write `config: {message: hello}`; it takes `message`, `level` and `data`'],
    ['action: set, config: [{ a: 1 }]', 'write it as a map: `config: {a: …}`'],
    [
      query('connection: { host: h, password: s3cr3t }, query: "SELECT 1"'),
      'write one address: `connection: "postgres://user:password@host:5432/database"`',
    ],
    [
      query('connection: "jdbc:postgresql://h/db", query: "SELECT 1"'),
      'leave out `jdbc:`: `postgresql://…`, and write user and password before the host, `user:password@`',
    ],
    [
      query('connection: "postgresql+psycopg2://u:s3cr3t@h/db", query: "SELECT 1"'),
      'leave out the driver behind `+`: `postgresql://…`',
    ],
    [
      query('connection: "u:s3cr3t@tcp(h:3306)/db", query: "SELECT 1"'),
      'write `mysql://user:password@host:port/database`',
    ],
    [
      query('connection: "host=h user=u password=s3cr3t", query: "SELECT 1"'),
      'write `postgres://user:password@host:port/database`',
    ],
    [
      query('connection: "postgres://h/d", query: ["SELECT 1"]'),
      'write one statement, or several in one text with `;` between them',
    ],
    [query('connection: "postgres://h/d", query: "SELECT $1", params: 5'), 'write `params: [5]`'],
    [
      query('connection: "postgres://h/d", query: "SELECT 1", expect_rows: 1'),
      'a result is tested with `assert:` beside `config`, as in `assert: [row_count == 1]`',
    ],
    ['action: kafka_producer, config: { bootstrap.servers: "h:1", topic: t, value: x }', 'did you mean `brokers`?'],
    [wait('sasl: PLAIN'), 'write `sasl: {mechanism: plain, username: …, password: …}`'],
    [wait('match: "value.id == 3"'), 'write `match: {where: …}` for a condition'],
    [`${request('method: GET')}, effects: none`, 'write `effects: {others: none}`'],
    [wait('match: [{ key: x }]'), 'write one map: `match: {key: …}`'],
    [wait('match: { jsonpath: $.id }'), "a condition is `where:`, as in `{where: 'value.id == 3'}`"],
    [wait('count: ">= 2"'), 'write `count: {min: 2}`'],
    [wait('count: "> 2"'), 'write `count: {min: 3}`'],
    [wait('count: 1-3'), 'write `count: {min: 1, max: 3}`'],
    [wait('since: latest'), 'write `since: now`'],
    [wait('since: beginning'), 'write `since: earliest`'],
    [poll('{ status: 200 }'), "write it as an expression: `until: 'status == 200'`"],
    [`${request('method: GET')}, retry: true`, 'write `retry: {max_attempts: 3}`'],
    [
      'action: for_each, config: { items: 3, steps: [{ action: log, config: { message: x } }] }',
      'for numbers write `items: "{{1..3}}"`',
    ],
    [
      'action: for_each, config: { items: [1], do: [{ action: log, config: { message: "{{item}}" } }] }',
      'did you mean `steps`?',
    ],
    [stub('{ GET /x: { status: 200 } }'), 'write `method: GET` and `path: /x`'],
    [stub('{ path: GET /x, response: { status: 200 } }'), 'write `method: GET` and `path: /x`'],
    [
      stub('{ method: [GET, POST], path: /x, response: { status: 200 } }'),
      'a route without `method` takes any; otherwise write one for each',
    ],
    [stub('{ path: /x, response: 200 }'), 'write `response: {status: 200}`'],
  ])('%s', (step, way) => {
    const said = errors(step);
    expect(said).toEqual([expect.stringMatching(/./)]);
    expect(said[0]?.endsWith(`: ${way}`) ? way : said[0]).toBe(way);
    expect(said[0]).not.toContain('s3cr3t');
  });

  it.each([
    ['body: { mode: raw, raw: "{}" }', 'TM305', 'write what stands behind `raw` as `body:`'],
    ['body: { mode: urlencoded, urlencoded: [] }', 'TM305', 'write `form: {name: value}`'],
    ['multipart: { f: "@x.txt" }', 'TM307', 'write `f: {file: x.txt}`'],
  ])('is a warning where it is sent as it stands: %s', (settings, code, way) => {
    const { diagnostics } = planText(`name: x\nsteps:\n  - { id: s, ${request(`method: POST, ${settings}`)} }\n`);
    const warned = diagnostics.filter((one) => one.code === code);
    expect(warned.map(({ severity, help }) => [severity, help])).toEqual([['warning', [way]]]);
  });

  it.each(['body: { mode: fast }', 'body: { raw: x }', 'multipart: { f: "@ada" }', 'multipart: { f: "a@b.test" }'])(
    'is none in %s',
    (settings) => {
      const { diagnostics } = planText(`name: x\nsteps:\n  - { id: s, ${request(`method: POST, ${settings}`)} }\n`);
      expect(diagnostics.filter(({ code = '' }) => ['TM305', 'TM307'].includes(code))).toEqual([]);
    },
  );
});
