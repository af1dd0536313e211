import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

/** Plans a flow with this under `trace:`; gives what was read, and what is wrong. */
function plan(trace: string) {
  const text = `name: x\ntrace: ${trace}\nsteps: [ { action: log, config: { message: hi } } ]\n`;
  const planned = planText(text);
  return { trace: planned.flows[0]?.trace, findings: findingsOf(planned), help: planned.diagnostics[0]?.help?.[0] };
}

describe('`trace` of a flow', () => {
  it.each([
    ['{ propagate: true }', true],
    ['{ propagate: false }', false],
    ['{ propagate: [] }', []],
    ['{ propagate: localhost }', [{ host: 'localhost' }]],
    ['{ propagate: [LocalHost, "kafka:9092"] }', [{ host: 'localhost' }, { host: 'kafka', port: 9092 }]],
    ['{ propagate: ["*.Staging.example", .example] }', [{ host: '.staging.example' }, { host: '.example' }]],
    [
      '{ propagate: ["https://orders.example/", "HTTP://o:81"] }',
      [
        { scheme: 'https', host: 'orders.example', port: 443 },
        { scheme: 'http', host: 'o', port: 81 },
      ],
    ],
    ['{ propagate: ["[::1]:80", 10.0.0.1] }', [{ host: '::1', port: 80 }, { host: '10.0.0.1' }]],
  ])('%s', (written, propagate) => {
    expect(plan(written)).toEqual({ trace: { propagate }, findings: [], help: undefined });
  });

  it('says nothing where it is empty', () => {
    expect(plan('{}')).toEqual({ trace: {}, findings: [], help: undefined });
    expect(plan('').trace).toBeUndefined();
  });

  const hosts = 'write hosts, with a port or without: `[localhost, "*.staging.example", "https://orders.example"]`';
  const wrong = (got: string, column: number) =>
    `TM103 2:${column} \`propagate\`: expected hosts, \`true\` or \`false\`, got ${got}`;
  it.each([
    ['{ propagate: "*" }', wrong('string "*"', 21), hosts],
    ['{ propagate: [localhost, "http://x/path"] }', wrong('string "http://x/path"', 33), hosts],
    ['{ propagate: ["{{ORDERS}}"] }', wrong('string "{{ORDERS}}"', 22), hosts],
    ['{ propagate: "kafka://x:1" }', wrong('string "kafka://x:1"', 21), hosts],
    ['{ propagate: "x:70000" }', wrong('string "x:70000"', 21), hosts],
    ['{ propagate: [8080] }', wrong('int 8080', 22), hosts],
    ['{ propagate: "yes" }', wrong('string "yes"', 21), 'write `true`, without quotes'],
    ['{ propagate: { a: 1 } }', 'TM103 2:21 `propagate`: expected a list of texts, got a map', 'write `[one, two]`'],
    ['{ propagte: true }', 'TM101 2:10 unknown key `propagte` in `trace` of a flow', 'did you mean `propagate`?'],
    [
      '{ url: "https://x/{trace_id}" }',
      'TM101 2:10 unknown key `url` in `trace` of a flow',
      'it stands in testmesh.yaml, for all flows',
    ],
    ['off', 'TM103 2:8 `trace`: expected a map, got string "off"', undefined],
  ])('%s is refused', (written, finding, help) => {
    expect(plan(written)).toMatchObject({ findings: [finding] });
    expect(plan(written).help).toBe(help);
  });
});
