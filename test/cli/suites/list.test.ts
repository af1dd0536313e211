import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

const ORDERS = `flow:
  name: Order is placed
  suite: checkout
  tags: [smoke, orders]
  serial: inventory
  data: [{ n: 1 }, { n: 2 }]
  setup:
    - { id: seed, action: log, config: { message: "{{n}}" } }
  steps:
    - id: each
      action: for_each
      config: { items: [1, 2], steps: [{ id: check, action: log, config: { message: hi } }] }
    - { id: sign_in, action: run_flow, config: { flow: login.yaml, input: { USER_NAME: Ada } } }
`;
const LOGIN = `flow:
  name: Log in
  tags: [orders]
  steps:
    - { action: log, config: { message: "{{USER_NAME}}" } }
`;
let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-list-'));
  writeFileSync(join(cwd, 'orders.yaml'), ORDERS);
  writeFileSync(join(cwd, 'login.yaml'), LOGIN);
  writeFileSync(
    join(cwd, 'later.yaml'),
    'name: Later\nskip: waits for ticket 12\nsteps:\n  - { action: log, config: { message: x } }\n',
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const list = (...words: readonly string[]) => callCommand(['list', ...words], { cwd });

describe('testmesh list', () => {
  it('gives a line for each flow, and the tags', async () => {
    const { exitCode, output, errors } = await list('.');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(output.split('\n')).toEqual([
      'Later   later.yaml:1   1 step: log 1   skipped: waits for ticket 12',
      'Log in   login.yaml:2   [orders]   1 step: log 1   runs only where it is called',
      'Order is placed   orders.yaml:2   suite checkout   [smoke, orders]   2 rows   serial inventory   4 steps: log 2, for_each 1, run_flow 1',
      '3 flows in 3 files; tags: orders 2, smoke 1',
      '',
    ]);
  });

  it('gives the steps with -v', async () => {
    const { output } = await list('orders.yaml', '-v');
    expect(output.split('\n').slice(1, 5)).toEqual([
      '  setup/seed   log   :8',
      '  each         for_each   :10',
      '  each>check   log   :12',
      '  sign_in      run_flow   :13   calls login',
    ]);
  });

  it('gives JSON to programs', async () => {
    const { output } = await list('orders.yaml', '--json');
    expect(JSON.parse(output)).toEqual({
      version: 1,
      flows: [
        {
          ...{ id: 'orders', name: 'Order is placed', file: 'orders.yaml', line: 2, suite: 'checkout' },
          ...{ tags: ['smoke', 'orders'], serial: 'inventory', rows: 2 },
          steps: [
            { address: 'setup/seed', phase: 'setup', action: 'log', line: 8 },
            { address: 'each', phase: 'steps', action: 'for_each', line: 10 },
            { address: 'each>check', phase: 'steps', action: 'log', line: 12 },
            { address: 'sign_in', phase: 'steps', action: 'run_flow', line: 13, calls: 'login' },
          ],
        },
      ],
    });
  });

  it.each<[words: string, flows: string]>([
    ['. --tags smoke', '1 flow in 1 file; tags: orders 1, smoke 1'],
    ['. --grep log', '1 flow in 1 file; tags: orders 1'],
    ['. --suite checkout', '1 flow in 1 file; tags: orders 1, smoke 1'],
  ])('%s', async (words, counts) => {
    expect((await list(...words.split(' '))).output).toContain(`\n${counts}\n`);
  });

  it('lists what can be read, and says what is wrong with the rest', async () => {
    const broken = join(cwd, 'broken.yaml');
    writeFileSync(broken, 'name: Broken\nsteps:\n  - { action: lgo }\n');
    const { exitCode, output, errors } = await list('broken.yaml', 'later.yaml');
    rmSync(broken);
    expect(exitCode).toBe(2);
    expect(output).toContain('1 flow in 1 file\n');
    expect(errors).toContain('broken.yaml:3');
  });

  it('contacts nothing and shows no secret', async () => {
    writeFileSync(
      join(cwd, 'secret.yaml'),
      'name: "Of hunter2-long"\nsteps:\n  - { action: log, config: { message: x } }\n',
    );
    const { output } = await list('secret.yaml', '--secret', 'PIN=hunter2-long');
    expect(output).toContain('Of ***');
  });
});
