import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

function listWarnings(assertion: string, action = 'http_request'): string[] {
  const config =
    action === 'http_request' ? 'url: "http://localhost/"' : 'connection: "postgres://localhost/x", query: "select 1"';
  const { diagnostics } = planText(
    `name: x\nenv: { NAME: Ada }\nsteps:\n  - action: ${action}\n    config: { ${config} }\n    assert: [${JSON.stringify(assertion)}]\n`,
  );
  return diagnostics.map(({ code, message, span, help = [] }) =>
    [code, message, span?.file.text.slice(span.start, span.end), ...help].join(' | '),
  );
}

const CONVERSION = 'values of different kinds are never equal: there is no conversion';

describe('comparisons that can never hold', () => {
  it.each([
    [
      "type(body) == 'text'",
      'this can never hold: `type(…)` never gives "text"',
      "type(body) == 'text'",
      'did you mean "string"?',
    ],
    [
      "'object' == type(body.x)",
      'this can never hold: `type(…)` never gives "object"',
      "'object' == type(body.x)",
      'did you mean "map"?',
    ],
    [
      "type(body) == 'number'",
      'this can never hold: `type(…)` never gives "number"',
      "type(body) == 'number'",
      'did you mean "int" or "float"?',
    ],
    [
      "type(body) == 'strin'",
      'this can never hold: `type(…)` never gives "strin"',
      "type(body) == 'strin'",
      'did you mean "string"?',
    ],
    [
      "type(body) != 'text'",
      'this always holds: `type(…)` never gives "text"',
      "type(body) != 'text'",
      'did you mean "string"?',
    ],
    [
      "status == '200'",
      'this can never hold: the left side is a number, the right side a string',
      "status == '200'",
      'write `200`, without quotes',
    ],
    [
      "status != '200'",
      'this always holds: the left side is a number, the right side a string',
      "status != '200'",
      'write `200`, without quotes',
    ],
    [
      "len(body) == '3'",
      'this can never hold: the left side is a number, the right side a string',
      "len(body) == '3'",
      'write `3`, without quotes',
    ],
    [
      "is_uuid(body.id) == 'true'",
      'this can never hold: the left side is a bool, the right side a string',
      "is_uuid(body.id) == 'true'",
      'write `true`, without quotes',
    ],
    [
      'string(body.id) == 7',
      'this can never hold: the left side is a string, the right side a number',
      'string(body.id) == 7',
      CONVERSION,
    ],
    [
      'filter(body, .ok) == 1',
      'this can never hold: the left side is an array, the right side a number',
      'filter(body, .ok) == 1',
      CONVERSION,
    ],
    [
      "status == 200 and any(body, len(.tags) == 'x')",
      'this can never hold: the left side is a number, the right side a string',
      "len(.tags) == 'x'",
      CONVERSION,
    ],
  ])('%s', (assertion, message, place, help) => {
    expect(listWarnings(assertion)).toEqual([`TM208 | ${message} | ${place} | ${help}`]);
  });

  it.each([
    "type(body) == 'string'",
    "type(body) == 'time.Time'",
    'type(body) == body.kind',
    'status == 200',
    'status == 200.0',
    'status == nil',
    "body.status == '200'",
    "body == '200'",
    "len(body) == int('3')",
    "first(body) == '3'",
    "max(body) == 'x'",
    'body.ok == true',
  ])('%s may hold', (assertion) => {
    expect(listWarnings(assertion)).toEqual([]);
  });

  it('knows what the action of the step gives', () => {
    expect(listWarnings("row_count == '1'", 'database_query')).toHaveLength(1);
    expect(listWarnings('rows == 1', 'database_query')).toHaveLength(1);
  });

  it('looks at `when` and `until`, with their places', () => {
    const { diagnostics } = planText(`name: x
env: { NAME: Ada }
steps:
  - action: poll
    when: len(NAME) == "3"
    config:
      step: { action: http_request, config: { url: "http://localhost/" } }
      until: ['len(body) == "3"', 'status == "200"']
      fail_when: type(body) == 'text'
    assert: [attempts == "3", status == "201"]
`);
    const places = diagnostics
      .filter(({ code }) => code === 'TM208')
      .map(({ span }) => span?.file.text.slice(span.start, span.end));
    expect(places).toEqual([
      'len(NAME) == "3"',
      'len(body) == "3"',
      'status == "200"',
      "type(body) == 'text'",
      'attempts == "3"',
      'status == "201"',
    ]);
  });
});
