import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callCommand } from '../cli/command.ts';
import { repeats } from '../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of actions on services', 1, 0) > 0);

const cwd = mkdtempSync(join(tmpdir(), 'testmesh-service-actions-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const SERVICE = `
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
const note = (what) => appendFileSync('orders.log', what + '\\n');
const server = createServer((request, response) => { note('got ' + request.url); response.end(String(process.pid)); });
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => { note('up'); console.log('listening on http://127.0.0.1:' + server.address().port); });
process.on('SIGTERM', () => { note('down'); process.exit(0); });
`;
const PROJECT = String.raw`
services:
  orders: { command: [node, service.mjs], prepare: "echo prepared >> orders.log", ready: { log: 'listening on (?P<url>http://\S+)' } }
`;
const ask = (id: string, more = 'assert: [status == 200]'): string =>
  `  - { id: ${id}, action: http_request, config: { url: "{{services.orders.url}}/${id}" }, ${more} }\n`;
const change = (action: string): string => `  - { action: service_${action}, config: { service: orders } }\n`;
const REFUSED = 'expect_error: { kind: connection }';

async function run(flows: Readonly<Record<string, string>>, words: readonly string[] = [], project = PROJECT) {
  rmSync(join(cwd, 'orders.log'), { force: true });
  writeFileSync(join(cwd, 'service.mjs'), SERVICE);
  writeFileSync(join(cwd, 'testmesh.yaml'), project);
  const files = Object.entries(flows).map(([name, steps]) => {
    writeFileSync(join(cwd, `${name}.yaml`), `name: ${name}\nsteps:\n${steps}`);
    return `${name}.yaml`;
  });
  const env = { PATH: process.env['PATH'] ?? '' };
  const ended = await callCommand(['run', ...files, ...words], { cwd, env });
  const log = readFileSync(join(cwd, 'orders.log'), 'utf8').trim().split('\n');
  return { ...ended, log, all: ended.output + ended.errors };
}

describe('the actions on services', () => {
  inFullRun('stop one and start it again, at an address that later steps know', async () => {
    const ended = await run({ a: change('stop') + ask('gone', REFUSED) + change('start') + ask('back') });
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.log).toEqual(['prepared', 'up', 'down', 'up', 'got /back', 'down']);
  });

  inFullRun('restart one', async () => {
    const ended = await run({ a: ask('before') + change('restart') + ask('after') });
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.log).toEqual(['prepared', 'up', 'got /before', 'down', 'up', 'got /after', 'down']);
  });

  inFullRun('kill one, which says nothing; at the end of the flow it is running again', async () => {
    const ended = await run({ a: change('kill') + ask('gone', REFUSED), b: ask('next') });
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.log).toEqual(['prepared', 'up', 'up', 'got /next', 'down']);
  });

  inFullRun('run while no other flow does', async () => {
    const slow = `${ask('first')}  - { action: delay, config: { duration: 100ms } }\n${ask('last')}`;
    const ended = await run({ a: slow, b: change('stop') + ask('gone', REFUSED), c: slow }, ['-j', '3']);
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.log.filter((line) => !line.startsWith('got'))).toEqual(['prepared', 'up', 'down', 'up', 'down']);
    expect(ended.log.slice(2, 4)).toEqual(['got /first', 'got /last']);
  });

  it('lets variables follow an address that is another one: those of the flow, of a called flow, and what is made of them', async () => {
    const use = (id: string, url: string): string =>
      `  - { id: ${id}, action: http_request, config: { url: "${url}/${id}" }, assert: [status == 200] }\n`;
    const steps =
      use('first', '{{PATH_OF}}') + change('restart') + use('second', '{{PATH_OF}}') + use('third', '{{ORDERS}}');
    writeFileSync(
      join(cwd, 'called.yaml'),
      `name: called\nenv: { HERE: "{{services.orders.url}}" }\nsteps:\n${change('restart')}${use('inner', '{{HERE}}')}`,
    );
    const call = '  - { action: run_flow, config: { flow: called.yaml } }\n';
    const flow = `${steps}${call}${use('last', '{{ORDERS}}')}env: { ORDERS: "{{services.orders.url}}", RUN: "{{UUID}}", PATH_OF: "{{ORDERS}}/{{RUN}}" }\n`;
    const ended = await run({ a: flow });
    expect(ended.exitCode, ended.all).toBe(0);
    const paths = ended.log.filter((line) => line.startsWith('got'));
    expect(paths.map((line) => line.replace(/.*\//, ''))).toEqual(['first', 'second', 'third', 'inner', 'last']);
    // What is random stays as it is.
    expect(paths[0]?.split('/')[1]).toBe(paths[1]?.split('/')[1]);
  });

  inFullRun(
    'hides secrets that are made again, and says of a variable that could not be made again why it has no value',
    async () => {
      const say = (id: string, text: string): string =>
        `  - { id: ${id}, action: log, config: { message: 'it is ${text}' } }\n`;
      const env = `secrets: [KEY]\nenv: { KEY: "k{{split(services.orders.url, ':')[2]}}", STATE: '{{ {"prepared\\nup\\n": services.orders.url}[file("orders.log")] }}', AT: "at {{STATE}}", NEAR: "near {{AT}}" }\n`;
      const steps = say('first', '{{KEY}}') + say('made', '{{NEAR}}') + change('restart') + say('second', '{{KEY}}');
      const ended = await run({ a: steps + say('last', '{{NEAR}}') + env }, ['-vv']);
      expect(ended.exitCode, ended.all).toBe(3);
      expect(ended.output.match(/log {3}it is \*\*\*/g)).toHaveLength(2);
      expect(ended.all).not.toMatch(/k\d{4}/);
      const again = 'could not be made again after a service was started again';
      expect(ended.output).toContain(`\`NEAR\` ${again}: \`AT\` ${again}: \`STATE\` is nil`);
    },
  );

  inFullRun('keep the port of one that takes a free one, so that what a step captured holds on', async () => {
    const keep = '  - { id: keep, action: set, config: { ORDERS: "{{services.orders.url}}" } }\n';
    const use = '  - { action: http_request, config: { url: "{{ORDERS}}/a" }, assert: [status == 200] }\n';
    const project = PROJECT.replace('prepare:', 'env: { PORT: "0" }, prepare:');
    const ended = await run(
      { a: keep + change('restart') + use + change('kill') + change('start') + use },
      [],
      project,
    );
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.log.filter((line) => line.startsWith('got'))).toEqual(['got /a', 'got /a']);
  });

  inFullRun('are named where an address was kept that the service has left', async () => {
    const keep = '  - { id: keep, action: set, config: { ORDERS: "{{services.orders.url}}" } }\n';
    const use = '  - { action: http_request, config: { url: "{{ORDERS}}/a" } }\n';
    const ended = await run({ a: keep + change('restart') + use });
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.output).toMatch(
      /the service `orders` was there until it was started again, and answers at http:\/\/127\.0\.0\.1:\d+ now/,
    );
  });

  inFullRun('start none that runs already', async () => {
    const ended = await run({ a: change('start') });
    expect(ended.exitCode).toBe(3);
    expect(ended.output).toContain('service `orders` runs already');
    expect(ended.output).toContain('leave the step out, or write `service_restart` for a new start');
  });

  it('name a service that testmesh.yaml has', async () => {
    writeFileSync(join(cwd, 'wrong.yaml'), `name: wrong\nsteps:\n${change('stop').replace('orders', 'order')}`);
    writeFileSync(join(cwd, 'testmesh.yaml'), PROJECT);
    const ended = await callCommand(['run', 'wrong.yaml'], { cwd });
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain('there is no service `order`\n  wrong.yaml:3:48');
    expect(ended.errors).toContain('= did you mean `orders`?');
    rmSync(join(cwd, 'testmesh.yaml'));
    const none = await callCommand(['run', 'wrong.yaml'], { cwd });
    expect(none.errors).toContain(
      'services go under `services:` in testmesh.yaml, in the working directory or above it',
    );
  });
});
