import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

const FLOW = `
name: Orders
env: { PIN: "7" }
setup:
  - { id: login, action: http_request, config: { method: POST, url: "{{URL}}/login", body: { user: ada } }, output: { token: { path: $.id, secret: true } } }
  - { id: make, action: set, config: { exact: "{{123456789012345678901234567890}}", due: "{{date('2026-01-31T10:00:00+01:00')}}" } }
  - { id: shop, action: http_request, config: { method: POST, url: "{{URL}}/shops" }, cleanup: [{ id: close_shop, action: http_request, config: { url: "{{URL}}/shops/{{token}}/close" } }] }
steps:
  - id: create
    action: http_request
    config: { method: POST, url: "{{URL}}/orders/{{token}}/{{login.token}}/{{login.body.total}}/{{exact}}/{{due.Year()}}/{{steps['setup/login'].status}}" }
    assert: [status == 200]
teardown:
  - { id: logout, action: http_request, config: { url: "{{URL}}/logout/{{token}}/{{exact}}" } }
`;

let folder: string;
let server: CountingServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
  server = await startCountingServer();
  writeFileSync(join(folder, 'flow.yaml'), FLOW);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (...words: readonly string[]) =>
  callCommand(['load', ...words, '--vus', '2', '--iterations', '4', '--var', `URL=${server.url}`], { cwd: folder });
const count = (start: string): number => server.paths.filter((path) => path.startsWith(start)).length;

describe('what setup made, given to others', () => {
  it('is what the iterations and teardown see as if setup had run before them', async () => {
    const whole = await call('flow.yaml', '--seed', '1');
    expect(whole.exitCode).toBe(0);
    const paths = [...server.paths].sort();
    await server.close();
    server = await startCountingServer();
    const setup = await call('setup', 'flow.yaml', '--setup-data', 'out/setup.json');
    expect(setup).toMatchObject({ exitCode: 0, output: '✓ setup of 1 flow, and what it made is in out/setup.json\n' });
    expect(setup.errors).toBe('note: out/setup.json holds secrets, and only its owner (mode 0600) reads it\n');
    expect(server.paths).toEqual(['/login', '/shops']);
    const load = await call('flow.yaml', '--setup-data', 'out/setup.json');
    expect(load.errors).toContain(
      'setup does not run: out/setup.json says what it made, and teardown is left to `testmesh load teardown`',
    );
    expect([count('/login'), count('/logout'), count('/orders/')]).toEqual([1, 0, 4]);
    expect((await call('teardown', 'flow.yaml', '--setup-data', 'out/setup.json')).exitCode).toBe(0);
    expect([...server.paths].sort()).toEqual(paths);
  });

  it('is read by its owner alone', async () => {
    await call('setup', 'flow.yaml', '--setup-data', 'setup.json');
    expect(statSync(join(folder, 'setup.json')).mode & 0o777).toBe(0o600);
  });

  it('is not written when setup fails: teardown runs, and the exit code is 3', async () => {
    writeFileSync(join(folder, 'flow.yaml'), FLOW.replace('/shops" }', '/shops" }, assert: [status == 500]'));
    const { exitCode, output } = await call('setup', 'flow.yaml', '--setup-data', 'setup.json');
    expect(exitCode).toBe(3);
    expect(output).toMatch(
      /^✗ setup: the setup of flow "Orders" failed: .* \(exit code 3\); setup.json is not written\n$/,
    );
    expect(count('/logout')).toBe(1);
    expect(() => statSync(join(folder, 'setup.json'))).toThrow('ENOENT');
  });

  const again =
    '  = run `testmesh load setup` with the same flows, scenarios and variables, and `--setup-data setup.json`\n';
  it.each([
    [
      'was made of another text',
      (text: string) => text,
      FLOW.replace('PIN: "7"', 'PIN: "8"'),
      `testmesh: flow.yaml:2:7: setup.json has the setup of flow \`flow\` as it was before its file changed, and scenario \`flow\` needs it\n${again}`,
    ],
    [
      'is damaged',
      (text: string) => text.replace('"token"', '"tokne"'),
      FLOW,
      'testmesh: --setup-data setup.json: it is not what `testmesh load setup` writes, or not all of it\n  = write it with `testmesh load setup <flow> --setup-data setup.json`\n',
    ],
    [
      'is of another flow',
      (text: string) => text,
      FLOW.replace('name: Orders', 'id: others\nname: Others'),
      `testmesh: flow.yaml:3:7: setup.json has nothing of the setup of flow \`others\`, and scenario \`others\` needs it\n${again}`,
    ],
  ])('ends the command before anything runs where it %s', async (_, spoil, flow, message) => {
    await call('setup', 'flow.yaml', '--setup-data', 'setup.json');
    const path = join(folder, 'setup.json');
    writeFileSync(path, spoil(readFileSync(path, 'utf8')));
    writeFileSync(join(folder, 'flow.yaml'), flow);
    const before = server.requests;
    const { exitCode, errors } = await call('flow.yaml', '--setup-data', 'setup.json');
    expect(errors).toBe(message);
    expect(exitCode).toBe(2);
    expect(server.requests).toBe(before);
  });
});
