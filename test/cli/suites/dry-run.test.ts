import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-dry-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const run = (words: string, env: Record<string, string> = {}) =>
  callCommand(['run', 'flow.yaml', '--dry-run', ...words.split(' ').filter((word) => word !== '')], { cwd, env });
const write = (text: string, file = 'flow.yaml') => writeFileSync(join(cwd, file), text);

const FLOW = `flow:
  name: Order
  env:
    # nothing listens there
    URL: "http://127.0.0.1:1"
    COUNT: 3
    HALF: "{{COUNT / 2}}"
    EMAIL: "a-{{UUID}}@example.com"
    item: 7
  setup:
    - id: seed
      action: http_request
      config: { method: POST, url: "{{URL}}/seed", body: { n: "{{COUNT}}", half: "{{HALF}}", id: "{{UUID}}" } }
      output: { COUNT: $.body.count }
  steps:
    - id: order
      action: http_request
      when: COUNT > 1
      retry: { max_attempts: "{{7 - 5}}" }
      config:
        method: POST
        url: "{{URL}}/orders/{{COUNT}}/{{seed.body.id}}?mail={{EMAIL}}"
        headers: { X-Item: "{{item}}", X-Lit: '\\{{x}}' }
        body: "{{ {n: COUNT, u: URL} }}"
      assert: [status == 200]
    - id: each
      action: for_each
      config:
        items: [1, 2]
        steps:
          - { id: say, action: log, config: { message: "{{URL}} {{item}} {{ upper(URL) }}" } }
    - id: text
      action: log
      config:
        message: |
          first {{URL}}
          second {{uuid()}} {{now()}}
`;

describe('--dry-run', () => {
  it('prints the plan with what is known of it, and neither contacts nor writes anything', async () => {
    write(FLOW);
    const { exitCode, output, errors } = await run('');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(output).toBe(`Order   flow.yaml:2
 setup
  setup/seed   http_request
      method: POST
      url: http://127.0.0.1:1/seed
      body: {"n":3,"half":1.5,"id":"{{UUID}}"}
      captures: COUNT
 steps
  order   http_request
      when: COUNT > 1
      method: POST
      url: http://127.0.0.1:1/orders/{{COUNT}}/{{seed.body.id}}?mail={{EMAIL}}
      headers: {"X-Item":7,"X-Lit":"{{x}}"}
      body: {{ {n: COUNT, u: URL} }}
      retry: {"max_attempts":2}
      assert: status == 200
  each   for_each
      items: [1,2]
      each>say   log
          message: http://127.0.0.1:1 {{item}} HTTP://127.0.0.1:1
  text   log
      message:
        first http://127.0.0.1:1
        second {{uuid()}} {{now()}}

nothing ran: 1 flow would
`);
    expect(existsSync(join(cwd, '.testmesh'))).toBe(false);
  });

  it('takes values from the command line, the environment and a row', async () => {
    write(
      'flow:\n  name: F\n  env: { A: a, B: b }\n  data: [{ C: 1 }, { C: 2 }]\n  steps:\n    - { action: log, config: { message: "{{A}} {{B}} {{C}}" } }\n',
    );
    const { output } = await run('--var A=given --row 2', { B: 'outside' });
    expect(output).toContain('message: given outside 2\n');
    expect(output).toContain('F   flow.yaml:2   row 2: C=2\n');
    expect(output).not.toContain('row 1');
  });

  it('shows a few rows, and counts the others', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => `{ n: ${n} }`).join(', ');
    write(`flow:\n  name: F\n  data: [${rows}]\n  steps:\n    - { action: log, config: { message: "{{n}}" } }\n`);
    const { output } = await run('');
    expect([...output.matchAll(/ {3}row (\d+):/g)].map(([, row]) => row)).toEqual(['1', '2', '3']);
    expect(output).toContain('… and 47 more rows of it: `--row` chooses\n');
    expect(output).toContain('nothing ran: 1 flow would, 50 times in all\n');
  });

  it('shows the chosen steps alone', async () => {
    write(FLOW);
    const { output, exitCode } = await run('--only each');
    expect(exitCode).toBe(0);
    expect(output).toContain('chosen steps only');
    expect(output).not.toContain('http_request');
  });

  it('says what is wrong, as a run does', async () => {
    write('flow:\n  name: F\n  steps:\n    - { action: log, config: { message: "{{nobody}}" } }\n');
    const { exitCode, output, errors } = await run('');
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toContain('unknown name `nobody`');
  });

  it('shows no secret, however it is written', async () => {
    write(`flow:
  name: F
  secrets: [PIN]
  env: { PIN: "4711-0815-pin", USER_PASSWORD: "correct horse", DSN: "postgres://app:dsn-pass-1234@db/orders", TOKEN: "" }
  steps:
    - action: http_request
      config:
        method: POST
        url: "http://x/{{url_encode(PIN)}}?t={{TOKEN}}"
        headers: { Authorization: "Bearer plain-bearer-1", X: "{{base64(PIN)}}" }
        body: { a: "{{PIN}}", b: "{{USER_PASSWORD}}", c: "{{DSN}}", password: "written-out" }
      assert: [status == 200]
`);
    const { output, errors } = await run('--secret TOKEN=secret-of-flag');
    expect(errors).not.toContain('error');
    expect(output).toContain('"a":"***"');
    const planted = ['4711-0815', 'correct horse', 'dsn-pass-1234', 'secret-of-flag', 'plain-bearer-1', 'written-out'];
    const encoded = planted.map((text) => Buffer.from(text).toString('base64').slice(0, 10));
    for (const text of [...planted, ...encoded]) expect(output).not.toContain(text);
  });

  it('shows no part of a secret that a function makes, as a run does', async () => {
    write(`flow:
  name: "F {{split(TOKENS, ',')[1]}}"
  env: { SECOND: "{{split(TOKENS, ',')[1]}}" }
  steps:
    - id: each
      action: for_each
      config:
        items: '{{split(TOKENS, ",")}}'
        steps: [{ action: log, config: { message: "{{item}}" } }]
    - action: http_request
      config:
        method: POST
        url: "http://x/{{split(TOKENS, ',')[1]}}"
        query: { t: "{{split(TOKENS, ',')[1]}}" }
        headers: { X: "{{SECOND}}" }
        body: { all: "{{split(TOKENS, ',')}}", each: "{{map(split(TOKENS, ','), #)}}", file: "{{split(env('FOLDER_TOKEN'), ',')}}" }
      assert: [status == 200]
`);
    const { output, errors } = await run('--secret TOKENS=aa11-Kf83hd9,bb22-Pq74mz1,cc33+Ty65/w=', {
      FOLDER_TOKEN: 'dd44-Lm29xv3,ee55-Rs81cn6,ff66-Gh42bt7',
    });
    expect(errors).not.toContain('error');
    expect(output).toContain('items: ["***","***","***"]');
    for (const part of ['Kf83', 'Pq74', 'Ty65', 'Lm29', 'Rs81', 'Gh42']) expect(output).not.toContain(part);
  });
});
