import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

const wait = (config = ''): string =>
  `  - { id: announced, action: kafka_consumer, config: { brokers: "localhost:9092", topic: order.created${config} }, assert: [message.value.total == 1] }\n`;
const post = (body: string, output: string): string =>
  `  - { id: create, action: http_request, config: { method: POST, url: "http://localhost/", body: ${body} }, assert: [status == 201], output: ${output} }\n`;
const get =
  '  - { id: look, action: http_request, config: { url: "http://localhost/" }, output: { total_id: $.body.id } }\n';

/** What is said of a wait that takes any message. */
function find(steps: string, env = 'A: "1"'): readonly (string | undefined)[] {
  const { diagnostics } = planText(`name: x\nenv: { ${env} }\nsteps:\n${steps}`);
  return diagnostics.filter(({ code }) => code === 'TM210').map(({ help }) => help?.[0]);
}

const example = (match: string): string => `say which one is meant, for example \`match: {value: {${match}}}\``;
const NO_FIELD = 'say under `match` which one is meant: its `key`, or a field of its `value` that this flow sends';

describe('a wait that any message satisfies', () => {
  it.each([
    [
      'an id that was captured',
      post('{ a: 1 }', '{ total: $.body.total, order_id: $.body.id, at: $.body.at }'),
      'order_id: "{{order_id}}"',
    ],
    ['a capture', post('{ a: 1 }', '{ total: $.body.total }'), 'total: "{{total}}"'],
    ['a field of the request', post('{ note: hi, email: "{{A}}" }', '{ }'), 'email: "{{A}}"'],
    ['any field of the request', post('{ items: [1], note: hi }', '{ }'), 'note: "hi"'],
  ])('is shown how to pick by what the flow has: %s', (_title, before, match) => {
    expect(find(before + wait())).toEqual([example(match)]);
    for (const empty of ['{}', '{ value: {} }', '{ headers: {}, value: {} }'])
      expect(find(before + wait(`, match: ${empty}`))).toEqual([example(match)]);
  });

  it('is shown a name with a UUID in it, where nothing was captured', () => {
    expect(find(wait(), 'ORDER: "o-{{UUID}}"')).toEqual([example('id: "{{ORDER}}"')]);
  });

  it.each([
    ['nothing before it', ''],
    ['a look alone', get],
  ])('is shown no field that the flow did not make: %s', (_title, before) => {
    expect(find(before + wait())).toEqual([NO_FIELD]);
  });

  it('names nothing that is captured only later', () => {
    expect(find(wait() + post('{ a: 1 }', '{ order_id: $.body.id }'))).toEqual([NO_FIELD]);
  });

  it.each([', match: "value.id == 1"', ', match: { key: k }', ', count: 0'])('is none with a rule: %s', (config) => {
    expect(find(wait(config))).toEqual([]);
  });
});
