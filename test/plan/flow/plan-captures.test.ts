import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../../src/capture/capture-error.ts';
import type { Value } from '../../../src/expr/index.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';

/** A flow whose request captures `x` so, and uses it. */
function plan(capture: string) {
  return planText(`name: x
steps:
  - id: a
    action: http_request
    config: { url: "http://localhost/" }
    output:
      x: ${capture}
output: { x: x }
`);
}

const result = {
  status: 200,
  body: { id: 7, items: [{ id: 'i' }], nothing: null, text: 'id=42;' },
  headers: { Location: '/users/7' },
};

function extract(capture: string): Value {
  const [flow] = plan(capture).flows;
  const taken = flow?.steps[0]?.output[0];
  if (!taken) throw new Error('nothing is captured');
  return taken.extract(result, new Map(Object.entries(result)), { now: () => 0 });
}

describe('a capture', () => {
  it.each<[string, Value]>([
    ['$.body.id', 7],
    ['$.id', 7],
    ['body.id', 7],
    ['body.items[0].id', 'i'],
    ['len(body.items)', 1],
    ['headers["Location"]', '/users/7'],
    ['{ path: "$.body.items[*].id" }', ['i']],
    ['{ path: $.body.missing, default: none }', 'none'],
    ['{ path: body.missing.deeper, default: { a: [1] } }', { a: [1] }],
    ["{ regex: 'id=(\\d+)', from: body.text }", '42'],
    ['{ path: "$.body.items[?@.id == \'{{body.items[0].id}}\'].id", default: none }', ['i']],
    ['{ path: "$.body.items[?@.id == \'<<body.items[0].id>>\'].id", default: none }', ['i']],
    ["{ regex: 'users/(\\d+)', from: 'headers.Location' }", '7'],
  ])('%s', (capture, value) => {
    expect(findingsOf(plan(capture))).toEqual([]);
    expect(extract(capture)).toEqual(value);
  });

  it.each([
    '$.body.missing',
    'body.missing',
    '"body.nothing == nil ? nil : 1"',
    "{ regex: 'no=(\\d+)', from: body.text }",
  ])('%s finds nothing', (capture) => {
    expect(() => extract(capture)).toThrow(CaptureError);
  });

  it('has no default for an item that cannot be judged', () => {
    const refusal = expect.objectContaining({ name: 'CaptureError', kind: 'condition' });
    expect(() => extract('{ path: "$.body.items[?@.id + 1 > 2]", default: [] }')).toThrow(refusal);
    expect(extract('{ path: "$.body.items[?@.idd + 1 > 2]", default: [] }')).toEqual([]);
  });

  it.each([
    ['{ path: $.body.id, secret: true }', true],
    ['$.body.id', false],
  ])('%s is secret: %s', (capture, secret) => {
    expect(plan(capture).flows[0]?.steps[0]?.output[0]?.secret).toBe(secret);
  });

  it.each([
    ['$.body[id]', 'TM110 7:17 `id` is not allowed in brackets'],
    ['.body.id', 'TM110 7:10 a path begins with `$`'],
    ['len(body', 'TM109 7:18 the expression ends too early: expected `,` or `)` after an argument'],
    ['7', 'TM103 7:10 expected a path such as `$.body.id` or an expression, got int 7'],
    ['[a]', 'TM103 7:10 expected a path such as `$.body.id` or an expression, got a list'],
    ['{ default: 1 }', 'TM102 7:10 a capture needs `path` or `regex`'],
    ['{ jsonpath: $.body.id }', 'TM101 7:12 unknown key `jsonpath` in a capture'],
    ['{ path: $.body.id, secret: "yes" }', 'TM103 7:37 `secret`: expected `true` or `false`, got string "yes"'],
    ['$.body.items[?(@.id == wnated)].id', 'TM104 7:33 unknown name `wnated`'],
    ['{ path: "$.body.items[?@.id == \'{{wnated}}\'].id", default: none }', 'TM104 7:44 unknown name `wnated`'],
    ['{ path: \'$.body["{{key}}"]\', default: none }', 'TM110 7:26 a placeholder in a key of a path is not filled in'],
    [
      "{ regex: 'id={{W}};', from: body.text, default: none }",
      'TM110 7:23 a placeholder in a regular expression is not filled in: `{{W}}`',
    ],
    ['body.id + othr', 'TM104 7:20 unknown name `othr`'],
  ])('%s is told, and nothing that follows from it', (capture, finding) => {
    expect(findingsOf(plan(capture))).toEqual([finding]);
  });
});

describe('a capture of several expressions', () => {
  it('is an error: only the last one would count', () => {
    expect(findingsOf(plan('"body.id; body.text"'))).toEqual([
      'TM109 7:11 only what follows the last `;` counts: `body.id` is ignored',
    ]);
  });
});

describe('a capture as other tools write it', () => {
  const noXPath = 'XML and HTML are texts: `{regex: "<id>(.*?)</id>", from: body}` takes a part of one';
  it.each([
    ['{ header: X-Token }', 'unknown key `header` in a capture', 'write `headers["X-Token"]` as the path'],
    [
      '{ cookie: sid }',
      'unknown key `cookie` in a capture',
      'write `{regex: "sid=([^;]+)", from: headers["set-cookie"]}`',
    ],
    ['{ xpath: //id }', 'unknown key `xpath` in a capture', noXPath],
    ['{ jsonpath: $.body.id }', 'unknown key `jsonpath` in a capture', 'did you mean `path`?'],
    ['{ pattern: "a(b)" }', 'unknown key `pattern` in a capture', 'did you mean `regex`?'],
    [
      '{ regex: "a(b)", group: 1 }',
      'unknown key `group` in a capture',
      'the first group of the pattern is what is taken: leave it out',
    ],
    ['//id', 'an XPath is no path here', noXPath],
  ])('%s', (capture, message, help) => {
    expect(plan(capture).diagnostics).toMatchObject([{ message, help: [help] }]);
  });
});
