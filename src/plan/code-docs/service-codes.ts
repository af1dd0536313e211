import { type CodeDoc, describeCode } from './code-doc.ts';

const flow = (name: string): string =>
  `name: Orders answer\nenv: { ORDERS: "{{${name}}}" }\nsteps:\n  - { action: log, config: { message: "at {{ORDERS}}" } }\n`;
const reused = (ready: string): string =>
  `services:\n  orders:\n    command: node dist/orders.js\n    reuse: true\n    ready: ${ready}\n`;
const project = (needs = ''): string =>
  `services:\n  orders:\n    command: node dist/orders.js\n    needs: [db]\n    ready: { log: 'listening on (?P<url>http://\\S+)' }\n  db:\n    command: node dist/db.js\n${needs}    ready: { tcp: "localhost:5432" }\n`;

const counted = (connection: string): string =>
  `name: Orders are there\nsteps:\n  - action: database_query\n    config: { connection: ${connection}, query: SELECT id FROM orders }\n    assert: [row_count == 3]\n`;
const CONNECTIONS = `default_environment: local\nenvironments:\n  local: { connections: { orders: "postgres://app@localhost/orders" } }\n`;

/** What is wrong between flows and the services of testmesh.yaml, and among these. */
export const serviceCodes: readonly CodeDoc[] = [
  describeCode('TM129', 'an unknown service', {
    text: '`services.orders.url` in a flow, `service` of an action and `needs` of a service name services of testmesh.yaml, as `stubs.users.url` and `proxies.pg.url` name its stubs and proxies. It is looked for in the working directory and the folders above it. There is none of this name, or `--services none` says that it does not run.',
    wrong: { flow: flow('services.ordres.url'), files: { 'testmesh.yaml': project() } },
    right: { flow: flow('services.orders.url'), files: { 'testmesh.yaml': project() } },
  }),
  describeCode('TM130', 'services that need each other', {
    text: 'Each service starts when the services that it needs are ready: those under `needs`, and the services, stubs and proxies whose names its settings read. In a circle none of them could be first.',
    wrong: { flow: flow('services.orders.url'), files: { 'testmesh.yaml': project('    needs: [orders]\n') } },
    right: { flow: flow('services.orders.url'), files: { 'testmesh.yaml': project() } },
  }),
  describeCode('TM131', 'an unknown connection', {
    text: '`connection: orders` in a step names one of those that the chosen environment of testmesh.yaml has below `connections`: a text is the address of a database or of Redis, a map with `brokers` is for Kafka. There is none of this name in the environment that is chosen, or it is of another kind.',
    wrong: { flow: counted('ordres'), files: { 'testmesh.yaml': CONNECTIONS } },
    right: { flow: counted('orders'), files: { 'testmesh.yaml': CONNECTIONS } },
  }),
  describeCode('TM225', 'an instance that cannot be found', {
    text: 'With `reuse: true` a service that answers already is used as it is, and left running. It is found by the address of its `ready`, which has to be the same in every run: a line of its output is seen only by who starts it. What `testmesh up` has started is used by runs without `reuse`.',
    wrong: {
      flow: flow('services.orders.url'),
      files: { 'testmesh.yaml': reused("{ log: 'listening on (?P<url>http://\\S+)' }") },
    },
    right: {
      flow: flow('services.orders.url'),
      files: { 'testmesh.yaml': reused('{ http: "http://localhost:5003/health" }') },
    },
  }),
];
