import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

/** What is said of a step, as `path or key: help`, one for each finding. */
function say(action: string, config: string): readonly string[] {
  const { diagnostics } = planText(`name: x\nsteps:\n  - { id: s, action: ${action}, config: { ${config} } }\n`);
  return diagnostics.map(
    ({ message, help = [] }) => `${message.replace(/^unknown key (`\w+`).*/, '$1')}: ${help.join('; ')}`,
  );
}

const route = (settings: string): readonly string[] => say('mock_server_start', `routes: [{ ${settings} }]`);
const fault = (settings: string): readonly string[] => say('fault_set', `proxy: "{{'pg'}}", ${settings}`);

const STATES =
  'a state has a name: `state: {cart: paid}` is matched, and `sets: {cart: shipped}` holds after the answer';
const IN_MATCH = 'write it below `match:`, as in `match: {query: {q: x}, headers: {accept: text/html}, body: {id: 1}}`';
const FAULTS = 'write what is to happen below `faults:`, as in `faults: {latency: 200ms, jitter: 20ms}`';

describe('keys that other tools have for stubs', () => {
  it.each([
    [
      'request: { method: GET, path: /a }, respons: {}',
      ['`request`: write `method:` and `path:` in the route itself', '`respons`: did you mean `response`?'],
    ],
    [
      'urlPath: /a, priority: 1',
      [
        '`urlPath`: did you mean `path`?',
        '`priority`: the first route in the list that matches answers: put it higher, and leave it out',
      ],
    ],
    [
      'path: /a, scenarioName: s, newScenarioState: paid',
      [`\`scenarioName\`: ${STATES}`, `\`newScenarioState\`: ${STATES}`],
    ],
    [
      'path: /a, response: { jsonBody: {}, fixedDelayMilliseconds: 50 }',
      [
        '`jsonBody`: did you mean `body`?',
        '`fixedDelayMilliseconds`: write `delay: 50ms`, or `delay: {min: 50ms, max: 2s}`',
      ],
    ],
    [
      'path: /a, bodyPatterns: [], queryParameters: {}',
      [`\`bodyPatterns\`: ${IN_MATCH}`, `\`queryParameters\`: ${IN_MATCH}`],
    ],
    [
      'path: /a, match: { headers: { a: { equalTo: x } } }',
      ['`equalTo`: write the text alone, as in `accept: text/html`'],
    ],
    ['get: /a', ['`get`: write `method: GET` and `path: …`']],
    [
      'path: /a, then: [{ webhook: {} }]',
      ['`webhook`: write it as `{after: 200ms, http: {method: POST, url: …, body: {…}}}`'],
    ],
    [
      'path: /a, response: { delay: { from: 1s, to: 2s } }',
      ['`from`: did you mean `min`?', '`to`: did you mean `max`?'],
    ],
  ])('{%s}', (settings, said) => {
    expect(route(settings)).toEqual(said);
  });

  it('are the names of lists, of which others make routes', () => {
    const written = '{path: /users, response: {body: [{…}]}}';
    expect(say('mock_server_start', 'users: [{ id: 1 }]')).toEqual([
      `\`users\`: a stub has routes: write \`routes: [${written}]\``,
    ]);
    expect(say('mock_server_start', 'routes: { users: [{ id: 1 }] }')).toEqual([
      `\`routes\` of \`mock_server_start\`: expected a list, got a map with \`users\`: write a list of routes: \`routes: [${written}]\``,
    ]);
    expect(say('mock_server_start', 'routes: { /users: { status: 200 } }')[0]).toContain('[{path: /users, …}]');
  });

  it('are told once of all the routes of a file', () => {
    const routes = '{ path: /a, priority: 1 },\n      { path: /b, priority: 2 },\n      { path: /c, priority: 3 }';
    expect(say('mock_server_start', `routes: [${routes}]`)).toEqual([
      '`priority`: the first route in the list that matches answers: put it higher, and leave it out; it is also at lines 4, 5',
    ]);
  });
});

describe('values for stubs in another form', () => {
  it.each([
    ['path: /a, state: paid', 'a state has a name: write `state: {order: paid}`'],
    ['path: users', 'write `path: /users`'],
    ['path: "http://h/a"', 'write `path: /a`: a stub knows no host'],
    ['path: /a, times: 0', 'write how often it answers, such as `times: 2`; without `times` it answers always'],
    ['path: /a, times: "2"', 'write `2`, without quotes'],
    ['path: /a, fault: CONNECTION_RESET_BY_PEER', 'write `fault: reset`'],
    ['path: /a, fault: { slow_body: 5s }', 'write `slow_body: {over: 5s}`'],
    ['path: /a, responses: [200]', 'write `{status: 200}`'],
    ['path: /a, response: [{ status: 200 }]', 'several answers, in turn, are `responses:`'],
    ['path: /a, match: { headers: { a: null } }', 'write `{absent: true}` for one that is not there'],
    [
      'path: /a, match: { headers: { a: { absent: false } } }',
      'that it is there is a condition: `where: \'request.headers["accept"] != nil\'`',
    ],
    ['path: /a, match: { headers: { A: absent } }', 'write `A: {absent: true}` for one that is not there'],
    [
      'path: /a, match: { headers: { A: "*" } }',
      'that it is there is a condition: `where: \'request.headers["a"] != nil\'`',
    ],
    [
      'path: /a, match: { headers: { A: "Bearer *" } }',
      'a condition is `where:`, as in `where: \'request.headers["a"] contains "…"\'`',
    ],
    [
      'path: /a, then: [{ http: { url: /cb } }]',
      'write `url: "{{services.orders.url}}/cb"`, or `url: "{{request.body.callback}}"`',
    ],
    ['path: /a, then: [{ http: { url: "localhost:80/cb" } }]', 'it begins with `http://` or `https://`'],
    ['path: /a, method: any', 'did you mean `*`?'],
  ])('{%s}', (settings, help) => {
    const [said = '', ...more] = route(settings);
    expect([said.slice(-help.length - 2), ...more]).toEqual([`: ${help}`]);
  });

  it.each([
    'path: /a, match: { headers: { accept: "*/*", sec-fetch-site: none, origin: "null" }, query: { q: "*", s: any } }',
    'path: /a, then: [{ http: { url: "{{request.body.callback}}" } }, { http: { url: "http://h/{{request.body.id}}" } }]',
  ])('says nothing of {%s}', (settings) => {
    expect(route(settings)).toEqual([]);
  });

  it('says what has to be written above a list of routes, and of a port', () => {
    expect(say('mock_server_start', 'port: random')[0]).toContain('`port: 0`, and none, take a free one');
  });
});

describe('a verify in other words', () => {
  it.each([
    ['count: never', 'write `count: 0`'],
    ['count: { exactly: 1 }', 'write the number alone: `count: 1`'],
    ['at_least: 1', 'write `count: {min: 1}`'],
    ['match: { path: /a }', 'write `method:`, `path:`, `headers:` and `body:` right below `config:`'],
  ])('{%s}', (settings, help) => {
    const said = say('mock_server_verify', `server: "{{'s'}}", path: /u, ${settings}`);
    expect(said.map((one) => one.slice(-help.length - 2))).toEqual([`: ${help}`]);
  });

  it('takes a name for the server, as nothing else is missing', () => {
    expect(say('mock_server_verify', 'name: users, path: /u')).toEqual(['`name`: did you mean `server`?']);
    expect(say('service_stop', 'name: orders')).toEqual(['`name`: did you mean `service`?']);
  });
});

describe('a name in other forms', () => {
  it.each([
    [
      'mock_server_verify',
      'server: "{{stubs.users.url}}", path: /u',
      '`server` is the name of a stub',
      'server: users',
    ],
    ['mock_server_reset', 'server: "{{ stubs.users }}"', '`server` is the name of a stub', 'server: users'],
    ['mock_server_reset', `server: '{{stubs["user-api"].url}}'`, '`server` is the name of a stub', 'server: user-api'],
    ['fault_set', 'proxy: "{{proxies.pg.url}}", faults: { down: true }', '`proxy` is the name of a proxy', 'proxy: pg'],
    ['fault_clear', 'proxy: "{{proxies.pg.address}}"', '`proxy` is the name of a proxy', 'proxy: pg'],
  ])('%s {%s}', (action, settings, message, written) => {
    const said = say(action, settings).filter((one) => !one.includes('testmesh.yaml'));
    expect(said).toEqual([expect.stringMatching(new RegExp(`^${message}.*: write \`${written}\`$`))]);
  });
});

describe('faults in other words', () => {
  it.each(['proxy: "{{\'pg\'}}", faults: [latency]', 'proxy: "{{\'pg\'}}", toxic: slow'])(
    'to end them: {%s}',
    (settings) => {
      expect(say('fault_clear', settings)).toEqual([
        expect.stringContaining(
          'all faults of the proxy end: write `config: {proxy: pg}`; for one that ends by itself write `for: 5s` where it is set',
        ),
      ]);
    },
  );

  it.each([
    ['toxic: latency, toxicity: 0.3', [`\`toxic\`: ${FAULTS}`, '`toxicity`: write `share: 0.3`, which is 30 %']],
    ['latency: 200ms', [`\`latency\`: ${FAULTS}`]],
    [
      'faults: { down: true }, stream: upstream',
      ['`stream`: write `direction: up` for what is asked, `direction: down` for what is answered'],
    ],
  ])('{%s}', (settings, said) => {
    expect(fault(settings)).toEqual(said);
  });

  it.each([
    ['faults: { latency: 1s }, share: 30', 'write `share: 0.3`, which is 30 %'],
    ['faults: { latency: 1s }, share: "30%"', 'write `share: 0.3`, which is 30 %'],
    ['faults: { latency: 1s }, share: "0.3"', 'write `share: 0.3`, without quotes'],
    ['faults: { latency: 1s }, share: -1', 'it is a part of 1: `share: 0.3` is 30 %; without it all are met'],
    ['faults: { down: false }', 'leave `down` out'],
    ['faults: { timeout: 5s }', 'write `timeout: true`'],
    [
      'faults: { latency: { jitter: 20ms } }',
      'write the two beside each other: `faults: {latency: 200ms, jitter: 20ms}`',
    ],
    ['faults: { bandwidth: 10 }', 'write `10KB` for kilobytes, or `10b` where bytes are meant'],
    ['faults: { bandwidth: 10kbps }', 'it is so much a second: write `bandwidth: 10KB`'],
    ['faults: { reset: 100 }', 'write `reset: {after: 100}`'],
    ['faults: { slice: 10 }', 'write `slice: {size: 10}`'],
    ['faults: { status: 500 }', 'write `status: {code: 500}`'],
    ['faults: [latency, down]', 'write one map: `faults: {latency: …, down: true}`'],
    ['faults: { latency: 1s }, direction: upstream', 'write `direction: up`'],
    ['faults: { latency: 1s }, direction: response', 'write `direction: down`'],
  ])('{%s}', (settings, help) => {
    const said = fault(settings);
    expect(said.map((one) => one.slice(-help.length - 2))).toEqual([`: ${help}`]);
  });
});

describe('what stands beside `config`, or in it, and belongs elsewhere', () => {
  /** The errors of a step with these keys, as `message: help`. */
  const errors = (keys: string): readonly string[] =>
    planText(`name: x\nsteps:\n  - { id: s, ${keys} }\n`)
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ message, help = [] }) => `${message}: ${help.join('; ')}`);
  const log = '{ action: log, config: { message: a } }';
  const effects = 'as in `effects: {topics: {order.placed: 1}, others: none}`';
  it.each([
    [
      `action: unchanged, tables: [a.b], steps: [${log}], config: { connection: "postgres://h/x" }`,
      ['tables', 'steps'].map(
        (key) => `unknown key \`${key}\` in a step: it is a setting of \`unchanged\`: write it below \`config:\``,
      ),
    ],
    [
      'action: log, config: { message: a }, topics: { a: 1 }',
      [`unknown key \`topics\` in a step: what may change stands below \`effects:\`, ${effects}`],
    ],
    [
      'action: log, config: { message: a }, agree: auto',
      ['unknown key `agree` in a step: it is a key of the flow: write it beside `steps:`'],
    ],
    ['action: fault_stop', ['unknown action `fault_stop`: did you mean `fault_clear`?']],
    [
      'action: toxiproxy',
      ['unknown action `toxiproxy`: faults of a proxy are set by `fault_set` and ended by `fault_clear`'],
    ],
  ])('{%s}', (keys, said) => {
    expect(errors(keys)).toEqual(said);
  });
});
