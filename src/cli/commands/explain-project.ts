import { actions } from '../../actions/registry.ts';
import { listGroups } from '../../plan/project/plan-defaults.ts';
import { SERVICE_SETTINGS } from '../../plan/project/project-keys.ts';
import { listSchemaKeys } from '../../plan/read/schema-kinds.ts';
import type { KeyDoc } from './key-doc.ts';

type Schema = Parameters<typeof listSchemaKeys>[0];
type Rows = readonly (readonly [string, string])[];

/** What the keys of testmesh.yaml mean, for `explain testmesh.yaml` and for editors. */
export const KEYS_OF_FILE: Rows = [
  ['flows', 'globs of flow files, for commands that name none: ["flows/**/*.yaml", "!flows/drafts/**"]'],
  ['environments', 'values and secrets of flows, by the name of an environment: testmesh explain environments'],
  ['default_environment', 'the environment of a command without `-e`'],
  [
    'workers, reporters',
    'what `run` does without --workers and --reporter: workers: 4, reporters: [tree, "junit=reports/junit.xml"]',
  ],
  ['defaults', 'settings of all steps of a kind: testmesh explain defaults'],
  ['before_all', 'file of a flow that runs once before all others: testmesh explain before_all'],
  ['after_all', 'file of a flow that runs once after them, whatever became of them'],
  ['records', 'how much is kept of what runs leave below --output-dir: { keep: 50, max_size: 500MB }'],
  ['services', 'programs that flows need running, by name: testmesh explain services'],
  ['stubs', 'servers in the place of services, by name: testmesh explain stubs'],
  ['proxies', 'proxies in which flows set faults, by name: testmesh explain proxies'],
  ['mocks', 'which stubs stand in for the service of the same name: testmesh explain mocks'],
  ['agree, effects', 'hold for all flows: testmesh explain agree, testmesh explain effects'],
  ['flow_settings', 'the same for one flow, by its id'],
  ['findings', 'what becomes of warnings, by their codes: { TM209: off, TM210: error }'],
  ['trace', 'which hosts hear of the trace (propagate), and where it is looked up (url)'],
];

const ADDRESSES: Rows = [
  ['host:port', 'ready.tcp, upstream; [::1]:5432 for IPv6'],
  ['http://host:port/path', 'url of requests, ready.http, fallback.proxy, upstream of protocol http; https:// too'],
  ['postgres://user:password@host:port/database', 'connection, upstream; mysql://, mariadb:// and redis:// too'],
  ['host:port, host:port', 'brokers, upstream of protocol kafka: one or several, without a scheme'],
];

/** What testmesh.yaml has, and what stubs and proxies are written with. */
export const PROJECT_TOPICS: Readonly<Record<string, KeyDoc>> = {
  'testmesh.yaml': {
    text: [
      'The file of a project: what has to run beside its flows, and what holds for all of them. It stands in the working directory or a folder above it; each key may be left out.',
      'A flow names what it needs, such as `{{services.orders.url}}` or `server: users`, and that is started for it, and stopped at the end of the run.',
      `One file serves all environments: those under \`environments\` are chosen by \`-e\`, and \`\${NAME:-value}\` takes NAME from the chosen one, the shell, \`--var\` or \`--env-file staging.env\`, else the value.`,
    ],
    tables: () => [['keys', KEYS_OF_FILE]],
    example: [
      'default_environment: local',
      'environments:',
      '  local: { env: { USERS: "" } }',
      '  staging: { env: { USERS: "http://users.staging.example:8080" } }',
      'services:',
      '  orders:',
      '    command: "node orders.js"',
      '    env: { PORT: "0", USERS_URL: "{{proxies.users.url}}" }',
      "    ready: { log: 'listening on (?P<url>http://\\S+)' }",
      'stubs:',
      '  users:',
      '    routes:',
      '      - { method: GET, path: /users/:id, response: { body: { id: "{{request.params.id}}" } } }',
      'proxies:',
      `  users: { upstream: "{{USERS == '' ? stubs.users.url : USERS}}", protocol: http }`,
    ],
  },
  environments: {
    text: [
      'What flows are given by the name of an environment: `testmesh run -e staging` (or TESTMESH_ENV=staging), or the one under `default_environment`. Its values stand below `--env-file` and above the `env` of flows; the process environment overrides what it declares.',
      'A value of `env` may read what is given from outside, the secrets and files of its environment, and the values above it. `env_file` is one dotenv file or a list of them, which only the chosen environment reads.',
      'A secret is what a `command` prints (in the folder of testmesh.yaml, without the end of the last line) or what a `file` holds, and is masked everywhere. It is read where flows run, not by `validate`, `list` and `--dry-run`, and not where `--secret` or the process environment gives it.',
      'A step names a connection in the place of an address: `connection: orders` (database_query, redis.*), or of `brokers`, `sasl` and `tls` (kafka_*). What stands there sees the names of the step; files of certificates are named from the folder of testmesh.yaml.',
    ],
    tables: () => [
      [
        'settings of an environment',
        [
          ['env', 'map of values'],
          ['env_file', 'text, or list of texts'],
          ['secrets', 'map of {command} or {file}'],
          [
            'connections',
            'map of addresses, and of {brokers, sasl, tls}, by the names that steps give under `connection`',
          ],
          ['protected', 'bool: load, faults and coding agents need --allow-protected NAME'],
        ],
      ],
    ],
    example: [
      'default_environment: local',
      'environments:',
      '  local:',
      '    env: { ORDER_URL: "http://localhost:5003" }',
      '    connections: { orders: "postgres://app@localhost/orders", bus: { brokers: "localhost:9092" } }',
      '  staging:',
      '    env_file: .env.staging',
      '    connections:',
      '      orders: "postgres://app:{{DB_PASSWORD}}@db.staging/orders"',
      '      bus: { brokers: "kafka.staging:9093", sasl: { mechanism: plain, username: app, password: "{{API_TOKEN}}" }, tls: true }',
      '    secrets:',
      '      API_TOKEN: { command: "pass show staging/token" }',
      '      DB_PASSWORD: { file: /run/secrets/db }',
    ],
  },
  defaults: {
    text: [
      'Settings of all steps of a kind, as if they stood in each: `http` (http_request), `kafka` (kafka_*), `database` (database_query, db_poll) and `redis` (redis.*). What a step says itself goes before them, its own `timeout` too; headers are merged by their names, and what a step leaves empty (`timeout: null`, `headers: {x-tenant: null}`) is taken away.',
      'Who says which brokers, or which server of Redis, says how one gets in as well: then none of that is taken from here. Texts see the names of the step, also what `before_all` captured; files of certificates are named from the folder of testmesh.yaml.',
    ],
    tables: () => [
      ['kinds', [...listGroups(actions)].map(([group, all]) => [group, all.map(({ name }) => name).join(', ')])],
    ],
    example: [
      'defaults:',
      '  http: { timeout: 10s, headers: { x-tenant: acme } }',
      '  kafka: { brokers: "localhost:9092", timeout: 20s }',
      '  database: { connection: "postgres://app@localhost/orders" }',
    ],
  },
  before_all: {
    text: [
      'The file of a flow that runs once before all others, however many there are and run at a time (in each shard): one log-in for all. What it captures, or what its `output` names, are names in all flows, below --var and above rows; what is secret of it is masked everywhere. Where it does not pass, the others are skipped.',
      '`after_all` is one that runs when all are over: also where they failed, and after Ctrl-C. It has these names too; its steps that need what was not captured are skipped. Both count for the exit code, and neither is counted as a flow. Their files are left out of `flows/**`, and run by themselves where they alone are named.',
      'With --only, what steps need of `before_all` is taken from its last record; it runs, and `after_all` with it, only for a secret or for what no record has. A load runs neither.',
    ],
    tables: () => [],
    example: ['before_all: flows/log-in.yaml', 'after_all: flows/wipe.yaml'],
  },
  services: {
    text: [
      'Programs of testmesh.yaml that run beside the flows. A service is started before the first flow that names it, directly or through its variables, when all that it needs is ready, and is stopped at the end of the run with everything that it started.',
      'A flow reads `{{services.orders.url}}`: what is written under `url`, the origin of `ready: {http: …}`, or a named group of the line that `ready: {log: …}` waits for. `ready` is one of `log`, `http` and `tcp`.',
    ],
    tables: () => [
      ['settings of a service', [...listRows(SERVICE_SETTINGS), ['needs', 'list of names'], ['env_file', 'text']]],
      ['settings of ready', listRows(SERVICE_SETTINGS, ['ready'])],
      ['addresses', ADDRESSES],
    ],
    example: [
      'services:',
      '  orders:',
      '    command: "node orders.js"',
      '    env: { PORT: "0" }',
      "    ready: { log: 'listening on (?P<url>http://\\S+)', timeout: 60s }",
      '  prices:',
      '    command: "node prices.js"',
      '    ready: { http: "http://localhost:5002/health" }',
    ],
  },
  stubs: {
    text: [
      'Servers of testmesh.yaml in the place of services that your own services ask. A stub has the settings of `mock_server_start`, here or in a `file` of its own, which `testmesh mock FILE` runs, too. A flow reads `{{stubs.users.url}}`, and checks with `mock_server_verify` (`server: users`) what was asked.',
    ],
    tables: () => [['settings of a stub', [['file', 'text'], ...listRows(settingsOf('mock_server_start'))]]],
    example: [
      'stubs:',
      '  users:',
      '    routes:',
      '      - { method: GET, path: /users/:id, response: { body: { id: "{{request.params.id}}" } } }',
      '    fallback: { status: 404, body: { error: not found } }',
    ],
    more: 'testmesh explain routes shows what a route has',
  },
  routes: {
    text: [
      'What a stub answers: a list, of which the first route that takes a request answers it. A route takes a request by `method` (absent: any), `path` (`/users/:id`, `/users/{id}`, `/files/*`) or `path_regex` (a pattern for the whole path), `match` and `state`; after `times` answers it takes no more.',
      'It answers with `response`, with `responses` in turn, of which the last stays, or fails by `fault`. Bodies and headers are templates over `request`: `method`, `path`, `params`, `query`, `headers`, `body` and `form`; a `body_file` is sent as it is. `then` is what follows an answer (testmesh explain then).',
      'A route with `state` takes requests while the stub has these values; `sets` gives them when it has answered. `example` is a request that it takes, for `testmesh mock verify`.',
    ],
    tables: () => {
      const schema = settingsOf('mock_server_start');
      return [
        ['settings of a route', listRows(schema, ['routes', 0])],
        ['settings of match', listRows(schema, ['routes', 0, 'match'])],
        ['settings of response', listRows(schema, ['routes', 0, 'response'])],
      ];
    },
    example: [
      'routes:',
      '  - { method: GET, path: /users/slow, response: { delay: 5s } }',
      '  - { method: GET, path: /users/:id, response: { body: { id: "{{request.params.id}}", name: Ada } } }',
      "  - { path_regex: '/users/[0-9]+/orders', response: { status: 404, body: { error: not found } } }",
      '  - path: /users',
      '    match: { headers: { authorization: { absent: true } } }',
      '    response: { status: 401 }',
      '  - { path: /flaky, responses: [{ status: 500 }, { status: 200 }] }',
      '  - { path: /broken, fault: { truncate: { after: 100 } } }',
      '  - { method: POST, path: /carts/:id/pay, sets: { cart: paid } }',
      '  - { method: GET, path: /carts/:id, state: { cart: paid }, response: { body: { paid: true } }, example: { params: { id: 7 } } }',
    ],
  },
  // biome-ignore lint/suspicious/noThenProperty: the key of the stub's file, which holds no function
  then: {
    text: [
      'What a route of a stub does behind its answer: a list, each with `http` (a callback) or `kafka` (an event), `after` so long. Texts are templates over `request`. One that is due when the flow ends is waited for; a later one is not sent, and the report says so.',
    ],
    tables: () => {
      const schema = settingsOf('mock_server_start');
      const path = ['routes', 0, 'then', 0];
      return [
        ['settings of an item of then', listRows(schema, path)],
        ['settings of http', listRows(schema, [...path, 'http'])],
        ['settings of kafka', listRows(schema, [...path, 'kafka'])],
      ];
    },
    example: [
      'routes:',
      '  - method: POST',
      '    path: /payments',
      '    response: { status: 202 }',
      '    then:',
      '      - { after: 200ms, http: { method: POST, url: "{{request.body.callback}}", body: { status: paid } } }',
      '      - { kafka: { brokers: "localhost:9092", topic: payments, key: "{{request.body.id}}", value: { status: paid } } }',
    ],
    more: 'testmesh explain routes shows what a route has',
  },
  proxies: {
    text: [
      'Proxies of testmesh.yaml between a service and what it depends on. A proxy has the settings of `fault_proxy_start`; the service gets `{{proxies.pg.url}}` (the `upstream` with the proxy in its place) or `{{proxies.kafka.address}}`, and flows set faults with `fault_set` (`proxy: pg`).',
    ],
    tables: () => [
      ['settings of a proxy', listRows(settingsOf('fault_proxy_start'))],
      ['addresses', ADDRESSES],
    ],
    example: [
      'proxies:',
      '  pg: { upstream: "postgres://app:secret@localhost:5432/orders" }',
      '  kafka: { upstream: "localhost:9092", protocol: kafka }',
      '  users: { upstream: "http://localhost:5001" }',
    ],
    more: 'testmesh explain faults shows which faults there are',
  },
  faults: {
    text: [
      'What `fault_set` has a proxy do to what goes through it, until `fault_clear` or the end of the flow; several hold together. `status`, `delay` and `header` are for `protocol: http`, `withhold_acks` for `protocol: kafka`, all others for every protocol. A fault that nothing met is an error of the flow.',
    ],
    tables: () => [['faults', listRows(settingsOf('fault_set'), ['faults'])]],
    example: [
      '- { action: fault_set, config: { proxy: pg, faults: { latency: 200ms, jitter: 20ms } } }',
      '- { action: fault_set, config: { proxy: users, faults: { reset: true }, share: 0.3 } }',
      '- { action: fault_set, config: { proxy: users, faults: { status: { code: 503 } }, match: { path: /users } } }',
      '- { action: fault_clear, config: { proxy: pg } }',
    ],
  },
  mocks: {
    text: [
      'Which services their stubs stand in for: a service and a stub of testmesh.yaml with one name. With `on` the stub gives `{{services.users.url}}` and the service is not started; with `off` the stub is not. A flow reads `mocks.users`, as in `when: mocks.users` on a step that only makes sense with the stub.',
    ],
    tables: () => [],
    example: [
      `mocks: { users: "\${USERS_MOCK:-on}" } # USERS_MOCK=off testmesh run asks the real service`,
      'services:',
      '  users: { command: "node users.js", ready: { log: \'at (?P<url>http://\\S+)\' } }',
      'stubs:',
      '  users: { routes: [{ path: /users/:id, response: { body: { name: Ada } } }] }',
    ],
  },
};

function settingsOf(action: string): Schema {
  const found = actions.get(action);
  if (!found) throw new Error(`there is no action ${action}`);
  return found.settings.schema;
}

function listRows(schema: Schema, path: readonly (string | number)[] = []): Rows {
  return listSchemaKeys(schema, path).map(({ key, kind, isNeeded }) => [`${key}${isNeeded ? '*' : ''}`, kind] as const);
}
