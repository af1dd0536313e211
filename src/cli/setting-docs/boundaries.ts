import { BROKERS, type SettingDocs } from './shared.ts';

const SERVER: SettingDocs = {
  server: ['the id of the step that started the stub, or the name of one of testmesh.yaml'],
};
const SERVICE: SettingDocs = { service: ['the name of a service of testmesh.yaml'] };
const LIMITS: SettingDocs = {
  max_rows: ['of larger tables only the number of rows is compared', '100000'],
  connection: ['the database of the tables', 'that of the other steps, where these have one'],
};

export const BOUNDARY_DOCS: Readonly<Record<string, SettingDocs>> = {
  mock_server_start: {
    port: ['the port', 'a free one'],
    tls: ['`{self_signed: true}`, or `cert` and `key`: the stub speaks HTTPS', 'HTTP'],
    routes: ['what it answers, the first that takes a request: `testmesh explain routes`'],
    from: ['an OpenAPI document that answers what no route takes'],
    contract: ['an OpenAPI document that its own answers are held against'],
    fallback: ['what answers the rest: an answer, or `{proxy: "http://…"}`', '404'],
    unmatched: ['whether a request that nothing took is a note, or fails the flow', 'note'],
  },
  mock_server_verify: {
    ...SERVER,
    method: ['of requests with this method'],
    path: ['with this path: `/users/:id`, `*` for a part'],
    path_regex: ['with a path that this pattern takes'],
    query: ['with these parameters'],
    headers: ['with these headers'],
    form: ['with these fields of a form'],
    body: ['with a body that has these fields'],
    where: ['of which this expression over `request` is true'],
    count: ['how many, or `{min, max}`', 'at least 1'],
    within: ['how long they are waited for', 'not at all; where a maximum is asked it looks on for 500ms'],
    scope: ['`flow`: those of this flow; `all`: all that it got', 'flow, where a trace tells'],
  },
  mock_server_configure: {
    ...SERVER,
    routes: ['routes that stand before those that it has: `testmesh explain routes`'],
    replace: ['whether they take the place of all others', 'false'],
  },
  mock_server_reset: SERVER,
  fault_proxy_start: {
    upstream: [
      'where it leads: `localhost:5432`, `postgres://…`, `http://localhost:5001`, bootstrap addresses of Kafka',
    ],
    protocol: ['what it understands', 'http where `upstream` is such an address, else tcp'],
    listen: ['its port', 'a free one'],
    preserve_host: ['whether the `Host` of requests stays as it came', 'false'],
  },
  fault_set: {
    proxy: ['the id of the step that started the proxy, or the name of one of testmesh.yaml'],
    faults: ['what goes wrong, several add up: `testmesh explain faults`'],
    direction: ['`down`: what comes back, `up`: what goes there, or `both`', 'down'],
    share: ['which part of connections, or requests, is met, as 0.3', '1'],
    match: ['of requests those with this `method` and `path`'],
    for: ['after which it ends by itself', 'until `fault_clear`, or the end of the flow'],
  },
  fault_clear: { proxy: ['the proxy whose faults end'] },
  service_stop: SERVICE,
  service_start: SERVICE,
  service_restart: SERVICE,
  service_kill: SERVICE,
  unchanged: {
    ...BROKERS,
    ...LIMITS,
    tables: ['tables of which no row may change: `schema.table`, `schema.*`'],
    topics: ['topics to which nothing may be sent'],
    for: ['how long nothing may change behind the steps', '2s'],
    steps: ['the steps that must have no effect'],
  },
  effects: {
    ...BROKERS,
    ...LIMITS,
    topics: ['how many messages may be sent to each topic'],
    tables: ['what may change in each table'],
    others: ['what may change in all other tables and topics', 'none'],
    ignore: ['tables and topics that do not count: `metrics.*`'],
    groups: ['consumer groups that have to be done before it is judged'],
    where: ['which rows and messages are those of this flow'],
    settle: ['two looks so far apart have to see the same', '500ms'],
    timeout: ['how long that may take', '30s'],
  },
};
