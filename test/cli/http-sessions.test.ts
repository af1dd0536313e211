import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EchoServer, startEchoServer } from '../support/servers/echo-server.ts';
import { callCommand } from './command.ts';

/** `/login` sets a cookie of its own each time; `/me` tells the one that came; `/flaky` is there at the third time. */
const FILES: Readonly<Record<string, string>> = {
  'rows.yaml': `
name: Rows
data: [ { user: ada }, { user: bob } ]
steps:
  - { id: before, action: http_request, config: { url: "{{URL}}/me" }, assert: ["body.sid == ''"] }
  - { id: log_in, action: http_request, config: { url: "{{URL}}/login/{{user}}" }, assert: [status == 200] }
  - { id: me, action: http_request, config: { url: "{{URL}}/me" }, assert: ["body.sid == user"] }
`,
  'inside.yaml': `
name: Inside
steps:
  - { id: call, action: run_flow, config: { flow: lib/login.yaml, input: { user: zoe } } }
  - { id: me, action: http_request, config: { url: "{{URL}}/me" }, assert: ["body.sid == 'zoe'"] }
  - id: each
    action: for_each
    config:
      items: [a, b]
      steps:
        - { id: me, action: http_request, config: { url: "{{URL}}/me" }, assert: ["body.sid == (index == 0 ? 'zoe' : 'a')"] }
        - { id: log_in, action: http_request, config: { url: "{{URL}}/login/{{item}}" }, assert: [status == 200] }
  - id: flaky
    action: http_request
    config: { url: "{{URL}}/flaky" }
    retry: { max_attempts: 3, delay: 1ms }
    assert: [status == 200]
`,
  'lib/login.yaml': `
name: Log in
env: { user: nobody }
steps:
  - id: log_in
    action: http_request
    config:
      method: POST
      url: "{{URL}}/login/{{user}}"
      multipart: { proof: { file: proof.txt } }
      save_to: got/login.json
    assert: [status == 200, "saved_to == 'got/login.json'", "json(file(saved_to)) != ''"]
`,
  'lib/proof.txt': 'a proof',
  'secret.yaml': `
name: Secret
steps:
  - id: me
    action: http_request
    config: { method: POST, url: "{{URL}}/me", cookies: { sid: "{{PASSWORD}}" }, multipart: { password: "{{PASSWORD}}" } }
    assert: [status == 201]
`,
  'late.yaml': `
name: Late
steps:
  - { id: up, action: http_request, config: { method: POST, url: "{{URL}}/me", multipart: { a: { file: "{{NAME}}" } } }, assert: [status == 200] }
`,
  'part.yaml': `
name: Part
steps:
  - { id: up, action: http_request, config: { method: POST, url: "{{URL}}/me", multipart: { a: "{{PART}}" } }, assert: [status == 200] }
`,
  'out.yaml': `
name: Out
steps:
  - { id: get, action: http_request, config: { url: "{{URL}}/me", save_to: "got/{{NAME}}" }, assert: [status == 200] }
`,
};

let cwd = '';
let server: EchoServer;
let flakyCount = 0;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-sessions-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(join(cwd, dirname(name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  server = await startEchoServer();
  server.answer = ({ url, headers }, response) => {
    const user = /^\/login\/(.+)/.exec(url)?.[1];
    if (url === '/flaky') flakyCount += 1;
    response.writeHead(url === '/flaky' && headers.cookie !== 'sid=b; tries=2' ? 503 : 200, {
      'content-type': 'application/json',
      ...(user !== undefined && { 'set-cookie': `sid=${user}; Path=/` }),
      ...(url === '/flaky' && { 'set-cookie': `tries=${flakyCount}; Path=/` }),
    });
    response.end(JSON.stringify({ sid: /sid=([^;]*)/.exec(headers.cookie ?? '')?.[1] ?? '' }));
  };
});
afterAll(async () => {
  await server.close();
  rmSync(cwd, { recursive: true, force: true });
});
beforeEach(() => {
  flakyCount = 0;
});

const run = (...words: string[]) => callCommand(['run', ...words, '--var', `URL=${server.url}`], { cwd });

describe('the cookies of a flow', () => {
  it('are not those of its next row', async () => {
    const { output } = await run('rows.yaml');
    expect(output).toContain('2 flows: 2 passed');
  });

  it('are those of its loops, retries and called flows, whose files lie beside them', async () => {
    const { exitCode, output } = await run('inside.yaml');
    expect(output).toContain('passed in');
    expect(exitCode).toBe(0);
    expect(flakyCount).toBe(3);
    expect(readFileSync(join(cwd, 'lib/got/login.json'), 'utf8')).toBe('{"sid":""}');
  });

  it('are masked where they are secrets, as parts are', async () => {
    const { exitCode, output } = await run('secret.yaml', '--secret', 'PASSWORD=hunter-22');
    expect(exitCode).toBe(1);
    expect(server.seen.at(-1)?.headers.cookie).toBe('sid=hunter-22');
    expect(output).toContain("-H 'cookie: sid=***'");
    expect(output).toContain('password: ***');
    expect(output).not.toContain('hunter');
  });
});

describe('what is known in the run alone', () => {
  it.each<[string, string, string]>([
    ['late.yaml', 'NAME=no.png', 'the file `no.png` of the part `a` cannot be read: it does not exist'],
    ['out.yaml', 'NAME=../../x', "`save_to`: `got/../../x` leaves the flow's folder"],
    ['part.yaml', 'PART:={"b":1}', 'unknown key `b` in `multipart.a` of `http_request`'],
  ])('%s with %s is an error, and nothing is sent', async (file, given, message) => {
    const before = server.seen.length;
    const { exitCode, output } = await run(file, '--var', given);
    expect(output).toContain(message);
    expect(exitCode).toBe(2);
    expect(server.seen.length).toBe(before);
    expect(existsSync(join(cwd, '../x'))).toBe(false);
  });
});
