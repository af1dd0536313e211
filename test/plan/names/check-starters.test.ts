import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const STUB = '{ id: s, action: mock_server_start, config: { routes: [{ path: /n }] } }';
const proxy = (id: string, more = ''): string =>
  `{ id: ${id}, action: fault_proxy_start, config: { upstream: "localhost:5432"${more} } }`;
const set = (config: string): string => `{ id: a, action: fault_set, config: { proxy: gate, ${config} } }`;

function plan(setup: readonly string[], steps: readonly string[]): string[] {
  const list = (all: readonly string[]) => all.map((one) => `  - ${one}\n`).join('');
  const text = `name: x\nsetup:\n${list(setup)}steps:\n${list(steps)}`;
  return findingsOf(planText(text, { given: ['PROTOCOL'] })).filter((one) => !one.includes('TM2'));
}

describe('what a step names has been started', () => {
  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      'a stub that is none',
      [STUB, '{ id: l, action: log, config: { message: x } }'],
      ['{ action: mock_server_verify, config: { server: l, path: /n } }'],
      ['TM104 6:53 `l` starts no stub: its action is `log`'],
    ],
    [
      'a proxy that is a stub',
      [STUB],
      ['{ action: fault_clear, config: { proxy: s } }'],
      ['TM104 5:45 `s` starts no proxy: its action is `mock_server_start`'],
    ],
    [
      'a proxy that starts later',
      [STUB],
      ['{ id: a, action: fault_set, config: { proxy: gate, faults: { latency: 10ms } } }', proxy('gate')],
      ['TM106 5:50 the proxy `gate` is used before its step (line 6) has started it'],
    ],
    [
      'steps beside each other, of which any may be first',
      [STUB],
      [
        `{ action: parallel, config: { branches: [{ steps: [${set('faults: { latency: 1ms }')}] }, { steps: [${proxy('gate')}] }] } }`,
      ],
      [],
    ],
    [
      'a proxy that a step before starts in a list of its own, and a clean-up that ends its faults',
      [STUB],
      [
        `{ id: each, action: for_each, config: { items: [1], steps: [${proxy('gate')}] } }`,
        `{ id: a, action: fault_set, config: { proxy: gate, faults: { latency: 10ms } }, cleanup: [{ action: fault_clear, config: { proxy: gate } }] }`,
      ],
      [],
    ],
  ])('%s', (_title, setup, steps, findings) => {
    expect(plan(setup, steps)).toEqual(findings);
  });

  it.each<[string, string, readonly string[]]>([
    ['', 'faults: { status: { code: 503 } }', ['`status` is for requests, but the proxy `gate` sees only connections']],
    [
      ', protocol: tcp',
      'faults: { delay: 1s }',
      ['`delay` is for requests, but the proxy `gate` sees only connections'],
    ],
    [
      ', protocol: tcp',
      'faults: { latency: 1s }, match: { path: /a }',
      ['`match` is for requests, but the proxy `gate` sees only connections'],
    ],
    [
      ', protocol: http',
      'faults: { withhold_acks: { topic: t } }',
      ['`withhold_acks` is for messages of Kafka, but the proxy `gate` sees only requests of HTTP'],
    ],
    [', protocol: http', 'faults: { status: { code: 503 }, latency: 1s }, match: { path: /a }', []],
    [
      ', protocol: http',
      'faults: { latency: 1s }, match: { path: "/u?x=1" }',
      ['`?x=1` is no part of a path: no request has the path `/u?x=1`'],
    ],
    [', protocol: "{{PROTOCOL}}"', 'faults: { status: { code: 503 } }', []],
  ])('a fault in a proxy with "%s": %s', (more, config, messages) => {
    const findings = plan([proxy('gate', more)], [set(config)]);
    expect(findings.map((one) => one.replace(/ \d+:\d+/, ''))).toEqual(messages.map((one) => `TM382 ${one}`));
  });

  it('a fault in a proxy whose upstream only the run knows', () => {
    const gate = '{ id: gate, action: fault_proxy_start, config: { upstream: "{{s.url}}" } }';
    expect(plan([STUB, gate], [set('faults: { status: { code: 503 } }')])).toEqual([]);
  });
});
