import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHttpServer } from '../../support/servers/http-server.ts';
import { callCommand } from '../command.ts';

const root = mkdtempSync(join(tmpdir(), 'testmesh-around-'));
const asked: string[] = [];
let status = 200;
let server: Awaited<ReturnType<typeof startHttpServer>>;

const LOG_IN = `
name: Log in
steps:
  - id: log_in
    action: http_request
    config: { url: "{{URL}}/log-in" }
    assert: [status == 200]
    output: { token: { path: $.token, secret: true }, user: $.user }
`;

const WIPE = `
name: Wipe
steps:
  - { id: wipe, action: http_request, config: { url: "{{URL}}/wipe/{{user.id}}" }, assert: [status == 200] }
`;

const ORDERS = `
name: Orders
env: { WHO: "{{user.name}}" }
steps:
  - id: place
    action: http_request
    config: { url: "{{URL}}/orders", headers: { authorization: "Bearer {{token}}" } }
    assert: [status == 200]
  - { id: told, action: log, config: { message: "{{WHO}} is {{user.id + 1}}" } }
`;

const PROJECT = 'before_all: flows/log-in.yaml\nafter_all: flows/wipe.yaml\n';

function answer(request: IncomingMessage): string {
  asked.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
  return JSON.stringify({ token: 'hunter2-swordfish', user: { id: 7, name: 'ada' } });
}

beforeAll(async () => {
  server = await startHttpServer((request, response) => {
    const body = answer(request);
    response.writeHead(request.url === '/log-in' ? status : 200, { 'content-type': 'application/json' }).end(body);
  });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

beforeEach(() => {
  asked.length = 0;
  status = 200;
  rmSync(join(root, '.testmesh'), { recursive: true, force: true });
  rmSync(join(root, 'flows'), { recursive: true, force: true });
  mkdirSync(join(root, 'flows'));
  write({ 'testmesh.yaml': PROJECT, 'log-in.yaml': LOG_IN, 'wipe.yaml': WIPE, 'orders.yaml': ORDERS });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(root, name === 'testmesh.yaml' ? '' : 'flows', name), text);
}

function call(...words: readonly string[]) {
  return callCommand([...words, '--var', `URL=${server.url}`], { cwd: root });
}

const TOKEN = 'Bearer hunter2-swordfish';

describe('a flow before all others, and one after them', () => {
  it('run once, and what the first captures are names of all flows', async () => {
    write({ 'more.yaml': ORDERS.replace('name: Orders', 'name: More') });
    const { exitCode, output } = await call('run', '-j', '2');
    expect(exitCode, output).toBe(0);
    expect(asked).toEqual(['/log-in', `/orders ${TOKEN}`, `/orders ${TOKEN}`, '/wipe/7']);
    expect(output).toContain('ada is 8');
    expect(output).toContain('Log in [before_all]   flows/log-in.yaml');
    expect(output).toContain('Wipe [after_all]   flows/wipe.yaml');
    expect(output).toContain('2 flows: 2 passed   steps: 4 passed');
  });

  it('rank below --var, above rows and what a flow declares', async () => {
    const told = 'steps:\n  - { action: log, config: { message: "{{token}} {{user}}" } }\n';
    write({ 'testmesh.yaml': 'before_all: flows/log-in.yaml' });
    rmSync(join(root, 'flows', 'wipe.yaml'));
    write({ 'orders.yaml': `name: Rows\nenv: { token: own }\ndata: [{ user: row }]\n${told}` });
    const { exitCode, output } = await call('run', '--reporter', 'ndjson', '--var', 'user=mine');
    expect(exitCode, output).toBe(0);
    expect(output).toContain('"message":"*** mine"');
    expect(output).toContain('"overrides":[{"name":"token","from":"before_all"}]');
  });

  it('hide what is secret in every report and in the record', async () => {
    const reporters = [
      'tree',
      'junit=j.xml',
      'html=h.html',
      'json=j.json',
      'ndjson=n.ndjson',
      'ctrf=c.json',
      'tap=t.tap',
    ];
    write({
      'orders.yaml': ORDERS.replace('assert: [status == 200]', 'assert: [status == 201, "token == user.name"]'),
    });
    const all = await call('run', '-vv', ...reporters.flatMap((one) => ['--reporter', one]));
    expect(all.exitCode, all.errors).toBe(1);
    const [run = ''] = readdirSync(join(root, '.testmesh', 'runs'));
    const files = [...reporters.slice(1).map((one) => one.replace(/^.*=/, '')), `.testmesh/runs/${run}/events.ndjson`];
    const texts = files.map((file) => readFileSync(join(root, file), 'utf8'));
    for (const text of [all.output, all.errors, ...texts]) {
      expect(text).not.toContain('hunter2-swordfish');
      expect(text).not.toContain(Buffer.from('hunter2-swordfish').toString('base64'));
    }
    expect(texts[0]).toContain('Log in [before_all]');
  });

  it('keep all flows from running where the first fails; the last runs', async () => {
    status = 401;
    const tidy = '  - { id: tidy, action: http_request, config: { url: "{{URL}}/tidy" } }\n';
    write({
      'wipe.yaml': `${WIPE.replace('{{user.id}}', '{{ID}}').replace('\nsteps', '\nenv: { ID: "{{user.id}}" }\nsteps')}${tidy}`,
    });
    const { exitCode, output } = await call('run');
    expect(exitCode, output).toBe(1);
    expect(asked).toEqual(['/log-in', '/tidy']);
    expect(output).toContain('needs `user`, which `before_all` would have captured');
    expect(output).toContain('skipped: not reached: `before_all` failed');
    expect(output).toContain('✗ failed in');
    expect(output).toMatch(/1 flow: 1 skipped/);
    expect(output).toMatch(/log_in +flows\/log-in.yaml:\d+ +status == 200/);
    status = 200;
    const again = await call('run', '--last-failed');
    expect(again.exitCode, again.output + again.errors).toBe(0);
  });

  it('count for the exit code where the last fails', async () => {
    write({ 'wipe.yaml': WIPE.replace('status == 200', 'status == 204') });
    const { exitCode, output } = await call('run');
    expect([exitCode, output]).toEqual([1, expect.stringContaining('1 flow: 1 passed')]);
  });

  it('do not run where nothing does, and no step of theirs is one that ran', async () => {
    expect((await call('run', '-g', 'Nobody')).exitCode).toBe(4);
    write({ 'orders.yaml': ORDERS.replace('name: Orders', 'name: Orders\nskip: not now') });
    expect((await call('run')).exitCode).toBe(0);
    write({
      'orders.yaml': `${ORDERS.replace('id: place', 'id: place\n    when: "1 == 2"').replace('id: told,', 'id: told, when: "1 == 2",')}`,
    });
    expect(asked).toEqual([]);
    expect((await call('run')).exitCode).toBe(4);
    expect(asked).toEqual(['/log-in', '/wipe/7']);
  });

  it('are run by themselves where they alone are named', async () => {
    expect((await call('run', 'flows/log-in.yaml')).exitCode).toBe(0);
    expect(asked).toEqual(['/log-in']);
    const { exitCode, output } = await call('run', 'flows/wipe.yaml');
    expect(exitCode, output).toBe(0);
    expect(asked.slice(1)).toEqual(['/log-in', '/wipe/7']);
  });

  it('are shown by list, validate and --dry-run, which contact nobody', async () => {
    const listed = await call('list');
    expect(listed.output).toBe(
      [
        'Log in   flows/log-in.yaml:2   before_all   1 step: http_request 1',
        'Orders   flows/orders.yaml:2   2 steps: http_request 1, log 1',
        'Wipe   flows/wipe.yaml:2   after_all   1 step: http_request 1',
        '1 flow in 1 file',
        '',
      ].join('\n'),
    );
    const { before_all: before } = JSON.parse((await call('list', '--json')).output);
    expect(before.id).toBe('log-in');
    expect((await call('validate')).output).toBe('✓ 3 flows in 3 files: 0 errors, 0 warnings\n');
    const { output } = await call('run', '--dry-run');
    expect(output).toMatch(
      /^Log in {3}flows\/log-in.yaml:2 {3}before_all\n[\s\S]*Orders[\s\S]*Wipe {3}flows\/wipe.yaml:2 {3}after_all/,
    );
    expect(output).toContain('is {{user.id + 1}}');
    expect(asked).toEqual([]);
  });

  it('have their mistakes found before anything runs', async () => {
    const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ 'testmesh.yaml': 'before_all: flows/login.yaml' }, 'did you mean `flows/log-in.yaml`?'],
      [{ 'testmesh.yaml': 'before_all: [flows/log-in.yaml]' }, '`before_all`: expected the file of a flow, got a list'],
      [
        { 'log-in.yaml': `${LOG_IN}---\nname: Two\nsteps: [{ action: log, config: { message: a } }]\n` },
        '`before_all` is one flow, and flows/log-in.yaml holds 2',
      ],
      [
        { 'log-in.yaml': `${LOG_IN}\ndata: [{ a: 1 }]` },
        '`before_all` runs once, and the flow of flows/log-in.yaml has rows',
      ],
      [{ 'log-in.yaml': LOG_IN.replace('url:', 'ulr:') }, 'did you mean `url`?'],
      [{ 'orders.yaml': ORDERS.replace('{{token}}', '{{tokn}}') }, 'did you mean `token`?'],
      [{ 'wipe.yaml': WIPE.replace('user.id', 'usr.id') }, 'did you mean `user`?'],
      [{ 'log-in.yaml': LOG_IN.replace('/log-in', '/log-in/{{token}}') }, 'only later steps can use it'],
    ];
    for (const [files, message] of cases) {
      write({ 'testmesh.yaml': PROJECT, 'log-in.yaml': LOG_IN, 'wipe.yaml': WIPE, 'orders.yaml': ORDERS, ...files });
      const { exitCode, errors } = await call('run');
      expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
    }
    expect(asked).toEqual([]);
  });

  it('give what their `output` names, and no other captures', async () => {
    write({
      'log-in.yaml': `${LOG_IN}output: { user: user, both: { path: "user.name + ' ' + token", secret: true } }\n`,
    });
    expect((await call('run')).errors).toContain('unknown name `token`');
    write({ 'orders.yaml': ORDERS.replace('Bearer {{token}}', '{{both}}') });
    const { exitCode, output, errors } = await call('run', '-vv');
    expect(exitCode, output + errors).toBe(0);
    expect(asked[1]).toBe('/orders ada hunter2-swordfish');
    expect(output).not.toContain('hunter2-swordfish');
  });
});

describe('chosen steps, and the flow before all others', () => {
  it('take its plain captures from the record, and contact nobody for them', async () => {
    await call('run');
    asked.length = 0;
    const { exitCode, output, errors } = await call('run', 'flows/orders.yaml', '--only', 'told');
    expect(exitCode, errors).toBe(0);
    expect(output).toContain('ada is 8');
    expect(errors).toMatch(/note: `before_all` does not run: `?user`? is what run \S+ left/);
    expect(asked).toEqual([]);
  });

  it('have it run again for a secret, and for what no record has, saying so', async () => {
    const first = await call('run', 'flows/orders.yaml', '--only', 'told');
    expect([first.exitCode, first.errors]).toEqual([
      0,
      expect.stringContaining('`before_all` runs again: no record has `user`'),
    ]);
    expect(asked).toEqual(['/log-in', '/wipe/7']);
    const { exitCode, errors } = await call('run', 'flows/orders.yaml', '--only', 'place');
    expect(exitCode, errors).toBe(0);
    expect(errors).toContain('`before_all` runs again: `token` is a secret, which no record keeps');
    expect(asked.slice(2)).toEqual(['/log-in', `/orders ${TOKEN}`, '/wipe/7']);
  });

  it('do without it where they are given all that they need of it', async () => {
    await call('run');
    asked.length = 0;
    const { exitCode, errors } = await call('run', 'flows/orders.yaml', '--only', 'place', '--secret', 'token=mine');
    expect([exitCode, errors]).not.toEqual([0, expect.stringContaining('runs again')]);
    expect(asked).toEqual(['/orders Bearer mine']);
  });
});

it('run once in each shard, and are no flows of the merged run', async () => {
  write({ 'more.yaml': ORDERS.replace('name: Orders', 'name: More') });
  for (const shard of [1, 2]) await call('run', '--shard', `${shard}/2`, '--reporter', `blob=${shard}.blob`);
  expect(asked.filter((one) => one === '/log-in')).toHaveLength(2);
  const merged = await callCommand(['merge-reports', '1.blob', '2.blob', '--reporter', 'junit'], { cwd: root });
  expect(merged.exitCode, merged.errors).toBe(0);
  expect(merged.output).toContain('Log in [before_all] of shard 1/2');
  expect(merged.output).toContain('Log in [before_all] of shard 2/2');
  const tree = await callCommand(['merge-reports', '1.blob', '2.blob'], { cwd: root });
  expect(tree.output).toContain('2 flows: 2 passed   steps: 4 passed');
});
