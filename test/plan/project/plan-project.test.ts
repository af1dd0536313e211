import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callCommand } from '../../cli/command.ts';

const root = mkdtempSync(join(tmpdir(), 'testmesh-project-'));
const cwd = join(root, 'inner', 'flows');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const FLOW = 'name: Hello\nsteps:\n  - { action: log, config: { message: hello } }\n';
const STUBS = { 'stub.yaml': 'routes: []\n', 'wrong.yaml': 'rotes: []\n', 'two.yaml': 'routes: []\n---\nroutes: []\n' };
const service = (more = ''): string =>
  `{ command: "node x.js", ready: { log: 'at (?P<url>\\S+) with (?P<token>\\S+)' }${more} }`;

/** What `validate` says, with a testmesh.yaml two folders above the flow. */
async function validate(project: string, flow = FLOW, env: Record<string, string> = {}) {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(root, 'testmesh.yaml'), project);
  writeFileSync(join(cwd, 'flow.yaml'), flow);
  for (const [name, text] of Object.entries(STUBS)) writeFileSync(join(root, 'inner', name), text);
  const { errors, exitCode } = await callCommand(['validate', 'flow.yaml'], { cwd, env });
  const lines = errors.replaceAll(`${dirname(dirname(cwd))}/`, '').split('\n');
  const heads = lines.flatMap((line, index) =>
    /^(error|warning)/.test(line) ? [`${line} ${lines[index + 1]?.trim()}`] : [],
  );
  const help = lines.flatMap((line) => (/^ +=/.test(line) ? [line.trim()] : []));
  return { exitCode, heads, help };
}

describe('testmesh.yaml', () => {
  it('is found upwards from the working directory, and says which services there are', async () => {
    const flow = `name: Hello\nenv: { URL: "{{services.orders.url}}" }\nsteps:\n  - { action: log, config: { message: "{{URL}}" } }\n`;
    expect(await validate(`services:\n  orders: ${service()}\n`, flow)).toEqual({ exitCode: 0, heads: [], help: [] });
  });

  it.each([
    ['an open quote', 'services:\n  orders:\n    command: "node x.js\n    ready: { tcp: 1 }\n', 'TM007'],
    ['nothing', '# to be written\n', 'TM003'],
    ['no map', '- services\n', 'TM103'],
    ['a key that is misspelled', `servces:\n  orders: ${service()}\n`, 'TM101'],
    ['a list of services', `services:\n  - orders: ${service()}\n`, 'TM103'],
  ])('says nothing of what flows want of it where it has %s', async (_title, project, code) => {
    const flow = `name: Hello
env: { URL: "{{services.orders.url}}{{stubs.users.url}}{{proxies.db.url}}" }
steps:
  - { action: log, config: { message: "{{URL}} {{mocks.orders}}" } }
  - { action: mock_server_verify, config: { server: users, path: / } }
  - { action: service_stop, config: { service: orders } }
`;
    const { heads } = await validate(project, flow);
    expect(heads.map((head) => /\[(\w+)\]/.exec(head)?.[1])).toEqual([code]);
  });

  it.each([
    [
      'servces: {}\n',
      'error[TM101] unknown key `servces` in testmesh.yaml testmesh.yaml:1:1',
      '= did you mean `services`?',
    ],
    [
      'registry: x\n',
      'error[TM113] `registry` is not in this version: it comes with a later one testmesh.yaml:1:1',
      undefined,
    ],
    [
      '[1]\n',
      'error[TM103] expected settings (a map), got a list testmesh.yaml:1:1',
      '= testmesh.yaml has the key `services:`',
    ],
    ['services: { a: [ }\n', expect.stringMatching(/^error\[TM0\d\d\] .* testmesh.yaml:1:/), expect.anything()],
    [
      'services:\n  1st: {}\n',
      'error[TM108] `1st` cannot be the name of a service testmesh.yaml:2:3',
      expect.anything(),
    ],
    [
      'services:\n  a: yes\n',
      'error[TM103] service `a`: expected a map, got string "yes" testmesh.yaml:2:6',
      '= a service has `command`, or `compose`, and `ready`',
    ],
    [
      'services:\n  a: { ready: { tcp: "x:1" } }\n',
      'error[TM102] `a` needs `command`, or `compose` testmesh.yaml:2:3',
      '= write it below `a:`',
    ],
    [
      'services:\n  a: { comand: x, ready: { tcp: "x:1" } }\n',
      'error[TM101] unknown key `comand` in a service testmesh.yaml:2:8',
      '= did you mean `command`?',
    ],
    [
      'services:\n  a: { command: x, compose: { file: inner/stub.yaml, service: b }, ready: { tcp: "x:1" } }\n',
      'error[TM112] `command` and `compose` both start the service: write one of them testmesh.yaml:2:20',
      undefined,
    ],
    [
      'services:\n  a: { compose: { file: none.yaml, service: b }, ready: { tcp: "x:1" } }\n',
      'error[TM115] the file `none.yaml` does not exist testmesh.yaml:2:25',
      '= it is looked for beside testmesh.yaml, at none.yaml',
    ],
    [
      'services:\n  a: { compose: { file: inner/stub.yaml }, ready: { tcp: "x:1" } }\n',
      'error[TM102] `compose` of `a` needs `service` testmesh.yaml:2:8',
      expect.anything(),
    ],
    [
      'services:\n  a: { compose: { file: inner/stub.yaml, service: b }, ready: { tcp: "x:1" }, stop: { signal: SIGINT } }\n',
      'error[TM103] `stop.signal` is not for a service of `compose` testmesh.yaml:2:95',
      '= the compose file says it, as `stop_signal`',
    ],
    [
      'services:\n  a: { command: x, reuse: sure, ready: { tcp: "x:1" } }\n',
      'error[TM103] `reuse` of `a`: expected `true` or `false`, got string "sure" testmesh.yaml:2:27',
      undefined,
    ],
    [
      'services:\n  a: { command: x, ready: { tcp: "x:1", log: y } }\n',
      'error[TM103] `ready` of `a`: expected one of `log`, `http` and `tcp`, got a map with `tcp` and `log` testmesh.yaml:2:27',
      '= write one: `ready: {http: "http://localhost:5003/health"}`, `{tcp: "localhost:5432"}` or `{log: "listening on"}`',
    ],
    [
      'services:\n  a: { command: x, ready: { tcp: x } }\n',
      'error[TM103] `ready.tcp` of `a`: expected `host:port`, got string "x" testmesh.yaml:2:34',
      '= write `tcp: "localhost:5432"`',
    ],
    [
      'services:\n  a: { command: x, ready: { tcp: "http://127.0.0.1:47813" } }\n',
      'error[TM103] `ready.tcp` of `a`: expected `host:port`, got string "http://127.0.0.1:47813" testmesh.yaml:2:34',
      '= write `http: "http://127.0.0.1:47813"`',
    ],
    [
      'services:\n  a: { command: x, ready: { log: "(" } }\n',
      expect.stringMatching(/^error\[TM110\] the pattern is not valid: .* testmesh.yaml:2:/),
      undefined,
    ],
    [
      'services:\n  a: { command: x, ready: { tcp: "x:1" }, stop: { signal: TERM } }\n',
      'error[TM103] `stop.signal` of `a`: expected one of `SIGTERM`, `SIGINT`, `SIGHUP`, `SIGQUIT`, `SIGUSR1`, `SIGUSR2` and `SIGKILL`, got string "TERM" testmesh.yaml:2:59',
      '= write `signal: SIGTERM`',
    ],
    [
      `services:\n  orders: ${service(', needs: [ordrs]')}\n`,
      'error[TM129] there is no service `ordrs` testmesh.yaml:2:98',
      '= did you mean `orders`?',
    ],
    [
      `services:\n  a: ${service(', needs: b')}\n  b: ${service(', env: { A: "{{services.a.url}}" }')}\n`,
      'error[TM130] services need each other in a circle: a → b → a testmesh.yaml:3:98',
      '= remove one of the needs',
    ],
    [
      `services:\n  a: ${service(', env: { A: "{{services.b.url}}" }')}\n`,
      'error[TM129] there is no service `b` testmesh.yaml:2:107',
      '= the services are `a`',
    ],
    [
      `services:\n  a: ${service(', env: { A: "{{RUNID}}" }')}\n`,
      'error[TM104] unknown name `RUNID` testmesh.yaml:2:98',
      '= did you mean `RUN_ID`?',
    ],
    [
      `services:\n  a: ${service(', env: { A: "{{stubs.users.url}}" }')}\n`,
      'error[TM129] there is no stub `users` testmesh.yaml:2:104',
      '= stubs go under `stubs:` in testmesh.yaml, in the working directory or above it',
    ],
    [
      'trace: { url: "https://traces.example/" }\n',
      'error[TM103] `url`: expected an address with `{trace_id}` in it, got string "https://traces.example/" testmesh.yaml:1:15',
      '= for example `https://traces.example/trace/{trace_id}`',
    ],
    [
      'trace: { propagate: [localhost], url: "https://t/{trace_id}", receive: "127.0.0.1:0" }\n',
      'error[TM113] `receive` is not in this version: it comes with a later one testmesh.yaml:1:63',
      undefined,
    ],
    [
      `services:\n  a: ${service(', env_file: .env.none')}\n`,
      'error[TM114] the file `.env.none` does not exist testmesh.yaml:2:95',
      '= it is looked for beside testmesh.yaml, at .env.none',
    ],
    [
      'stubs: { users: yes }\n',
      'error[TM103] stub `users`: expected a map, got string "yes" testmesh.yaml:1:17',
      '= a stub has `file: stubs/users.yaml`, or `routes`',
    ],
    [
      'stubs: { users: { file: none.yaml } }\n',
      'error[TM115] the file `none.yaml` does not exist testmesh.yaml:1:25',
      '= it is looked for beside testmesh.yaml, at none.yaml',
    ],
    [
      'stubs: { users: { file: inner/stub.yaml, routes: [] } }\n',
      'error[TM101] `routes` stands beside `file`, where only `port` is read testmesh.yaml:1:42',
      '= write `routes` in the file, or all settings here and no `file`',
    ],
    [
      'stubs: { users: { file: inner/stub.yaml, port: x } }\n',
      'error[TM103] `port` of `users`: expected a number, got string "x" testmesh.yaml:1:48',
      '= write the number of the port alone; `port: 0`, and none, take a free one',
    ],
    [
      'stubs: { users: { file: inner/wrong.yaml } }\n',
      'error[TM101] unknown key `rotes` in `users` inner/wrong.yaml:1:1',
      '= did you mean `routes`?',
    ],
    [
      'stubs: { users: { file: inner/two.yaml } }\n',
      'error[TM103] a file holds one stub, and this is a second document inner/two.yaml:3:1',
      '= put it in a file of its own',
    ],
    [
      'stubs: { users: { routes: [{}] } }\n',
      'error[TM381] a route needs `path` testmesh.yaml:1:28',
      expect.stringContaining('= for example `path: /users/:id`'),
    ],
    [
      'stubs: { users: { routes: [{ path: /a, response: { body: "{{stubs.usrs.url}}" } }] } }\n',
      'error[TM129] there is no stub `usrs` testmesh.yaml:1:67',
      '= did you mean `users`?',
    ],
    ['proxies: { pg: {} }\n', 'error[TM102] `pg` needs `upstream` testmesh.yaml:1:16', '= write it below `pg:`'],
    [
      'proxies: { pg: { upstream: "a b" } }\n',
      expect.stringMatching(/^error\[TM103\] `upstream` of `pg`: expected an address such as .* testmesh.yaml:1:28$/),
      '= write one address: `upstream: "localhost:5432"`',
    ],
    [
      `services:\n  a: ${service(', env: { A: "{{stubs.b.url}}" }')}\nstubs: { b: { fallback: { proxy: "{{proxies.c.url}}" } } }\nproxies: { c: { upstream: "{{services.a.url}}" } }\n`,
      'error[TM130] services need each other in a circle: a → stub b → proxy c → a testmesh.yaml:4:30',
      '= remove one of the needs',
    ],
    [
      'stubs: { a: { routes: [] } }\nmocks: { a: on }\n',
      'error[TM129] `mocks` switches between a service and a stub of one name: there is no service `a` testmesh.yaml:2:10',
      '= give the stub under `stubs:` the name of the service that it stands in for',
    ],
    [
      `services:\n  a: ${service()}\nstubs: { a: { routes: [] } }\nmocks: { a: maybe }\n`,
      'error[TM103] `mocks.a`: expected one of `on`, `off`, `true` and `false`, got string "maybe" testmesh.yaml:4:13',
      undefined,
    ],
    [
      `services:\n  a: ${service()}\nstubs: { a: { routes: [] } }\nmocks: { a: "\${MOCK_A}" }\n`,
      'error[TM128] `MOCK_A` comes from outside, and nothing gives it testmesh.yaml:4:16',
      '= set `MOCK_A` in the shell, or with `--var MOCK_A=on`, or write `${MOCK_A:-on}`',
    ],
    [
      'services:\n  a: { command: x, ready: { tcp: "x:1" } }\nstubs: { a: { routes: [] } }\nmocks: { a: on }\n',
      'error[TM103] service `a` gives no `url` that its stub could stand for testmesh.yaml:4:10',
      '= give the service `url:`, or name the address `(?P<url>…)` in its `ready: {log: …}`',
    ],
  ])('says what is wrong and where: %j', async (project, head, help) => {
    const found = await validate(project);
    expect(found.exitCode).toBe(2);
    expect(found.heads).toEqual([head]);
    expect(found.help[0]).toEqual(help);
  });

  it.each([
    ['stubs: { s: { file: none.yaml } }\n', 'TM115'],
    ['stubs: { s: { fil: stubs/users.yaml } }\n', 'TM101'],
    ['stubs: { s: [1] }\n', 'TM103'],
    ["services:\n  a: { command: x, ready: { log: '(?P<url>[' } }\n", 'TM110'],
    ['services:\n  a: { command: x, redy: { log: "(?P<url>.*)" } }\n', 'TM101'],
    ['services: { a: 5 }\n', 'TM103'],
    [
      "services:\n  a: { command: x, ready: { log: '(?P<url>[' } }\nstubs: { a: { routes: [] } }\nmocks: { a: on }\n",
      'TM110',
    ],
    [`services:\n  a: ${service()}\nstubs: { a: { file: none.yaml } }\nmocks: { a: on }\n`, 'TM115'],
    [`services:\n  a: ${service()}\nstubs: { a: { routes: [] } }\nmocks: { a: maybe }\n`, 'TM103'],
    ['stubs: { a: { routes: [] } }\nmocks: { a: on }\n', 'TM129'],
    ['mocks: maybe\n', 'TM103'],
    ['proxies: { p: 5 }\n', 'TM103'],
    ['proxies: { p: { upstrem: "localhost:5432" } }\n', 'TM101'],
  ])('says one thing of one cause, and nothing of who names what is wrong: %j', async (project, code) => {
    const uses = [
      ...(/services/.test(project) ? ['config: { url: "{{services.a.url}}" }, action: http_request'] : []),
      ...(/ s:/.test(project)
        ? [
            'config: { server: s }, action: mock_server_reset',
            'config: { url: "{{stubs.s.url}}" }, action: http_request',
          ]
        : []),
      ...(/mocks/.test(project) ? ['config: { message: "{{mocks.a}}" }, action: log'] : []),
      ...(/proxies/.test(project)
        ? ['config: { proxy: p }, action: fault_clear', 'config: { message: "{{proxies.p.host}}" }, action: log']
        : []),
    ];
    const steps = uses.map(
      (use, index) => `  - { id: s${index}, ${use}${use.includes('http') ? ', assert: [status == 200]' : ''} }\n`,
    );
    const found = await validate(project, `name: x\nsteps:\n${steps.join('')}`);
    expect(found.heads.map((head) => /\[(\w+)\]/.exec(head)?.[1])).toEqual([code]);
  });

  it.each([
    ['services.ordrs.url', 'error[TM129] there is no service `ordrs` flow.yaml:3:', '= did you mean `orders`?'],
    [
      'services.orders.ulr',
      'error[TM104] service `orders` gives no `ulr` flow.yaml:3:',
      '= did you mean `services.orders.url`?',
    ],
    [
      'services.orders.port',
      'error[TM104] service `orders` gives no `port` flow.yaml:3:',
      '= it gives `url` and `token`',
    ],
    ['stubs.usrs.url', 'error[TM129] there is no stub `usrs` flow.yaml:3:', '= did you mean `users`?'],
    ['stubs.users.prt', 'error[TM104] stub `users` gives no `prt` flow.yaml:3:', '= did you mean `stubs.users.port`?'],
    [
      'proxies.pg.nme',
      'error[TM104] proxy `pg` gives no `nme` flow.yaml:3:',
      '= it gives `address`, `url`, `host` and `port`',
    ],
    ['mocks.order', 'error[TM104] `mocks` has no `order` flow.yaml:3:', '= did you mean `mocks.orders`?'],
    [
      'services.orders.token + services.users.token',
      'error[TM104] service `users` gives no `token` flow.yaml:3:',
      '= its stub stands in for it (`mocks`), and gives `url`',
    ],
  ])('is what `%s` in a flow is held against', async (name, head, help) => {
    const flow = `name: Hello\nsteps:\n  - { action: log, config: { message: "{{${name}}}" } }\n`;
    const more =
      'stubs: { users: { routes: [] }, orders: { routes: [] } }\nproxies: { pg: { upstream: "x:1" } }\nmocks: { users: on, orders: off }\n';
    const project = `services:\n  orders: ${service()}\n  users: ${service()}\n${more}`;
    const found = await validate(project, flow);
    expect(found.heads).toEqual([expect.stringContaining(head)]);
    expect(found.help).toEqual([help]);
  });

  it('gives no name that a flow would know otherwise: without services it is unknown, and a variable of the flow hides it', async () => {
    const flow = (env: string): string =>
      `name: Hello\n${env}steps:\n  - { action: log, config: { message: "{{services.a}}" } }\n`;
    expect(await validate('services: {}\n', flow(''))).toEqual({
      exitCode: 2,
      heads: ['error[TM104] unknown name `services` flow.yaml:3:42'],
      help: ['= testmesh.yaml has none under `services:`; it is looked for in the working directory and above it'],
    });
    const hidden = await validate(`services:\n  orders: ${service()}\n`, flow('env: { services: { a: 1 } }\n'));
    expect(hidden.heads).toEqual([
      'warning[TM206] the variable `services` has the name of a built-in name flow.yaml:2:8',
    ]);
  });

  it('asks for values from outside when a service is started, not before', async () => {
    const project = `services:\n  orders: ${service(', env: { A: "{{HOST_NAME}}" }')}\n`;
    expect(await validate(project)).toEqual({ exitCode: 0, heads: [], help: [] });
    expect((await callCommand(['run', 'flow.yaml'], { cwd })).exitCode).toBe(0);
    const all = await callCommand(['run', 'flow.yaml', '--services', 'all'], { cwd });
    expect(all.exitCode).toBe(2);
    expect(all.errors).toContain('error[TM128] `HOST_NAME` comes from outside, and nothing gives it');
    expect((await callCommand(['run', 'flow.yaml', '--var', 'HOST_NAME=a'], { cwd })).errors).toBe('');
  });
});
