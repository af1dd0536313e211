import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

function tell(assertion: string) {
  const config = '{ url: "http://h/" }';
  const step = `{ action: http_request, config: ${config}, assert: [${JSON.stringify(assertion)}] }`;
  return planText(`name: x\nsteps:\n  - ${step}\n`).diagnostics;
}

describe('an assertion of another tool', () => {
  it.each([
    ['result.statuscode ShouldEqual 200', 'status == 200'],
    ['status ShouldEqual 200', 'status == 200'],
    ['result.bodyjson.created_at ShouldContainSubstring 2024', 'body.created_at contains "2024"'],
    ['result.body ShouldContainSubstring "a b"', 'body contains "a b"'],
    ['result.bodyjson.name ShouldEqual Ada', 'body.name == "Ada"'],
    ['result.bodyjson.name ShouldNotBeEmpty', 'len(body.name) > 0'],
    ['result.bodyjson.x ShouldBeNil', 'body.x == nil'],
    ['result.bodyjson.x == 1', 'body.x'],
    ['result.timeseconds ShouldBeLessThan 1', 'duration_ms / 1000 < 1'],
    ['status ShouldBeIn 200 201', 'status in [200, 201]'],
    ['status ShouldNotBeIn 500, 503', 'status not in [500, 503]'],
    ['HTTP 200', 'status == 200'],
    ['HTTP/1.1 200', 'status == 200'],
    ["check(res, {'is 200': (r) => r.status === 200})", 'status == 200'],
    ["check(res, { 'id': r => r.json('id') !== null })", 'body.id != null'],
    ['r.status == 200', 'status'],
    ["r.json('created_at') != nil", 'body.created_at'],
  ])('%s is told as it is written here, which is accepted', (assertion, written) => {
    const [diagnostic, ...more] = tell(assertion);
    expect(more).toEqual([]);
    expect(diagnostic?.help).toHaveLength(1);
    expect(diagnostic?.help?.[0]).toContain(`write \`${written}\``);
    const whole = /[=<>]|contains|in \[/.test(written)
      ? written
      : assertion.replace(/^[\w.]+(?:\([^)]*\))?[\w.]*/, written);
    expect(tell(whole)).toEqual([]);
  });
});

describe('a file of another tool', () => {
  const help = (text: string): string => JSON.stringify(planText(text).diagnostics.map((one) => one.help));

  it.each([
    [
      'of Artillery',
      'config: { target: "http://h" }\nscenarios:\n  - flow: [ { get: { url: / } } ]\n',
      '`env: {URL: …}`',
    ],
    [
      'of runn',
      'name: r\nrunners: { req: "http://h" }\nsteps: [ { action: log, config: { message: m } } ]\n',
      '`action: http_request`',
    ],
  ])('%s gets a way on', (_, text, way) => {
    expect(help(text)).toContain(way);
  });

  it('that looks into a message by the name of the result is told how', () => {
    const wait = (where: string): string =>
      `name: x\nenv: { ID: "{{UUID}}" }\nsteps:\n  - { action: kafka_consumer, config: { brokers: "b:1", topic: t, match: { where: ${where} } } }\n`;
    expect(help(wait('message.value.user_id == ID'))).toContain('write `value.user_id`');
    expect(planText(wait('value.user_id == ID')).diagnostics).toEqual([]);
  });
});
