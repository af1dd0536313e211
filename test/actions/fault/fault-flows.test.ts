import { describe, expect, it } from 'vitest';
import { runText } from '../../cli/run-text.ts';
import { sample } from '../../support/sample.ts';

const SERVICE =
  '{ id: stub, action: mock_server_start, config: { routes: [{ path: "*", response: { headers: { x-a: "1" }, body: "0123456789012345678901234567890123456789" } }] } }';
const HTTP = '{ id: gate, action: fault_proxy_start, config: { upstream: "{{stub.url}}" } }';
const TCP = '{ id: gate, action: fault_proxy_start, config: { upstream: "127.0.0.1:{{stub.port}}", protocol: tcp } }';

function set(faults: string, more = ''): string {
  return `action: fault_set, config: { proxy: gate, faults: ${faults}${more} }`;
}

function clear(...asserts: readonly string[]): string {
  return `action: fault_clear, config: { proxy: gate }, assert: [${asserts.map((text) => JSON.stringify(text)).join(', ')}]`;
}

function get(path: string, ...asserts: readonly string[]): string {
  return request(`url: "http://{{gate.host}}:{{gate.port}}${path}"`, ...asserts);
}

function request(config: string, ...asserts: readonly string[]): string {
  return `action: http_request, config: { ${config} }, assert: [${asserts.map((text) => JSON.stringify(text)).join(', ')}]`;
}

/** A request that has to fail, over a connection of its own: what was idle is not used for a POST after so long. */
function fail(config: string, assertion: string): string {
  return `action: http_request, timeout: 600ms, config: { method: POST, url: "http://{{gate.host}}:{{gate.port}}/a"${config} }, expect_error: true, assert: [${JSON.stringify(assertion)}]`;
}

/** The fault that nobody met, by title. */
const UNMET: Readonly<Record<string, string>> = {
  'counts who meets two faults once': 'limit',
  'is well again by itself': 'latency',
  'lets what is shorter than a limit through': 'limit',
};
const WHOLE = 'len(body) == 40';

const protocols = [
  ['http', HTTP],
  ['tcp', TCP],
] as const;
describe.each(sample('protocols of proxies', protocols, { count: 1 }))('a proxy of %s', (protocol, gate) => {
  it.each<[string, readonly string[]]>([
    ['changes nothing without a fault', [get('/a', WHOLE, 'headers["x-a"] == "1"'), get('/b', WHOLE)]],
    [
      'holds answers up by the latency',
      [
        set('{ latency: 400ms }'),
        // Not twice.
        get('/a', WHOLE, 'duration_ms >= 395 and duration_ms < 790'),
        clear('connections + requests >= 1'),
      ],
    ],
    [
      'holds up both ways',
      [set('{ latency: 100ms }', ', direction: both'), get('/a', WHOLE, 'duration_ms >= 195'), clear()],
    ],
    [
      'lets bytes through as fast as the bandwidth',
      [set('{ bandwidth: 200 }'), get('/a', WHOLE, 'duration_ms >= 150'), clear()],
    ],
    [
      'counts who meets two faults once',
      [
        set('{ latency: 60ms }'),
        set('{ latency: 60ms }'),
        set('{ limit: 100000 }'),
        get('/a', WHOLE, 'duration_ms >= 115'),
        clear('connections + requests == 1', 'bytes <= total.bytes'),
      ],
    ],
    ['slices', [set('{ slice: { size: 10, delay: 40ms } }'), get('/a', WHOLE, 'duration_ms >= 110'), clear()]],
    ['resets', [set('{ reset: true }'), fail('', 'error.code == "ECONNRESET"'), clear(), get('/a', WHOLE)]],
    ['resets after so many bytes', [set('{ reset: { after: 20 } }'), fail('', 'error.kind == "connection"'), clear()]],
    [
      'closes after so many bytes',
      [set('{ limit: 20 }'), fail('', 'error.kind == "connection"'), clear(), get('/a', WHOLE)],
    ],
    ['is silent', [set('{ timeout: true }'), fail('', 'error.kind == "timeout"'), clear()]],
    [
      'is down, and back on the same port',
      [set('{ down: true }'), fail('', 'error.code == "ECONNREFUSED"'), clear(), get('/a', WHOLE)],
    ],
    [
      'counts who was refused',
      [
        set('{ down: true }'),
        fail('', 'error.code == "ECONNREFUSED"'),
        fail('', 'error.code == "ECONNREFUSED"'),
        // The machine counts for all its ports.
        clear('connections >= 2'),
      ],
    ],
    [
      'lets what is shorter than a limit through',
      [
        set('{ limit: 10KB }'),
        get('/a', WHOLE),
        clear('connections + requests + bytes == 0'),
        set('{ limit: 20, reset: { after: 30 } }'),
        fail('', 'error.kind == "connection"'),
        clear('connections + requests == 1', 'bytes > 0'),
      ],
    ],
    [
      'is well again by itself',
      [
        set('{ latency: 5s }', ', for: 1ms'),
        'action: delay, config: { duration: 20ms }',
        get('/a', WHOLE, 'duration_ms < 4900'),
      ],
    ],
  ])('%s', async (title, steps) => {
    const { exitCode, output, errors } = await runText({ setup: [SERVICE, gate], steps });
    // Nobody meets what was over before anybody came, nor what is larger than all that came.
    const unmet = UNMET[title];
    expect(exitCode, `${protocol}\n${output}${errors}`).toBe(unmet === undefined ? 0 : 3);
    if (unmet !== undefined) expect(output).toContain(`fault proxy gate: \`${unmet}\` met nothing`);
  });
});

describe('a proxy of requests', () => {
  it.each(
    sample<[string, readonly string[]]>(
      'faults of requests',
      [
        [
          'answers a share of them itself',
          [
            set('{ status: { code: 503, body: { e: 1 }, rate: 0.5 } }'),
            get('/a', 'status == 200'),
            get('/a', 'status == 503', 'body.e == 1'),
            get('/a', 'status == 200'),
            get('/a', 'status == 503'),
            clear('requests == 2', 'total.requests == 4'),
          ],
        ],
        [
          'meets those that match',
          [
            set('{ delay: 1s }', ', match: { method: get, path: "/slow/:id" }'),
            get('/a', 'duration_ms < 990'),
            get('/slow/1', 'duration_ms >= 995'),
            request('method: POST, url: "http://{{gate.host}}:{{gate.port}}/slow/1"', 'duration_ms < 990'),
            clear('requests == 1'),
          ],
        ],
        [
          'changes headers of answers',
          [
            set('{ header: { X-A: "2", x-new: "n", content-type: null } }'),
            get('/a', 'headers["x-a"] == "2"', 'headers["x-new"] == "n"', 'content_type == nil'),
            clear(),
          ],
        ],
        [
          'adds faults up',
          [
            set('{ latency: 60ms }'),
            set('{ delay: 60ms, header: { x-b: "b" } }'),
            get('/a', 'duration_ms >= 115', 'headers["x-b"] == "b"'),
            clear('requests == 1'),
          ],
        ],
        [
          'shares faults out evenly',
          [
            set('{ status: { code: 500 } }', ', share: 0.25'),
            get('/a', 'status == 200'),
            get('/a', 'status == 200'),
            get('/a', 'status == 200'),
            get('/a', 'status == 500'),
            clear('requests == 1'),
          ],
        ],
        [
          'counts each request that a fault changed once',
          [
            set('{ status: { code: 500, rate: 0.5 }, header: { x-a: "2" } }'),
            set('{ slice: { size: 30 } }', ', match: { path: "/b" }'),
            get('/a', 'status == 200', 'headers["x-a"] == "2"'),
            get('/a', 'status == 500'),
            get('/b', 'status == 200'),
            clear('requests == 3', 'bytes == 40', 'total.requests == 3', 'total.bytes == 80'),
          ],
        ],
        [
          'holds up and cuts what is sent where it is to',
          [
            set('{ bandwidth: 200 }', ', direction: up'),
            request(`method: POST, url: "{{gate.url}}/a", body: "${'x'.repeat(40)}"`, 'duration_ms >= 150'),
            clear('requests == 1', 'bytes == 40'),
            set('{ limit: 20 }', ', direction: up'),
            fail(`, body: "${'x'.repeat(40)}"`, 'error.kind == "connection"'),
            clear('requests == 1', 'bytes == 20'),
          ],
        ],
        [
          'has the end of an answer wait before it closes',
          [
            set('{ slow_close: 300ms }'),
            get('/a', WHOLE, 'duration_ms >= 295'),
            get('/b', WHOLE),
            request('method: HEAD, url: "{{gate.url}}/c"', 'duration_ms < 295'),
            clear('requests == 2'),
          ],
        ],
      ],
      { count: 5 },
    ),
  )('%s', async (_title, steps) => {
    const { exitCode, output, errors } = await runText({ setup: [SERVICE, HTTP], steps });
    expect(exitCode, output + errors).toBe(0);
  });

  it('keeps the host of the caller where it is to', async () => {
    const gate = HTTP.replace('}}" }', '}}", preserve_host: true }');
    const service = SERVICE.replace(/body: "\d+"/, 'body: "{{request.headers.host}}"');
    for (const [start, expected] of [
      [HTTP, 'body == "127.0.0.1:{{stub.port}}"'],
      [gate, 'body == "127.0.0.1:{{gate.port}}"'],
    ] as const) {
      const { exitCode, output } = await runText({ setup: [service, start], steps: [get('/', expected)] });
      expect(exitCode, output).toBe(0);
    }
  });

  it('says that its upstream does not answer', async () => {
    const gate = '{ id: gate, action: fault_proxy_start, config: { upstream: "http://127.0.0.1:1" } }';
    const { exitCode, output } = await runText({
      setup: [gate],
      steps: [get('/', 'status == 502', 'body contains "ECONNREFUSED"')],
    });
    expect(exitCode, output).toBe(0);
  });
});

describe('what cannot be', () => {
  it.each<[string, readonly string[], number, string]>([
    [
      'a fault of requests for connections',
      [set('{ status: { code: 500 } }')],
      2,
      '`status` is for requests, but the proxy `gate` sees only connections',
    ],
    [
      'a fault of Kafka for connections',
      [set('{ withhold_acks: { topic: orders } }')],
      2,
      '`withhold_acks` is for messages of Kafka, but the proxy `gate` sees only connections',
    ],
    [
      'an upstream that is several',
      ['action: fault_proxy_start, config: { upstream: "a:1,b:2" }'],
      2,
      '`upstream`: `a:1,b:2` is not an address with a port',
    ],
    [
      'an upstream that is no broker',
      ['action: fault_proxy_start, config: { upstream: "http://a:1", protocol: kafka }'],
      2,
      '`upstream`: `http://a:1` is not the address of a broker, which is `host:port` without a scheme',
    ],
    ['no fault at all', [set('{}')], 2, '[TM382] `faults` names no fault'],
    ['an unknown fault', [set('{ explode: true }')], 2, 'explode'],
    ['a proxy that no step starts', ['action: fault_clear, config: { proxy: gaet }'], 2, '`gaet`'],
    ['a size without sense', [set('{ bandwidth: fast }')], 2, 'expected a number of bytes'],
    [
      'a fault that nobody met',
      [set('{ latency: 10ms }')],
      3,
      '`latency` met nothing: nothing went through the proxy while it was set',
    ],
  ])('is said: %s', async (_title, steps, code, words) => {
    const { exitCode, output, errors } = await runText({ setup: [SERVICE, TCP], steps });
    expect(exitCode, output + errors).toBe(code);
    expect(output + errors).toContain(words);
  });
});

describe.each<[string, string, readonly [string, readonly string[], string][]]>([
  [
    'connections',
    TCP,
    [
      ['latency', [set('{ latency: 10ms }')], 'nothing went through the proxy while it was set'],
      [
        'latency',
        [set('{ latency: 10ms }', ', for: 1ms'), 'action: delay, config: { duration: 20ms }'],
        'nothing went through the proxy while it was set',
      ],
      [
        'latency',
        [set('{ latency: 10ms }', ', for: 1ms'), 'action: delay, config: { duration: 20ms }', get('/a', WHOLE)],
        '`for: 1 ms` was over before the first connection came',
      ],
      [
        'limit',
        [set('{ limit: 1MB }'), get('/a', WHOLE)],
        '1 connection went through while it was set, but none was cut off: the most that one connection had was N bytes',
      ],
      [
        'latency',
        [set('{ latency: 10ms }', ', share: 0.3'), get('/a', WHOLE)],
        'of 1 connection that went through, none is of its share of 0.3',
      ],
    ],
  ],
  [
    'requests',
    HTTP,
    [
      [
        'latency',
        [set('{ latency: 10ms }', ', for: 1ms'), 'action: delay, config: { duration: 20ms }', get('/a', WHOLE)],
        '`for: 1 ms` was over before the first request came',
      ],
      [
        'delay',
        [
          get('/a', WHOLE),
          set('{ delay: 10ms }', ', for: 1ms'),
          'action: delay, config: { duration: 20ms }',
          get('/a', WHOLE),
        ],
        '`for: 1 ms` was over before the next request came',
      ],
      [
        'delay',
        [set('{ delay: 10ms }', ', match: { method: POST, path: "/pay/:id" }'), get('/a', WHOLE), get('/pay/1', WHOLE)],
        'of 2 requests that went through, none is as `match` says\n   = nearest is GET /pay/1: method: expected POST, got GET',
      ],
      [
        'status',
        [set('{ status: { code: 500, rate: 0.3 } }'), get('/a', WHOLE)],
        '1 request went through while it was set, but the rate of 0.3 took none of so few',
      ],
      [
        'slice`, `limit',
        [set('{ limit: 41, slice: { size: 50 } }'), get('/a', WHOLE)],
        '1 request went through while it was set, but nothing was sliced and none was cut off: the most that one request had was 40 bytes',
      ],
      [
        'header',
        [set('{ header: { x-a: "1", x-b: null } }'), get('/a', WHOLE)],
        '1 request went through while it was set, but the answers had these headers already and no answer had `x-b`',
      ],
      [
        'header',
        [set('{ header: { x-a: "1" } }'), get('/a', WHOLE)],
        '1 request went through while it was set, but the answers had these headers already\n',
      ],
      [
        'header',
        [set('{ header: { etag: null, x-b: null } }'), get('/a', WHOLE)],
        '1 request went through while it was set, but no answer had `etag` or `x-b`\n',
      ],
    ],
  ],
])('a fault of %s that nobody met', (_of, gate, cases) => {
  it.each(sample('faults that nobody met', cases, { count: 3 }))('says why: %s', async (name, steps, why) => {
    const { exitCode, output, errors } = await runText({ setup: [SERVICE, gate], steps });
    expect(exitCode, output + errors).toBe(3);
    const said = output
      .replace(/(one connection had was) \d+/, '$1 N')
      .replaceAll(/^ +(?:flow\.yaml:\d+:\d+|\d* \| .*|\| .*)\n/gm, '');
    expect(said).toMatch(new RegExp(`fault proxy gate: \`${name}\`.* met nothing: `));
    expect(output).toMatch(/ met nothing: .*\n +flow\.yaml:\d+:\d+\n/);
    expect(said).toContain(why);
  });
});

describe('a fault that nobody met in a flow that failed before', () => {
  const status = request('url: "http://127.0.0.1:{{stub.port}}/a"', 'status == 404');
  it.each([
    ['by an assertion', 1, [set('{ latency: 10ms }'), status, get('/a', WHOLE)]],
    ['by an error', 3, [set('{ latency: 10ms }'), request('url: "http://127.0.0.1:1/"')]],
  ])('is not told: %s', async (_title, code, steps) => {
    const { exitCode, output, errors } = await runText({ setup: [SERVICE, HTTP], steps });
    expect(exitCode, output + errors).toBe(code);
    expect(output).not.toContain('met nothing');
  });
});

describe('`down`, for which the machine counts the refused of all its ports', () => {
  const refused = fail('', 'error.code == "ECONNREFUSED"');
  const doubt = /`down` was met by \d+ refused connections?, which may be of others: the machine counts/;
  it.each<[string, boolean, readonly string[]]>([
    ['when it is cleared', true, [set('{ down: true }'), refused, clear()]],
    ['when the flow ends', true, [set('{ down: true }'), refused]],
    ['not of other faults', false, [set('{ latency: 10ms }'), get('/a', WHOLE), clear()]],
    [
      'not where an open connection was reset',
      false,
      [get('/a', WHOLE), set('{ down: true }'), clear('connections >= 1'), get('/a', WHOLE)],
    ],
  ])('says that who met it may be another: %s', async (_title, isDoubtful, steps) => {
    const { exitCode, output, errors } = await runText({ setup: [SERVICE, HTTP], steps });
    expect(exitCode, output + errors).toBe(0);
    const said = (output + errors).replaceAll(/\n {5,}/g, ' ');
    expect(said.match(new RegExp(doubt, 'g')) ?? [], said).toHaveLength(isDoubtful ? 1 : 0);
  });
});
