import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAllReporters, readAllReports } from '../../support/leaks/all-reports.ts';
import { expectNoLeak } from '../../support/leaks/find-leaks.ts';
import { ODD_SECRETS, SAMPLE } from '../../support/leaks/odd-secrets.ts';
import { type Speller, startSpeller } from '../../support/leaks/speller.ts';
import { sample } from '../../support/sample.ts';
import { callCommand } from '../command.ts';
import { startMock } from '../mock/start-mock.ts';

let folder: string;
let server: Speller;
const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

/** A step that sends the value of a name everywhere, and fails. */
const send = (id: string, name: string, url = '{{URL}}'): string =>
  `  - { id: ${id}, action: http_request, config: { method: POST, url: "${url}/json/{{url_encode(${name})}}", query: { q: "{{${name}}}" }, body: { text: "x{{${name}}}y" } }, assert: ["body.text == 1", "body.deep == {}"] }\n`;
const ROUTE = 'path: /x, match: { body: { text: "{{S}}" } }, response: { body: { text: "{{S}}" } }';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-report-leaks-'));
  server = await startSpeller();
  mkdirSync(join(folder, 'flows'));
  const head = 'env: { S: none }\nsteps:\n';
  write('flows/a.yaml', `name: a\n${head}${send('one', 'S')}`);
  const call = '{ flow: ../called.yaml, input: { s: "{{S}}", list: ["{{S}}"] } }';
  write('flows/b.yaml', `name: b\n${head}  - { id: call, action: run_flow, config: ${call} }\n`);
  const say = '  - { action: log, config: { message: "{{s}} {{list}}" } }\n';
  write('called.yaml', `name: called\nenv: { s: x, list: [] }\nsteps:\n${say}${send('two', 's')}`);
  const learn = '{ url: "{{URL}}/json" }, output: { tok: { path: $.body.text, secret: true } }';
  const show = '  - { id: show, action: log, config: { message: "{{tok}}", data: "{{ {(tok): 1} }}" } }\n';
  write(
    'flows/c.yaml',
    `name: c\nsteps:\n  - { id: learn, action: http_request, config: ${learn} }\n${show}${send('three', 'tok')}`,
  );
  const stub = `{ id: users, action: mock_server_start, config: { routes: [{ ${ROUTE} }] } }`;
  write('flows/d.yaml', `name: d\n${head}  - ${stub}\n${send('four', 'S', '{{users.url}}')}`);
  write('stub.yaml', `secrets: [S]\nenv: { S: none }\nroutes: [{ ${ROUTE} }, { path: "/y/:id" }]\n`);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(sample('odd secrets in reports of several flows', SAMPLE, { count: 1 }))('a secret with %s', (name) => {
  const secret = ODD_SECRETS[name] ?? '';
  const given = (): readonly string[] => ['--secret', `S=${secret}`, '--var', `URL=${server.url}`];

  /** Runs a command that writes every report, none of which may show the secret. */
  async function see(words: readonly string[]): Promise<void> {
    const reporters = words[1] === 'last' ? ['--reporter', 'html=r/html', '--reporter', 'tree'] : askAllReporters('r');
    const { exitCode, output, errors } = await callCommand([...words, '-vv', ...reporters], { cwd: folder });
    expect([0, 1, 3], errors).toContain(exitCode);
    expect(output).toContain('***');
    const reports = words[1] === 'last' ? { html: read('r/html') } : readAllReports('r', read);
    expectNoLeak({ output, errors, ...reports }, secret);
  }

  it('shows nowhere in what is made of a run of several flows at a time', async () => {
    server.known = secret;
    await see(['run', 'flows', '-j', '4', '--reporter', 'blob=1.blob', ...given()]);
    const [run = ''] = readdirSync(join(folder, '.testmesh/runs')).slice(-1);
    await see(['report', 'last']);
    await see(['report', '1.blob']);
    await see(['merge-reports', '1.blob']);
    await see(['run', 'flows/b.yaml', '--replay', run, '--only', 'call', ...given()]);
    rmSync(join(folder, '.testmesh'), { recursive: true });
  });

  it('shows nowhere in what a stub says of its requests', async () => {
    const mock = await startMock(['stub.yaml', '--admin', '0', '--secret', `S=${secret}`], folder);
    const post = async (path: string, body: unknown): Promise<Response> =>
      fetch(mock.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-a': encodeURIComponent(secret) },
        body: JSON.stringify(body),
      });
    await post('/x', { text: secret });
    await post('/x', { text: `${secret}q` });
    await post(`/y/${encodeURIComponent(secret)}?q=${encodeURIComponent(secret)}`, [secret, Array.from(secret)]);
    await post(`/z/${encodeURIComponent(encodeURIComponent(encodeURIComponent(secret)))}`, 1);
    const [requests, routes] = await Promise.all(
      ['requests', 'routes'].map(async (path) => (await fetch(`${mock.admin}/${path}`)).text()),
    );
    await mock.end();
    expect(requests).toContain('***');
    expectNoLeak({ shown: mock.shown, requests: requests ?? '', routes: routes ?? '' }, secret);
  });
});
