import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkBodyFiles } from '../../../src/actions/stub/check-routes.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';

function plan(config: string): string[] {
  const start = `setup:\n  - { id: s, action: mock_server_start, config: ${config} }\n`;
  return findingsOf(
    planText(
      `name: x\n${start}steps:\n  - { action: http_request, config: { url: "{{s.url}}" }, assert: [status == 200] }\n`,
      { files: { 'a.json': '{}' } },
    ),
  ).map((one) => one.replace(/ \d+:\d+/, ''));
}

function verify(config: string): string[] {
  const start = 'setup:\n  - { id: s, action: mock_server_start, config: { routes: [{ path: /, response: {} }] } }\n';
  return findingsOf(
    planText(`name: x\n${start}steps:\n  - { action: mock_server_verify, config: { server: s, ${config} } }\n`),
  ).map((one) => one.replace(/ \d+:\d+/, ''));
}

describe('what a stub is told', () => {
  it.each([
    [
      '{ routes: [{ path: /a, delay: { min: 2s, max: 1s }, response: {} }] }',
      'TM381 `delay`: `min` 2s is more than `max` 1s',
    ],
    [
      '{ routes: [{ path: /a, response: { delay: { min: 1500ms, max: 1s } } }] }',
      'TM381 `delay`: `min` 1500ms is more than `max` 1s',
    ],
    [
      '{ routes: [{ path: /a, responses: [{}, { delay: { min: 1m, max: 1s } }] }] }',
      'TM381 `delay`: `min` 1m is more than `max` 1s',
    ],
    [
      '{ routes: [{ path: /a, response: { status: 204, body: { id: 1 } } }] }',
      'TM381 an answer with status 204 has no body: `body` is not sent',
    ],
    [
      '{ routes: [{ path: /a, responses: [{ status: 304, body: x }] }] }',
      'TM381 an answer with status 304 has no body: `body` is not sent',
    ],
    [
      '{ routes: [{ path: /a, sets: { approved: true } }, { path: /b, state: { aproved: true }, response: {} }] }',
      'TM381 no route sets the state `aproved`',
    ],
    ['{ fallback: { status: 204, body: x } }', 'TM381 an answer with status 204 has no body: `body` is not sent'],
    [
      "{ routes: [{ path_regex: '/a(', response: {} }] }",
      'TM381 `path_regex`: the pattern is not valid: missing closing ): `/a(`',
    ],
    [
      '{ routes: [{ path: /a, response: { body: a, body_file: a.json } }] }',
      'TM381 `body` and `body_file` are both given: write one of them',
    ],
    [
      '{ routes: [{ path: /a, responses: [{ body: a, body_file: a.json }] }] }',
      'TM381 `body` and `body_file` are both given: write one of them',
    ],
    ['{ routes: [{ method: GETT, path: /a }] }', 'TM381 the method `GETT` is none that clients usually send'],
    [
      "{ routes: [{ path: '/e?page=2' }] }",
      'TM381 `?page=2` is no part of a path: no request has the path `/e?page=2`',
    ],
    [
      "{ routes: [{ path: '/e/{{1 > 0 ? 1 : 2}}?a={{1}}' }] }",
      'TM381 `?a={{1}}` is no part of a path: no request has the path `/e/{{1 > 0 ? 1 : 2}}?a={{1}}`',
    ],
  ])('before the run: %s', (config, told) => {
    expect(plan(config)).toEqual([told]);
  });

  it.each([
    '{ routes: [{ method: purge, path: /a }, { method: "*", path: /b }, { method: post, path: /c }] }',
    '{ routes: [{ path: /a, delay: { min: 900ms, max: 1s }, response: {} }] }',
    '{ routes: [{ path: /a, delay: { min: 1s, max: 1s }, response: { status: 204 } }] }',
    '{ routes: [{ path: /a, response: { status: 201, body: { id: 1 } } }] }',
    '{ routes: [{ method: purge, path: /a }, { method: "*", path: /b }, { method: post, path: /c }] }',
    "{ routes: [{ path: '/e/{{1 > 0 ? 1 : 2}}' }] }",
  ])('nothing of %s', (config) => {
    expect(plan(config)).toEqual([]);
  });
});

describe('what a verify is told', () => {
  it.each([
    ['count: { min: 5, max: 2 }', 'TM331 `count`: `min` 5 is more than `max` 2'],
    ["path_regex: '/a('", 'TM381 `path_regex`: the pattern is not valid: missing closing ): `/a(`'],
    ["path: /a, path_regex: '/a'", 'TM381 `path` and `path_regex` are both given: write one of them'],
    ['method: PSOT', 'TM381 the method `PSOT` is none that clients usually send'],
    ["path: '/e?page=2'", 'TM381 `?page=2` is no part of a path: no request has the path `/e?page=2`'],
  ])('before the run: %s', (config, told) => {
    expect(verify(config)).toEqual([told]);
  });

  it.each([
    ['body: {}', 'TM381 `body: {}` takes any map: nothing is compared there'],
    ['body: { a: { b: {} } }', 'TM381 `body.a.b: {}` takes any map: nothing is compared there'],
    ['headers: {}', 'TM381 `headers: {}` takes every request: nothing is compared there'],
    ['form: {}, count: 2', 'TM381 `form: {}` takes every request: nothing is compared there'],
    [
      'count: 0, within: 0s',
      'TM381 `within: 0s` looks on for no time: a request that comes a moment later is not seen',
    ],
  ])('of what is satisfied by anything: %s', (config, told) => expect(verify(config)).toEqual([told]));

  it.each(['body: { a: 1 }', 'headers: { a: b }', 'count: 0, within: 100ms', 'count: 0, body: {}', 'within: 0s'])(
    'nothing of what may be wrong: %s',
    (config) => expect(verify(config)).toEqual([]),
  );

  it.each(['count: { min: 2, max: 5 }', 'count: { max: 0 }', 'path_regex: "/a"'])('nothing of %s', (config) => {
    expect(verify(config)).toEqual([]);
  });
});

describe('a number of requests', () => {
  const any = 'TM331 `count`: any number is right, none too: nothing is checked';
  it.each([
    ['count: { min: 0 }', [any]],
    ['path: /, count: {}', [any]],
    ['count: { min: 0, max: 3 }', []],
    ['count: { min: 1 }', []],
    ['count: 0', []],
  ])('%s', (config, expected) => expect(verify(config)).toEqual(expected));
});

describe('files that are sent as they are', () => {
  it.each<[string, readonly string[]]>([
    ['{"id": "{{request.params.id}}"}', ['`a.json` is sent as it is, with `{{request.params.id}}` in it']],
    ['{"id": "{{ USER_ID }}"}', ['`a.json` is sent as it is, with `{{ USER_ID }}` in it']],
    ['{"id": {"a": {}}, "text": "{{", "style": "a {{b: c}} {{}}"}', []],
  ])('%s', (text, messages) => {
    const directory = mkdtempSync(join(tmpdir(), 'testmesh-bodies-'));
    writeFileSync(join(directory, 'a.json'), text);
    const answer = { body_file: 'a.json' };
    const none = { body_file: 'none.json' };
    for (const route of [{ response: answer }, { responses: [none, answer] }]) {
      const findings = checkBodyFiles({ routes: [{ path: '/a', ...route }] }, directory);
      expect(findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual(
        messages.map((message) => `warning ${message}`),
      );
    }
    rmSync(directory, { recursive: true });
  });
});
