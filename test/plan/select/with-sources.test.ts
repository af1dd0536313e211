import { describe, expect, it } from 'vitest';
import { describeSources, withSources } from '../../../src/plan/select/with-sources.ts';
import { planText } from '../../support/plan-text.ts';

const FLOW = `name: orders
env: { REF: "{{UUID}}", HOST: "http://localhost" }
setup:
  - { id: seed, action: http_request, config: { method: POST, url: "{{HOST}}/{{REF}}" } }
  - { id: ready, action: http_request, config: { url: "{{HOST}}/{{REF}}" } }
steps:
  - { id: log_in, action: http_request, config: { method: POST, url: "{{HOST}}/" }, output: { token: $.body.token } }
  - { id: look, action: http_request, config: { url: "{{HOST}}/" }, output: { sku: $.body.sku } }
  - id: maybe
    action: if
    config:
      condition: sku == 'a'
      then:
        - { id: order, action: http_request, config: { method: POST, url: "{{HOST}}/{{token}}/{{sku}}" }, output: { order_id: $.body.id } }
  - { id: check, action: http_request, config: { url: "{{HOST}}/{{order_id}}" } }
  - { id: by_ref, action: http_request, config: { url: "{{HOST}}/{{REF}}" } }
  - { id: by_result, action: log, config: { message: "{{look.status}}" } }
  - id: each
    action: for_each
    config:
      items: [1, 2]
      steps:
        - { id: ask, action: http_request, config: { url: "{{HOST}}/{{sku}}" }, output: { part: $.body.part } }
        - { id: use, action: log, config: { message: "{{part}}" } }
`;
const [flow] = planText(FLOW).flows;
if (!flow) throw new Error('the flow was not planned');
const plan = flow;

describe('--with-deps', () => {
  it.each<[string, readonly string[]]>([
    ['log_in', ['log_in']],
    ['by_result', ['by_result', 'look']],
    // What stands in a branch comes with its control.
    ['check', ['check', 'maybe', 'log_in', 'look']],
    // The variable leads from what is written to what is read.
    ['by_ref', ['by_ref', 'setup/seed']],
    ['each[1]>use', ['each[1]>use', 'each[1]>ask', 'look']],
    ['setup/ready', ['setup/ready', 'setup/seed']],
  ])('%s', (address, expected) => {
    expect([...withSources(plan, new Set([address]))].toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ['log_in', false, undefined],
    ['by_result', false, '`--with-deps` also runs `look`, which only reads'],
    [
      'check',
      false,
      '`--with-deps` also runs `log_in`, `look` and `maybe`; `log_in` (flow.yaml:7) and `maybe` (flow.yaml:9) write, and what they leave stays, for teardown does not run without `--with-teardown`',
    ],
    [
      'by_ref',
      true,
      '`--with-deps` also runs `setup/seed`; `setup/seed` (flow.yaml:4) writes, and teardown runs behind them',
    ],
  ])('says what it leaves: %s', (address, withTeardown, expected) => {
    const asked = new Set([address]);
    expect(describeSources(plan, { asked, chosen: withSources(plan, asked), withTeardown })).toBe(expected);
  });
});
