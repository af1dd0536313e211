import { type CodeDoc, describeCode } from './code-doc.ts';

const head = (step: string): string => `name: Orders\nsteps:\n${step}`;
const request = (config: string): string =>
  head(
    `  - action: http_request\n    config:\n      url: "http://127.0.0.1:9/orders"\n${config}    assert: [status == 200]\n`,
  );
const query = (config: string): string =>
  head(`  - action: database_query\n    config:\n      ${config}\n    assert: [row_count == 1]\n`);
const documented =
  'name: n\nsetup:\n  - id: users\n    action: mock_server_start\n    config: { from: users.yaml }\nsteps:\n  - { action: http_request, config: { url: "{{users.url}}/users" }, assert: [status == 200] }\n';
const stub = (route: string): string =>
  `name: Users\nsetup:\n  - id: users\n    action: mock_server_start\n    config:\n      routes:\n        - ${route}\nsteps:\n  - action: http_request\n    config: { url: "{{users.url}}/users/u1" }\n    assert: [status == 200]\n`;
const fault = (config: string): string =>
  `name: Users\nsetup:\n  - { id: gate, action: fault_proxy_start, config: { upstream: "http://127.0.0.1:9" } }\nsteps:\n  - { action: fault_set, config: ${config} }\n  - action: http_request\n    config: { url: "{{gate.url}}/users/u1" }\n    assert: [status == 200]\n`;
const produce = (config: string): string =>
  head(`  - action: kafka_producer\n    config: { brokers: "localhost:9092", topic: orders, ${config} }\n`);
const silence = (config: string): string =>
  head(
    `  - id: placed\n    action: kafka_consumer\n    config: { brokers: "localhost:9092", topic: orders, match: { key: "1" } }\n  - action: kafka_consumer\n    config: { brokers: "localhost:9092", topic: invoices, count: 0, ${config} }\n`,
  );
const quiet = (...config: string[]): string =>
  head(
    `  - action: unchanged\n    config:\n${config.map((line) => `      ${line}\n`).join('')}      steps:\n        - action: http_request\n          config: { method: POST, url: "http://127.0.0.1:9/again" }\n          assert: [status == 200]\n`,
  );
const redis = (action: string, config: string): string =>
  head(`  - action: ${action}\n    config: ${config}\n    assert: [value == "1"]\n`);

/** Settings of actions that do not fit together, or that the action cannot carry out. */
export const actionCodes: readonly CodeDoc[] = [
  describeCode('TM301', 'an address that HTTP cannot use', {
    text: '`url` is empty, has no scheme, another scheme than `http` and `https`, or does not parse.',
    wrong: head(
      '  - action: http_request\n    config: { url: "localhost:5003/orders" }\n    assert: [status == 200]\n',
    ),
    right: head(
      '  - action: http_request\n    config: { url: "http://localhost:5003/orders" }\n    assert: [status == 200]\n',
    ),
  }),
  describeCode('TM302', 'a header that HTTP cannot carry', {
    text: 'Names of headers are letters, digits and a few signs, and values have no line breaks or control characters. It is found at run time, when the value is known, and nothing is sent.',
    wrong: { flow: request('      headers: { "x trace": "1" }\n'), commands: ['run flow.yaml'] },
    right: { flow: request('      headers: { x-trace: "1" }\n'), commands: ['run flow.yaml'] },
  }),
  describeCode('TM303', 'a method that is not for requests', {
    text: '`CONNECT` opens a tunnel through a proxy and has no answer of the kind that a step judges. A method that is one of HTTP but for a letter, as in `PSOT`, is sent as it stands and warned of.',
    wrong: request('      method: CONNECT\n'),
    right: request('      method: GET\n'),
  }),
  describeCode('TM304', 'more than one body', {
    text: 'A request has one body: `body` (maps and lists as JSON, text as it is), `form` (url-encoded fields) or `multipart` (parts, with files).',
    wrong: request('      method: POST\n      body: { id: 1 }\n      form: { id: 1 }\n'),
    right: request('      method: POST\n      body: { id: 1 }\n'),
  }),
  describeCode('TM305', 'a body whose content type says otherwise', {
    text: 'A map or list under `body` is sent as JSON, and the header says that it is a form: the service would read nothing. Write `form:` or `multipart:`, and leave the header to them: that of `multipart` names the boundary between the parts. A map with `mode` and `raw`, as Postman keeps a body, is sent with these keys, and gets a warning.',
    wrong: request(
      '      method: POST\n      headers: { content-type: application/x-www-form-urlencoded }\n      body: { id: 1 }\n',
    ),
    right: request('      method: POST\n      form: { id: 1 }\n'),
  }),
  describeCode('TM306', 'authentication that contradicts itself', {
    text: '`auth` is one of `bearer`, `basic` and `api_key`, and takes the place of an `authorization` header; `api_key` says in `header` or `query` where the key goes.',
    wrong: request('      auth: { bearer: "{{UUID}}", basic: { username: ada, password: "{{UUID}}" } }\n'),
    right: request('      auth: { bearer: "{{UUID}}" }\n'),
  }),
  describeCode('TM307', 'a part without content, or with two', {
    text: 'A part of `multipart` is a plain value, or a map with `file` (a path relative to the flow file) or `value`, and, when wanted, `filename` and `content_type`. Several parts of one name are a list. `@note.txt`, as curl has it, is a text here, and gets a warning.',
    wrong: request('      method: POST\n      multipart: { note: { filename: "note.txt" } }\n'),
    right: request('      method: POST\n      multipart: { note: { value: "hello", filename: "note.txt" } }\n'),
  }),
  describeCode('TM308', 'a cookie that cannot be sent', {
    text: 'Names of cookies are letters, digits and a few signs; values have no `;`, line breaks or control characters: write such a value with `url_encode(…)`. `cookies` adds to the cookies of the flow, a `Cookie` header takes their place, so a request has one of the two.',
    wrong: request('      cookies: { lang: "de; Path=/" }\n'),
    right: request('      cookies: { lang: "de" }\n'),
  }),
  describeCode('TM309', 'a file that leaves the folder of the flow', {
    text: '`save_to` writes a file, relative to the flow file and in its folder: no absolute path, no way out by `..` or by a link, wherever the name came from.',
    wrong: request('      save_to: "../orders.json"\n'),
    right: request('      save_to: "downloads/orders.json"\n'),
  }),
  describeCode('TM310', 'a body sent with GET', {
    text: '`form` and `multipart` are bodies, and `method` is GET unless it is written. Services do not read the body of a GET: write `method: POST`, or `query:` for what belongs in the address. A `body` is sent with GET where `method: GET` says so, as some search services want it; without a `method` it is assumed to be a mistake.',
    wrong: request('      form: { id: 1 }\n'),
    right: request('      method: POST\n      form: { id: 1 }\n'),
  }),
  describeCode('TM311', 'an address that is not a proxy', {
    text: '`proxy` is `http://host:port` or `https://host:port`, with `user:password@` where the proxy wants it; an empty text or `false` means no proxy. What `HTTP_PROXY` and `HTTPS_PROXY` name is read during the run, and reported then.',
    wrong: request('      proxy: "socks5://127.0.0.1:1080"\n'),
    right: request('      proxy: "http://127.0.0.1:3128"\n'),
  }),
  describeCode('TM312', 'certificates that do not fit together', {
    text: '`tls.ca` is the authority to trust, `tls.cert` and `tls.key` are a certificate to present and its key: PEM files beside the flow, or PEM texts. With `insecure: true` there is no authority left to check. What the files hold is checked at run time.',
    wrong: { flow: request('      tls: { key: client.key }\n'), files: { 'client.key': 'a key\n' } },
    right: {
      flow: request('      tls: { cert: client.pem }\n'),
      files: { 'client.pem': 'a certificate and its key\n' },
    },
  }),
  describeCode('TM321', 'an address that no database driver knows', {
    text: '`connection` is a URL such as `postgres://user:password@host:5432/database`; the scheme says which database it is.',
    wrong: query('connection: "mongodb://localhost/shop"\n      query: "SELECT 1 AS one"'),
    right: query('connection: "postgres://localhost/shop"\n      query: "SELECT 1 AS one"'),
  }),
  describeCode('TM322', 'SQL and its parameters do not fit', {
    text: 'A list under `params` binds `$1`, `$2` …, a map binds `:name`. A parameter of the query has no value, there is nothing to run, or the two ways are mixed. What is not a query by itself (`DELIMITER`, `COPY … TO STDOUT`) is refused too.',
    wrong: query(
      'connection: "postgres://localhost/shop"\n      query: "SELECT id FROM orders WHERE id = $2"\n      params: [1]',
    ),
    right: query(
      'connection: "postgres://localhost/shop"\n      query: "SELECT id FROM orders WHERE id = $1"\n      params: [1]',
    ),
  }),
  describeCode('TM323', 'a parameter that the query does not use', {
    text: 'A name under `params` does not occur in the query: it is misspelt, or its condition was forgotten.',
    wrong: query(
      'connection: "postgres://localhost/shop"\n      query: "SELECT id FROM orders WHERE id = :id"\n      params: { id: 1, state: new }',
    ),
    right: query(
      'connection: "postgres://localhost/shop"\n      query: "SELECT id FROM orders WHERE id = :id AND state = :state"\n      params: { id: 1, state: new }',
    ),
  }),
  describeCode('TM331', 'numbers that contradict each other', {
    text: '`count` is the number of messages that are waited for, or of requests that a stub has to have got, or `{min, max}`; `exactly: true` says that more would be wrong. The given ones cannot hold together, or any number is right (`{min: 0}`).',
    wrong: head(
      '  - action: kafka_consumer\n    config: { brokers: "localhost:9092", topic: orders, match: { value: { id: 1 } }, count: { min: 3, max: 2 } }\n',
    ),
    right: head(
      '  - action: kafka_consumer\n    config: { brokers: "localhost:9092", topic: orders, match: { value: { id: 1 } }, count: { min: 2, max: 3 } }\n',
    ),
  }),
  describeCode('TM332', 'a message without a value', {
    text: 'A forgotten `value` would send a tombstone, which deletes: write `value: null` if that is what you mean. With `messages:` each has its own value, key and headers.',
    wrong: produce('key: "1"'),
    right: produce('key: "1", value: { id: 1 }'),
  }),
  describeCode('TM333', 'nothing says where a replayed wait begins', {
    text: 'A Kafka wait that runs alone (`--only`) reads from the position that the record of the last run kept, so that the event of that run is found again. No record has it, or the positions are those of other brokers and mean nothing here: run the whole flow once, or say where to begin with `since:`.',
    wrong: {
      flow: head(
        '  - { id: greet, action: log, config: { message: "hello" } }\n  - id: created\n    action: kafka_consumer\n    config: { brokers: "127.0.0.1:9", topic: orders, timeout: 300ms, match: { value: { id: 1 } } }\n',
      ),
      commands: ['run flow.yaml --only greet', 'run flow.yaml --only created'],
    },
    right: {
      flow: head(
        '  - { id: greet, action: log, config: { message: "hello" } }\n  - id: created\n    action: kafka_consumer\n    config: { brokers: "127.0.0.1:9", topic: orders, timeout: 300ms, match: { value: { id: 1 } }, since: earliest }\n',
      ),
      commands: ['run flow.yaml --only greet', 'run flow.yaml --only created'],
    },
  }),
  describeCode('TM334', 'no message that a wait gave', {
    text: '`count: 0` with `after: {group, message}` ends as soon as the group has committed past a message that a wait gave, and then reads what is there: it says that nothing more will come. The message has a topic, a partition and an offset; a wait for messages ends by itself when it has them, and has no `after`. `kafka_redeliver` takes such a message, too.',
    wrong: silence('after: { group: billing, message: { id: 1 } }'),
    right: silence('after: { group: billing, message: "{{placed.message}}" }'),
  }),
  describeCode('TM341', 'nothing to log', {
    text: '`log` writes `message`, `data`, or both into the output of the run; with neither it says nothing.',
    wrong: head('  - action: log\n    config: { level: info }\n'),
    right: head('  - action: log\n    config: { level: info, message: "hello" }\n'),
  }),
  describeCode('TM351', 'nothing to set', {
    text: 'The settings of `set` are the variables themselves, each with its expression.',
    wrong: head('  - action: set\n    config: { total: }\n'),
    right: head(
      '  - action: set\n    config: { total: "2 * 29.99" }\n  - action: log\n    config: { message: "{{total}}" }\n',
    ),
  }),
  describeCode('TM352', 'a name that `set` cannot give', {
    text: 'A variable is letters, digits and `_`, so that expressions can name it.',
    wrong: head('  - action: set\n    config: { total-price: "2 * 29.99" }\n'),
    right: head(
      '  - action: set\n    config: { total_price: "2 * 29.99" }\n  - action: log\n    config: { message: "{{total_price}}" }\n',
    ),
  }),
  describeCode('TM361', 'an address that Redis cannot use', {
    text: 'A Redis action needs `url` (`redis://localhost:6379/0`) or `host`, with `port`, `password` and `db` beside it; both at once leave open which one counts.',
    wrong: redis('redis.get', '{ key: "order:1" }'),
    right: redis('redis.get', '{ url: "redis://localhost:6379/0", key: "order:1" }'),
  }),
  describeCode('TM362', 'a Redis command that cannot be split', {
    text: 'A line is split into words as redis-cli does it: it has words, and its quotes are closed. It is found at run time, when the values are known.',
    wrong: {
      flow: redis('redis.command', '{ url: "redis://127.0.0.1:9", command: \'GET "order:1\' }'),
      commands: ['run flow.yaml'],
    },
    right: {
      flow: redis('redis.command', '{ url: "redis://127.0.0.1:9", command: [GET, "order:1"] }'),
      commands: ['run flow.yaml'],
    },
  }),
  describeCode('TM363', 'a value in a Redis command line', {
    text: 'A line is split at spaces after its placeholders are filled in, so a value with a space in it becomes two words. A list keeps each value whole.',
    wrong: `env: { KEY: "order:1" }\n${redis('redis.command', '{ url: "redis://localhost", command: "GET {{KEY}}" }')}`,
    right: `env: { KEY: "order:1" }\n${redis('redis.command', '{ url: "redis://localhost", command: [GET, "{{KEY}}"] }')}`,
  }),
  describeCode('TM364', 'a Redis command that cannot be a step', {
    text: 'A step sends one command and gets one answer. `HELLO`, `RESET` and `QUIT` change the protocol of its connection or end it, `SUBSCRIBE` and `MONITOR` turn it into a stream, and what `SELECT`, `MULTI` and `WATCH` change is gone before the next step begins: the database is `db` of each step, and what belongs together is a script for `EVAL`.',
    wrong: redis('redis.command', '{ url: "redis://localhost", command: [SELECT, "3"] }'),
    right: redis('redis.command', '{ url: "redis://localhost", db: 3, command: [DEL, "order:1"] }'),
  }),
  describeCode('TM381', 'a route that a stub cannot have', {
    text: 'A route has `path` or `path_regex`, answers with `response` or with `responses` in turn, and each part of `then` is one callback over `http` or one event over `kafka`. A `delay: {min, max}` has its smaller number first, and an answer with 204 or 304 has no body. A path is compared without its query, which goes under `query`. A `body_file` is sent as it is, placeholders and all.',
    wrong: stub('{ method: GET, response: { status: 200 } }'),
    right: stub('{ method: GET, path: /users/:id, response: { status: 200 } }'),
  }),
  describeCode('TM226', 'what a request does not have', {
    text: 'The answer of a stub and a `where` see `request` with `method`, `path`, `query`, `headers`, `body`, `form`, `params`, `at` and `matched_route`; `params` has what the path of its route names. Anything else is never there, so that a template fails when the request comes, and a condition never holds.',
    wrong: stub('{ path: /users/:id, response: { status: 200, body: { id: "{{request.params.idd}}" } } }'),
    right: stub('{ path: /users/:id, response: { status: 200, body: { id: "{{request.params.id}}" } } }'),
  }),
  describeCode('TM382', 'a fault that a proxy cannot have', {
    text: 'A proxy of connections (`protocol: tcp` or `kafka`) holds up, cuts, resets or refuses them; `status`, `delay`, `header` and `match` are for requests, which a proxy of `protocol: http` sees; `withhold_acks` is for `protocol: kafka`. `faults` names at least one. `upstream` is `host:port`, or an address with a scheme whose port it names or which is known (`postgres://`, `mysql://`, `redis://`, `http://`).',
    wrong: fault('{ proxy: gate, faults: {} }'),
    right: fault('{ proxy: gate, faults: { latency: 200ms } }'),
  }),
  describeCode('TM383', 'an API document that cannot be used', {
    text: '`from` and `contract` of a stub name a document of OpenAPI 3.0, 3.1 or 3.2, in YAML or JSON, relative to the flow. References lead into the document itself or into files beside it; nothing is fetched.',
    wrong: { flow: documented, files: { 'users.yaml': 'swagger: "2.0"\npaths: {}\n' } },
    right: {
      flow: documented,
      files: {
        'users.yaml':
          'openapi: 3.1.0\ninfo: { title: Users, version: "1" }\npaths:\n  /users: { get: { responses: { "200": { description: all } } } }\n',
      },
    },
  }),
  describeCode('TM391', 'nothing to compare', {
    text: '`unchanged` runs its steps and fails when a table or topic that it names changes. With neither `tables` nor `topics` it would pass whatever happens, and so would `effects`.',
    wrong: quiet('for: 1s'),
    right: quiet('topics: [orders]', 'brokers: "localhost:9092"'),
  }),
  describeCode('TM392', 'tables or topics that are nowhere', {
    text: '`unchanged` finds its tables with the `connection`, and its topics with the `brokers`, of the other steps of the flow. Where these have none, or several, it has to say which, and so has `effects`.',
    wrong: quiet('tables: [shop.orders]'),
    right: quiet('tables: [shop.orders]', 'connection: "postgres://localhost/shop"'),
  }),
];
