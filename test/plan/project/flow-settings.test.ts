import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callCommand } from '../../cli/command.ts';

const cwd = mkdtempSync(join(tmpdir(), 'testmesh-flow-settings-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const SEND = '  - { action: kafka_producer, config: { brokers: "localhost:1", topic: t, value: 1 } }\n';

/** Which settings of `effects` count for a flow: each is broken in a way of its own, and only what counts is checked. */
async function validate(project: string, own = '', id = 'placed'): Promise<readonly string[]> {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'testmesh.yaml'), project);
  writeFileSync(join(cwd, 'flow.yaml'), `id: ${id}\nname: Hello\n${own}steps:\n${SEND}`);
  const { errors } = await callCommand(['validate', 'flow.yaml'], { cwd });
  const lines = errors.split('\n');
  return lines.flatMap((line, index) => (/^(error|warning)/.test(line) ? [`${line} ${lines[index + 1]?.trim()}`] : []));
}

const OF_ALL = 'effects: { topics: { t: all } }\n';
const BY_ID = 'flow_settings: { placed: { effects: { topics: { t: mine } } } }\n';

describe('what testmesh.yaml says of flows', () => {
  it('counts for all flows, and by the id of one before that, and in the flow before both', async () => {
    const got = (word: string, place: string) => [expect.stringMatching(new RegExp(`got string "${word}" ${place}`))];
    expect(await validate(OF_ALL)).toEqual(got('all', 'testmesh.yaml:1:25'));
    expect(await validate(OF_ALL + BY_ID)).toEqual(got('mine', 'testmesh.yaml:2:52'));
    expect(await validate(OF_ALL + BY_ID, '', 'other')).toEqual(got('all', 'testmesh.yaml:1:25'));
    expect(await validate(OF_ALL + BY_ID, 'effects: { topics: { t: own } }\n')).toEqual(got('own', 'flow.yaml:3:25'));
    expect(await validate(OF_ALL + BY_ID, 'effects: false\n')).toEqual([]);
  });

  it('of all flows leaves out one that has nothing to look at, and says so', async () => {
    const message = '`effects` of testmesh.yaml leaves this flow out: `tables` needs `connection`';
    const project = 'effects: { tables: { a.b: none } }\n';
    expect(await validate(project)).toEqual([expect.stringMatching(`^warning.TM392. ${message}.* flow.yaml:1:1$`)]);
    expect(await validate(project, 'effects: false\n')).toEqual([]);
  });

  it.each([
    ['flow_settings: { placed: { efects: {} } }', 'unknown key `efects` in `flow_settings.placed`'],
    ['flow_settings: { placed: 1 }', '`flow_settings.placed`: expected a map, got'],
    ['flow_settings: [placed]', '`flow_settings`: expected a map, got a list'],
    ['effects:', '`effects` is empty'],
  ])('is checked: %s', async (project, message) => {
    expect(await validate(`${project}\n`)).toEqual([expect.stringContaining(message)]);
  });

  it('is told of an id that no flow of the whole project has', async () => {
    const told = 'warning[TM123] `flow_settings.ordres` counts for no flow: none has this id';
    await validate('flow_settings: { ordres: { agree: auto } }\n');
    mkdirSync(join(cwd, 'flows'), { recursive: true });
    writeFileSync(join(cwd, 'flows', 'f.yaml'), `id: orders\nname: x\nsteps:\n${SEND}`);
    const ask = async (...paths: readonly string[]) => (await callCommand(['validate', ...paths], { cwd })).errors;
    expect(await ask('.')).toContain(told);
    expect(await ask('.')).toContain('testmesh.yaml:1:18\n');
    expect(await ask()).toContain('did you mean `orders`?');
    expect(await ask('flow.yaml')).not.toContain('TM123');
    writeFileSync(join(cwd, 'testmesh.yaml'), 'flow_settings: { other: { agree: auto } }\n');
    expect(await ask()).not.toContain('TM123');
    expect(await ask('.')).toContain('`flow_settings.other` counts for no flow');
    expect(await ask('.')).toMatch(/remove it, or write the `id` of a flow: there is .*`orders`/);
    writeFileSync(join(cwd, 'testmesh.yaml'), 'flow_settings: { orders: { agree: auto } }\n');
    expect(await ask('.')).not.toContain('TM123');
    rmSync(join(cwd, 'flows'), { recursive: true });
  });
});
