import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAllReporters, readAllReports } from '../../support/leaks/all-reports.ts';
import { expectNoLeak } from '../../support/leaks/find-leaks.ts';
import { ODD_SECRETS, SAMPLE } from '../../support/leaks/odd-secrets.ts';
import { type Speller, startSpeller } from '../../support/leaks/speller.ts';
import { callCommand } from '../command.ts';

let folder: string;
let server: Speller;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-project-leaks-'));
  server = await startSpeller();
  mkdirSync(join(folder, 'flows'));
  writeFileSync(join(folder, 'testmesh.yaml'), PROJECT);
  writeFileSync(join(folder, 'log-in.yaml'), LOG_IN);
  writeFileSync(join(folder, 'log-out.yaml'), LOG_OUT);
  writeFileSync(join(folder, 'print.cjs'), "process.stdout.write(require('node:fs').readFileSync('secret', 'utf8'))");
  for (const name of ['FROM_COMMAND', 'FROM_FILE', 'token'])
    writeFileSync(join(folder, `flows/${name}.yaml`), writeFlow(name));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const PROJECT = `before_all: log-in.yaml
after_all: log-out.yaml
default_environment: here
environments:
  here:
    secrets: { FROM_COMMAND: { command: "node print.cjs" }, FROM_FILE: { file: secret } }
    connections: { bus: { brokers: "127.0.0.1:1", sasl: { mechanism: plain, username: app, password: "{{FROM_FILE}}" } } }
defaults: { http: { headers: { x-default: "{{FROM_COMMAND | base64()}}" } } }
`;
const LOG_IN = `name: log in
steps:
  - { id: ask, action: http_request, config: { url: "{{URL}}/plain", headers: { x-default: null } }, output: { token: { path: $.body, secret: true } } }
`;
const LOG_OUT = `name: log out
steps:
  - { id: bye, action: http_request, config: { method: POST, url: "{{URL}}/go", body: { deep: ["{{token}}"] } }, assert: [status == 999] }
`;

/** Sends what a name holds in ways in which it travels, and fails each time. */
function writeFlow(name: string): string {
  const ways = [
    `headers: { authorization: "Bearer {{${name} | base64()}}" }`,
    `method: POST, form: { text: "{{${name}}}" }`,
    `query: { text: "{{${name}}}" }`,
    `method: POST, body: { deep: [{ text: "x{{${name}}}y" }] }`,
    `method: POST, multipart: { text: "{{${name}}}" }`,
  ];
  const requests = ways.map(
    (way, at) =>
      `  - { id: way_${at}, action: http_request, config: { url: "{{URL}}/json", ${way} }, assert: [status == 999, body.text == "other", body.none == ${name}], on_error: continue }`,
  );
  const send = `  - { id: send, action: kafka_producer, config: { connection: bus, topic: t, value: "{{${name}}}", headers: { k: "{{${name}}}" }, timeout: 300ms }, on_error: continue }`;
  return `name: ${name}\nsteps:\n${[...requests, send].join('\n')}\n`;
}

/** Each by itself stands in test/cli/leaks.test.ts; here some of them come by every way that a project knows. */
const SOME = SAMPLE.filter((_, at) => at % 5 === 0);

describe.each(SOME)('a secret with %s', (name) => {
  const secret = ODD_SECRETS[name] ?? '';

  it('of a project shows nowhere', async () => {
    // A trailing line break is the command's, not the secret's.
    writeFileSync(join(folder, 'secret'), `${secret}\n`);
    server.known = secret;
    const words = [
      'run',

      '-vv',
      ...askAllReporters('reports'),
      '--log-level',
      'debug',
      '--output-dir',
      'out',
    ];
    const { exitCode, output, errors } = await callCommand([...words, '--var', `URL=${server.url}`], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '' },
    });
    expect(exitCode).toBe(1);
    expect(output).toContain('way_4');
    const record = readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    rmSync(join(folder, 'out'), { recursive: true });
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    expectNoLeak({ output, log: errors, record: record.join('\n'), ...readAllReports('reports', read) }, secret);
  });
});
